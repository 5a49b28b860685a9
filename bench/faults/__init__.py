"""The platform under traffic while things break: `python -m bench.faults`."""
