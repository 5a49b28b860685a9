"""Addresses open to everybody, and receipts for their owners."""

from django.urls import path

from renshe.portals.open.views import home, ledger, policies, receipts, verify

app_name = "open"
urlpatterns = [
    path("", home.front, name="home"),
    path("large-type", home.large_type, name="large_type"),
    path("open/verify", verify.verify, name="verify"),
    path("open/verify/<str:number>", verify.case, name="verify_case"),
    path("open/receipts/<str:number>.pdf", receipts.pdf, name="receipt"),
    path("open/receipts/<str:number>.json", receipts.bundle, name="bundle"),
    path("open/policies", policies.listed, name="policies"),
    path("open/policies/<str:name>", policies.one, name="policy"),
    path("open/ledger", ledger.page, name="ledger"),
    path("open/ledger/checkpoint", ledger.checkpoint, name="checkpoint"),
    path("open/ledger/tile/<path:rest>", ledger.tile, name="tile"),
]
