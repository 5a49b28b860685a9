"""What labour relations give the platform: steps of journeys, and indicators."""

from renshe.apps.relations import indicators
from renshe.apps.relations.actions import End, File

FILE = File()
END = End()
INDICATORS = indicators.INDICATORS
