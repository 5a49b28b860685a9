"""How rows are written: identifiers made before the insert, one writer at a time, many rows in one statement."""
