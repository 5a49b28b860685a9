"""The full re-audit: every record, entry, tile, root, signature and key worked out anew and compared with what is kept."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from renshe.kernel.common.digest import sm3
from renshe.kernel.ledger.models import Checkpoint, Leaf, Tile
from renshe.kernel.ledger.queries import key_list, published, trust
from renshe.kernel.ledger.tree import HASH, WIDTH, extend, leaf_hash, root, width
from renshe_verify import Broken, follow, names_a_loss, open_checkpoint

CHUNK = 20 * WIDTH
MOST_FAULTS = 20


@dataclass
class Report:
    """What an audit found: how many entries and checkpoints it went through, and every fault, in plain words."""

    size: int = 0
    checkpoints: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.faults


def audit() -> Report:
    """Go through the whole log as of its newest checkpoint; it may grow meanwhile. Stops after twenty faults."""
    report = Report()
    last = Checkpoint.objects.order_by("-size").first()
    if last is None:
        return report
    tiles: dict[tuple[int, int], bytes] = {}
    for bodies in _chunks(last.size, report):
        report.size, changed = extend(
            report.size, [leaf_hash(body) for body in bodies], lambda level, number: tiles.get((level, number), b"")
        )
        tiles.update(changed)
        if len(report.faults) >= MOST_FAULTS:
            return report
    if report.size != last.size:
        report.faults.append(f"检查点有{last.size}条，条目只有{report.size}条")
        return report
    _compare_tiles(tiles, report)
    _compare_checkpoints(tiles, report)
    if report.sound:
        _follow_keys(report)
    return report


def _chunks(size: int, report: Report) -> Iterator[list[bytes]]:
    rows = Leaf.objects.filter(position__lt=size).order_by("position").values_list(
        "position", "body", "record", "kind", "case_number", "made_at"
    )
    emptied: dict[int, str] = {}
    bodies: list[bytes] = []
    for expected, (position, kept, record, *beside) in enumerate(rows.iterator(chunk_size=CHUNK)):
        if position != expected:
            report.faults.append(f"缺第{expected}条")
            return
        body = bytes(kept)
        entry = _entry(body)
        claimed = entry["sm3"]
        if not claimed:
            report.faults.append(f"第{position}条：条目内容已被改动")
        elif not record:
            emptied[position] = claimed
        elif sm3(record.encode()) != claimed:
            report.faults.append(f"第{position}条：记录与条目的国密摘要不符")
        if claimed and [entry["kind"], entry["case"], entry["at"]] != beside:
            report.faults.append(f"第{position}条：按事由、办件编号和时间查找用的各列与条目不符")
        bodies.append(body)
        if len(bodies) == CHUNK:
            yield bodies
            bodies = []
    yield bodies
    destroyed = _destroyed() if emptied else set()  # asked last: a record may be destroyed while the walk goes on
    report.faults += [
        f"第{position}条：记录不见了，账本里没有销毁它的条目" for position, claimed in emptied.items() if claimed not in destroyed
    ]


def _entry(body: bytes) -> dict[str, Any]:
    """What an entry says; with an empty digest when it is not one of ours."""
    try:
        found = json.loads(body)
        return {name: found[name] for name in ("sm3", "kind", "case")} | {"at": datetime.fromisoformat(found["at"])}
    except (ValueError, KeyError, TypeError):
        return {"sm3": ""}


def _destroyed() -> set[str]:
    kept = Leaf.objects.filter(kind="ledger.destroy").exclude(record="").values_list("record", flat=True)
    return {json.loads(record).get("sm3") for record in kept}


def _compare_tiles(tiles: dict[tuple[int, int], bytes], report: Report) -> None:
    """A kept tile begins with what the entries make of it, and goes on only with what was sequenced since."""
    from_entries = set(tiles)
    longer: list[tuple[int, int, int]] = []
    for level, number, hashes in _kept_tiles():
        expected = tiles.get((level, number), b"")
        if not hashes.startswith(expected):
            report.faults.append(f"第{level}层瓦片{number}与条目不符")
        elif hashes != expected:
            longer.append((level, number, len(hashes)))
        from_entries.discard((level, number))
    size = Checkpoint.objects.order_by("-size").values_list("size", flat=True)[0]
    report.faults += [
        f"第{level}层瓦片{number}与条目不符" for level, number, kept in longer if kept > HASH * width(size, level, number)
    ]
    report.faults += [f"缺第{level}层瓦片{number}" for level, number in sorted(from_entries)]


def _kept_tiles() -> Iterator[tuple[int, int, bytes]]:
    for level, number, hashes in Tile.objects.values_list("level", "number", "hashes").iterator(chunk_size=500):
        yield level, number, bytes(hashes)


def _compare_checkpoints(tiles: dict[tuple[int, int], bytes], report: Report) -> None:
    keys = trust().all()
    for one in Checkpoint.objects.filter(size__lte=report.size).order_by("size").prefetch_related("cosignatures").iterator(chunk_size=500):
        report.checkpoints += 1
        try:
            opened = open_checkpoint(published(one), keys)
        except Broken as fault:
            report.faults.append(f"{one.size}条的检查点：{fault}")
            continue
        found = root(lambda level, number: tiles.get((level, number), b""), one.size)
        if not opened.root == bytes(one.root) == found or opened.size != one.size:
            report.faults.append(f"{one.size}条的检查点与条目不符")


def _follow_keys(report: Report) -> None:
    """Each generation of keys is the one that an entry announced, in a checkpoint that the generation before it signed.

    One whose predecessor was lost stands by its own announcement: that nobody could sign for it, the entry says.
    """
    document = key_list()
    generations = document["generations"]
    alone = [one["keys"][0] for one in generations if one["announced"] and names_a_loss(one["announced"])]
    try:
        follow(document, generations[0]["keys"][0], *alone)
    except Broken as fault:
        report.faults.append(f"账本公钥：{fault}")
