"""What the development index gives the platform: the indicators of it that only a document tells."""

from renshe.apps.development import queries

INDICATORS = queries.entered_indicators()
