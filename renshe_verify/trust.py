"""Whom a verifier trusts: the log's keys with the sizes they are good for, the witnesses, and how many must have signed.

A key list (`renshe-keys/1`) is only as good as the first key: each later generation is taken because an entry of the
log, in a checkpoint that the generation before it signed, names its keys.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from renshe_verify.note import COSIGNATURE, Key
from renshe_verify.tree import Broken

FORMAT = "renshe-keys/1"


@dataclass(frozen=True)
class Trust:
    """The log's keys, the witnesses' keys, and the least number of witnesses."""

    keys: tuple[Key, ...]
    witnesses: tuple[Key, ...] = ()
    quorum: int = 0

    @classmethod
    def of(cls, *texts: str) -> "Trust":
        """Trust these keys, whatever the size; witnesses' keys are told apart by their type. Raises Broken."""
        keys = [Key.parse(text) for text in texts]
        return cls(
            tuple(key for key in keys if key.kind != COSIGNATURE), tuple(key for key in keys if key.kind == COSIGNATURE)
        )

    def all(self) -> tuple[Key, ...]:
        """Every key."""
        return self.keys + self.witnesses


def listed(document: Any) -> tuple[list[dict[str, Any]], Trust]:
    """A key list taken at its word: its generations, and the trust it describes. Raises Broken."""
    try:
        if document["format"] != FORMAT:
            raise ValueError("unknown format")
        generations = [
            {
                "keys": [Key.parse(text).within(one["since"], one["until"]) for text in one["keys"]],
                "since": one["since"], "until": one["until"], "announced": one["announced"],
            }
            for one in document["generations"]
        ]
        for one in generations:
            if type(one["since"]) is not int or not (one["until"] is None or type(one["until"]) is int):
                raise ValueError("sizes are whole numbers")
        witnesses = tuple(Key.parse(one["key"]).named(str(one["label"])) for one in document["witnesses"])
        quorum = document["quorum"]
        if type(quorum) is not int or quorum < 0 or not generations:
            raise ValueError("no quorum")
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Broken("公钥清单的格式不对，或缺少内容") from None
    keys = tuple(key.named(f"第{at}代公钥") for at, one in enumerate(generations, 1) for key in one["keys"])
    return generations, Trust(keys, witnesses, quorum)


def names_successors(record: Any) -> Sequence[str]:
    """The keys that an announcement in the log names. Raises Broken."""
    try:
        found = record["keys"]
        if not found or not all(isinstance(one, str) for one in found):
            raise ValueError("no keys")
    except (KeyError, TypeError, ValueError):
        raise Broken("换钥条目没有写明新的公钥") from None
    return list(found)


def meets(generations: list[dict[str, Any]]) -> None:
    """Raises Broken unless each generation begins at the size where the one before it ends."""
    for before, after in pairwise(generations):
        if before["until"] != after["since"]:
            raise Broken("公钥清单前后两代的起止不相接")
    if generations[-1]["until"] is not None:
        raise Broken("公钥清单的最后一代已经停用")
