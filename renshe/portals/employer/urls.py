"""Addresses of the employers' door."""

from django.urls import path

from renshe.portals.employer.views import cases, declaring, home, rosters, staff

app_name = "employer"
urlpatterns = [
    path("", home.home, name="home"),
    path("inbox", home.inbox, name="inbox"),
    path("token", home.token, name="token"),
    path("declare/<slug:key>", declaring.declare, name="declare"),
    path("staff", staff.listed, name="staff"),
    path("staff/<int:enrolment_id>", staff.one, name="employee"),
    path("cases", cases.listed, name="cases"),
    path("cases/<str:number>", cases.one, name="case"),
    path("rosters", rosters.listed, name="rosters"),
    path("rosters/template/<slug:key>.xlsx", rosters.template, name="template"),
    path("rosters/<int:roster_id>", rosters.one, name="roster"),
    path("rosters/<int:roster_id>/progress", rosters.progress, name="progress"),
    path("rosters/<int:roster_id>/result.xlsx", rosters.result, name="result"),
]
