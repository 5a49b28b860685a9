"""The law of labour relations, one folder a policy."""
