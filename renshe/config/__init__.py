"""Settings and addresses: the only place that knows the list of apps."""
