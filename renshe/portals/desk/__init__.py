"""The desk of officers: a queue with clocks."""
