"""What must be believed: an append-only transparency log that outsiders verify without trusting us.

A deed writes a leaf in its own transaction; one sequencer moves leaves into tiles (C2SP tlog-tiles, SHA-256) and
publishes signed checkpoints. Words: leaf, sequence, tile, checkpoint, proof, verify.
"""
