"""What labour relations give the platform: steps of journeys, and indicators."""

from renshe.apps.relations import indicators
from renshe.apps.relations.actions import End, File
from renshe.kernel.sweeps.facts import Reading

FILE = File()
END = End()
INDICATORS = indicators.INDICATORS
READINGS = (Reading("paid_month", "wage", ("minimum_wage",)), Reading("date", "", ("minimum_wage",)))
