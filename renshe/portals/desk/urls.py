"""Addresses of the officers' desk."""

from django.urls import include, path

from renshe.portals.desk.views import (
    accounts,
    alerts,
    audit,
    cases,
    data,
    disks,
    overrides,
    persons,
    sharing,
    sweeps,
    values,
    whatif,
    whatif_edit,
    witnesses,
)

app_name = "desk"
urlpatterns = [
    path("", cases.queue, name="queue"),
    path("inbox", cases.inbox, name="inbox"),
    path("cases/<str:number>", cases.one, name="case"),
    path("cases/<str:number>/files/<int:file_id>", cases.document, name="case_file"),
    path("persons", persons.search, name="person"),
    path("persons/<int:person_id>", persons.one, name="person_record"),
    path("persons/<int:person_id>/emergency", persons.emergency, name="emergency"),
    path("accounts", accounts.listed, name="accounts"),
    path("accounts/<int:account_id>", accounts.one, name="account"),
    path("data", data.fields, name="data"),
    path("keys", data.keyring, name="keys"),
    path("disks", disks.listed, name="disks"),
    path("overrides", overrides.listed, name="overrides"),
    path("plans/", include("renshe.portals.desk.plan_urls")),
    path("sweeps", sweeps.listed, name="sweeps"),
    path("whatif", whatif.listed, name="whatif"),
    path("whatif/<int:draft_id>", whatif.one, name="whatif_one"),
    path("whatif/<int:draft_id>/progress", whatif.progress, name="whatif_progress"),
    path("whatif/<int:draft_id>/<str:kind>/<str:changed>", whatif_edit.edit, name="whatif_change"),
    path("whatif/<int:draft_id>/<str:kind>/<str:changed>/check", whatif_edit.check, name="whatif_check"),
    path("values", values.listed, name="values"),
    path("alerts", alerts.listed, name="alerts"),
    path("alerts/inbox", alerts.inbox, name="audit_inbox"),
    path("alerts/guarded", alerts.guarded, name="guarded"),
    path("alerts/<int:alert_id>", alerts.one, name="alert"),
    path("sharing", sharing.listed, name="sharings"),
    path("sharing/new", sharing.propose, name="sharing_new"),
    path("sharing/<int:agreement_id>", sharing.one, name="sharing"),
    path("audit", audit.listed, name="audit"),
    path("ledger", witnesses.listed, name="witnesses"),
]
