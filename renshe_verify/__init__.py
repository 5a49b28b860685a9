"""Checks what a renshe ledger gives out. Shares no code with the ledger: what it knows, it read in the standards.

RFC 9162 (tree), C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-tiles and tlog-proof, GB/T 32905 (SM3) and
GB/T 32918 (SM2). Needs Python and its `cryptography` package, no network.
"""

from renshe_verify.bundle import FORMAT, READ, Verified, follow, from_tlog_proof, names_a_loss, tlog_proof, verify
from renshe_verify.log import audit, compare, grew
from renshe_verify.note import Checkpoint, Key, open_checkpoint
from renshe_verify.tree import Broken, consistent
from renshe_verify.trust import Trust, listed

__all__ = [
    "FORMAT", "READ", "Broken", "Checkpoint", "Key", "Trust", "Verified", "audit", "compare", "consistent", "follow",
    "from_tlog_proof", "grew", "listed", "names_a_loss", "open_checkpoint", "tlog_proof", "verify",
]
