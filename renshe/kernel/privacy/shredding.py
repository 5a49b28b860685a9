"""Crypto-shredding: a thing sealed under a key of its own is destroyed, in every copy, by destroying that key.

The key stands beside the thing, itself sealed with the ring's: a backup made before holds both, so what is in backups and journals
opens until that version of the ring is destroyed too. `opened_by` counts what still waits for that; the ledger gets what was
destroyed (the ciphertext's SHA-256), when, by which rule, and which version sealed its key, so that anybody with a copy can check
that it is the thing meant and from when on nobody can open it.
"""

import hashlib
import secrets

from django.utils import timezone

from renshe.kernel.ledger import actions as ledger
from renshe.kernel.privacy import sealing
from renshe.kernel.privacy.models import ShredKey
from renshe.kernel.store.deed import deed

COLUMN = "shredkey.key"


def seal(kind: str, subject_id: int, column: str, data: bytes) -> bytes:
    """Seal one thing under a new key of its own, within the deed that stores it."""
    own = secrets.token_hex(32)
    ShredKey.objects.create(
        kind=kind, subject_id=subject_id, key_sealed=sealing.seal(COLUMN, own), made_at=timezone.now()
    )
    return sealing.seal_with(own, 0, column, data)


def unseal(kind: str, subject_id: int, column: str, blob: bytes) -> bytes:
    """Open it. Raises Unreadable, naming the day, when it was destroyed."""
    key = ShredKey.objects.filter(kind=kind, subject_id=subject_id).first()
    if key is None or key.key_sealed is None:
        when = f"已于{timezone.localtime(key.destroyed_at):%Y-%m-%d}按规定销毁" if key and key.destroyed_at else "没有密钥"
        raise sealing.Unreadable(f"{column}：{when}")
    return sealing.unseal_with(sealing.unseal(COLUMN, key.key_sealed), column, blob)


def destroy(kind: str, subject_id: int, blob: bytes, *, rule: str) -> bool:
    """Destroy the key of one thing and leave the proof in the ledger; False when that was done before."""
    with deed():
        key = ShredKey.objects.select_for_update(of=("self",)).get(kind=kind, subject_id=subject_id)
        if key.key_sealed is None:
            return False
        key.sealed_by = sealing.version_of(key.key_sealed)
        key.key_sealed, key.destroyed_at, key.rule = None, timezone.now(), rule[:200]
        key.save(update_fields=["key_sealed", "destroyed_at", "rule", "sealed_by"])
        ledger.record("privacy.shred", "", {
            "kind": kind, "subject": str(subject_id), "ciphertext": hashlib.sha256(bytes(blob)).hexdigest(), "rule": rule,
            "sealed_by": key.sealed_by,
        })
    return True


def opened_by(version: int) -> int:
    """How many destroyed things a backup made before opens, as long as there is a key of the ring's."""
    return ShredKey.objects.filter(sealed_by=version).exclude(destroyed_at=None).count()
