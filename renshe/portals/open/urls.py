"""Addresses open to everybody, and receipts for their owners."""

from django.urls import path

from renshe.portals.open.views import estimates, home, ledger, plans, policies, receipts, verify

app_name = "open"
urlpatterns = [
    path("", home.front, name="home"),
    path("large-type", home.large_type, name="large_type"),
    path("open/verify", verify.verify, name="verify"),
    path("open/verify/<str:number>", verify.case, name="verify_case"),
    path("open/receipts/<str:number>-proof.pdf", receipts.court_paper, name="court_paper"),
    path("open/receipts/<str:number>.pdf", receipts.pdf, name="receipt"),
    path("open/receipts/<str:number>.json", receipts.bundle, name="bundle"),
    path("open/receipts/<str:number>.html", receipts.court_page, name="court_page"),
    path("open/receipts/<str:number>.tlog-proof", receipts.tlog_proof, name="tlog_proof"),
    path("open/estimate", estimates.page, name="estimate"),
    path("open/policies", policies.listed, name="policies"),
    path("open/policies/<str:name>", policies.one, name="policy"),
    path("open/plans", plans.listed, name="plans"),
    path("open/plans/<int:plan_id>", plans.one, name="plan"),
    path("open/ledger", ledger.page, name="ledger"),
    path("open/ledger/checkpoint", ledger.checkpoint, name="checkpoint"),
    path("open/ledger/checkpoints", ledger.checkpoints, name="checkpoints"),
    path("open/ledger/checkpoints/<int:size>", ledger.checkpoint_at, name="checkpoint_at"),
    path("open/ledger/entries", ledger.entries, name="entries"),
    path("open/ledger/entries/<int:position>", ledger.entry, name="entry"),
    path("open/ledger/consistency", ledger.consistency, name="consistency"),
    path("open/ledger/keys.json", ledger.keys, name="keys"),
    path("open/ledger/tile/<path:rest>", ledger.tile, name="tile"),
]
