"""Addresses of the officers' desk."""

from django.urls import path

from renshe.portals.desk.views import audit, cases, persons, values

app_name = "desk"
urlpatterns = [
    path("", cases.queue, name="queue"),
    path("inbox", cases.inbox, name="inbox"),
    path("cases/<str:number>", cases.one, name="case"),
    path("persons", persons.search, name="person"),
    path("persons/<int:person_id>", persons.one, name="person_record"),
    path("values", values.listed, name="values"),
    path("audit", audit.listed, name="audit"),
]
