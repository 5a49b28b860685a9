"""Policy folders."""
