"""Writes requests over one's own data: corrections, decisions, copies, erasures."""
