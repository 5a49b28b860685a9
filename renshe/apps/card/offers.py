"""What the card gives the platform: a step of the hire, and indicators."""

from renshe.apps.card import indicators
from renshe.apps.card.actions import Apply

APPLY = Apply()
INDICATORS = indicators.INDICATORS
