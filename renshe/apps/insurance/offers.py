"""What insurance gives the platform: steps of journeys."""

from renshe.apps.insurance.actions import Enrol, Rebase, Stop

ENROL = Enrol()
STOP = Stop()
REBASE = Rebase()
