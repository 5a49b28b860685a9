"""Pages of the leaders' door."""
