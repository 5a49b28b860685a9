"""What insurance gives the platform: steps of journeys, and indicators."""

from renshe.apps.insurance import indicators
from renshe.apps.insurance.actions import Enrol, Rebase, Stop

ENROL = Enrol()
STOP = Stop()
REBASE = Rebase()
INDICATORS = indicators.INDICATORS
