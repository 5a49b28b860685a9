"""What the card gives the platform: a step of the hire."""

from renshe.apps.card.actions import Apply

APPLY = Apply()
