"""The policy engine: symbols in, an expression tree out, evaluated exactly, explained, checked. No Django."""
