"""See policy.yaml."""
