"""Addresses of the residents' door."""

from django.urls import path

from renshe.portals.resident.views import (
    consents,
    contributions,
    correcting,
    deciding,
    erasing,
    mine,
    mydata,
    pension,
    readings,
    requests,
    rights,
)

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
    path("requests", requests.listed, name="requests"),
    path("requests/<str:number>", requests.one, name="request"),
    path("requests/<str:number>/files/<int:file_id>", requests.document, name="request_file"),
    path("requests/<str:number>/review", deciding.review, name="review"),
    path("corrections", correcting.listed, name="corrections"),
    path("corrections/<str:field>", correcting.ask, name="correction"),
    path("decisions", deciding.listed, name="decisions"),
    path("decisions/<str:kind>/<str:name>", deciding.explain, name="decision"),
    path("consents", consents.page, name="consents"),
    path("erasure", erasing.ask, name="erasure"),
    path("readings", readings.listed, name="readings"),
    path("readings/<int:reading_id>", readings.one, name="reading"),
]
