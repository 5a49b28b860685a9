"""What every business shares and no business owns."""
