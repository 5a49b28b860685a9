"""A witness of transparency logs (C2SP tlog-witness): signs a checkpoint only when it extends all it has seen.

Run by somebody the log does not command: a court, a bank, a union, a partner city. Knows nothing of the platform; needs
Python, its `cryptography` package and `renshe_verify`. Words: origin, checkpoint, cosignature, evidence.
"""
