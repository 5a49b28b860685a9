"""Writes subjects."""

import csv
import datetime
from pathlib import Path
from typing import Any

from renshe.kernel.common import identifiers
from renshe.kernel.privacy import masks, sealing
from renshe.kernel.store import ids
from renshe.kernel.store.deed import deed
from renshe.kernel.subjects.models import Place
from renshe.kernel.subjects.queries import CITIZEN_ID, PHONE


def person_row(
    *, name: str, citizen_id: str, phone: str, division: str, at: datetime.datetime
) -> dict[str, Any]:
    """A row of Person for `store.insert`; the citizen ID must be well formed and normalised."""
    return {
        "id": ids.new(), "name": name,
        "citizen_id_sealed": sealing.seal(CITIZEN_ID, citizen_id),
        "citizen_id_index": sealing.blind(CITIZEN_ID, citizen_id),
        "citizen_id_mask": masks.citizen_id(citizen_id),
        "sex": identifiers.sex_code(citizen_id), "birth_on": identifiers.birth_on(citizen_id),
        "phone_sealed": sealing.seal(PHONE, phone) if phone else None, "phone_mask": masks.phone(phone),
        "division": division, "deceased_on": None, "made_at": at,
    }


def load_places(path: Path) -> int:
    """Take over a list of divisions (CSV: code, name, parent, level); repeats safely. Returns how many."""
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    known = {row["code"] for row in rows}
    with deed():
        for row in rows:
            parent = row["parent"] if row["parent"] in known else None
            Place.objects.update_or_create(
                code=row["code"], defaults={"name": row["name"], "parent_id": parent, "level": row["level"]}
            )
    return len(rows)
