"""Figures that leaders look at: declared once, computed when records arrive, kept with their source, never on request."""
