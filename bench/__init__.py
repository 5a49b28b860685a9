"""Measurements, each beside a reference from the same run: machines differ and are noisy, ratios are what is kept."""
