"""Room on the disks the platform writes to: told to the operator before it runs out, and what is large is refused before what is small."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from renshe.kernel.common.terms import Terms
from renshe.kernel.store.fresh import fresh

MB = 1024 * 1024
NO_FILES = "存储空间将满，暂时不收文件。不带文件的业务照常办理；要交的文件，请过些时候再交。"


class Room(Terms):
    """How much is left on a disk."""

    ENOUGH = "enough", "够用"
    LOW = "low", "不多"
    TIGHT = "tight", "将满"


class NoRoom(OSError):
    """A file is not taken, because the little room left is needed for what is small; the text says so."""


@dataclass(frozen=True)
class Disk:
    """A disk, what of ours lies there, and its bytes: free to us, and in all."""

    holds: tuple[str, ...]
    path: Path
    free: int
    size: int

    @property
    def room(self) -> Room:
        if self.free < settings.RENSHE_TIGHT_SPACE_MB * MB:
            return Room.TIGHT
        return Room.LOW if self.free < settings.RENSHE_LOW_SPACE_MB * MB else Room.ENOUGH

    @property
    def used_percent(self) -> int:
        return round(100 * (self.size - self.free) / self.size) if self.size else 100

    @property
    def in_words(self) -> str:
        return f"{'、'.join(self.holds)}（{self.path}）：还剩 {gigabytes(self.free)}，共 {gigabytes(self.size)}，{self.room.label}"


def gigabytes(count: int) -> str:
    """Bytes in words."""
    return f"{count / MB / 1024:.1f} GB" if count >= 1024 * MB else f"{count // MB} MB"


def disks() -> list[Disk]:
    """Every disk we write to, once, the fullest first. A database on another machine is not among them."""
    found: dict[int, tuple[Path, list[str]]] = {}
    for label, place in _places():
        while not place.exists():
            place = place.parent
        found.setdefault(_device(place), (place, []))[1].append(label)
    made = []
    for path, labels in found.values():
        usage = shutil.disk_usage(path)
        made.append(Disk(tuple(labels), path, usage.free, usage.total))
    return sorted(made, key=lambda one: one.free)


def _device(place: Path) -> int:
    return place.stat().st_dev


def _places() -> list[tuple[str, Path]]:
    database = settings.RENSHE_DATABASE_DISK or (Path(connection.settings_dict["NAME"]).parent if connection.vendor == "sqlite" else None)
    named = [
        ("数据库", database), ("平台文件", settings.VAR), ("日志副本", settings.RENSHE_JOURNAL), ("全市数据", settings.FRAMES),
        ("公开账本", settings.RENSHE_LEDGER_FOLDER), ("上传暂存", settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir()),
    ]
    return [(label, Path(place).absolute()) for label, place in named if place]


@fresh(5.0)
def worst() -> Room:
    """The fullest disk's room, a few seconds old."""
    return disks()[0].room
