"""Addresses of the residents' door."""

from django.urls import path

from renshe.portals.resident.views import contributions, mine, mydata, pension, readings, rights

app_name = "resident"
urlpatterns = [
    path("", mine.home, name="home"),
    path("insurance", mine.insurance_page, name="insurance"),
    path("contributions", contributions.listed, name="contributions"),
    path("pension", pension.page, name="pension"),
    path("pension.pdf", pension.pdf, name="pension_pdf"),
    path("benefits", rights.listed, name="benefits"),
    path("benefits/<str:benefit>", rights.one, name="benefit"),
    path("guides/<str:guide>", rights.guide, name="guide"),
    path("guides/<str:guide>/paper.pdf", rights.paper, name="guide_paper"),
    path("inbox", mine.inbox, name="inbox"),
    path("data", mydata.shown, name="data"),
    path("data/copy", mydata.copy, name="copy"),
    path("readings", readings.listed, name="readings"),
    path("readings/<int:reading_id>", readings.one, name="reading"),
]
