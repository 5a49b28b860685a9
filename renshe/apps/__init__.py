"""One folder per business; none imports another."""
