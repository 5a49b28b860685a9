"""The JSON API: the same journeys as the pages. Money as decimal strings, identifiers as strings, one shape of refusal."""

from renshe.portals.open.api.alerts import router as alerts
from renshe.portals.open.api.declarations import router as declarations
from renshe.portals.open.api.door import api
from renshe.portals.open.api.indicators import router as indicators
from renshe.portals.open.api.ledger import router as ledger
from renshe.portals.open.api.own import router as own
from renshe.portals.open.api.plans import router as plans
from renshe.portals.open.api.policies import router as policies
from renshe.portals.open.api.rosters import router as rosters
from renshe.portals.open.api.shared import router as shared
from renshe.portals.open.api.sweeps import router as sweeps
from renshe.portals.open.api.whatif import router as whatif

api.add_router("", declarations)
api.add_router("/rosters", rosters)
api.add_router("/policies", policies)
api.add_router("/ledger", ledger)
api.add_router("/plans", plans)
api.add_router("/shared", shared)
api.add_router("/own", own)
api.add_router("/alerts", alerts)
api.add_router("", indicators)
api.add_router("/sweeps", sweeps)
api.add_router("/whatif", whatif)

__all__ = ["api"]
