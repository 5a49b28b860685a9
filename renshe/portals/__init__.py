"""The doors: resident, employer, desk (officers), open (public)."""
