"""The synthetic city: people and employers that belong to nobody, for demonstration and measurement."""
