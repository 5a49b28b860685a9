"""Writes rosters: takes a file, settles it chunk by chunk. A chunk is one transaction, so a kill loses none and doubles none."""

import datetime
import hashlib
from collections.abc import Sequence

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from renshe.kernel.access.actor import Actor, actor_of
from renshe.kernel.cases.declaration import Declaration
from renshe.kernel.cases.terms import Channel
from renshe.kernel.common.verdict import Outcome, Reason, Refused
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.notices import actions as notices
from renshe.kernel.privacy import shredding
from renshe.kernel.privacy.retention import CHUNK as SOME
from renshe.kernel.rosters import kinds, workbook
from renshe.kernel.rosters.models import Roster, RosterFile, RosterRefusal, RosterState
from renshe.kernel.rosters.queries import FILE, FILE_KIND
from renshe.kernel.rosters.terms import FileFault, RowFault
from renshe.kernel.store import attempts, ids
from renshe.kernel.store.deed import deed
from renshe.kernel.store.insert import insert
from renshe.kernel.subjects.models import Organisation

CHUNK = 500
LEASE = datetime.timedelta(seconds=settings.RENSHE_LEASE_SECONDS)


class Overtaken(RuntimeError):
    """Another worker took the roster over after this one's lease ran out; this chunk is undone."""


def receive(data: bytes, filename: str, kind_key: str, *, organisation: Organisation, actor: Actor) -> tuple[Roster, bool]:
    """Take a workbook; returns the roster and whether it is new (the same file gives the earlier one). Raises Refused."""
    kind = kinds.kind(kind_key)
    attempts.repeatable()
    digest = hashlib.sha256(data).hexdigest()
    earlier = Roster.objects.filter(organisation=organisation, kind=kind_key, digest=digest).first()
    if earlier:
        return earlier, False
    sheet = workbook.read(data, kind)
    with deed():
        roster, new = Roster.objects.get_or_create(
            organisation=organisation, kind=kind_key, digest=digest,
            defaults={
                "uploaded_by_id": actor.account_id, "filename": filename[-200:], "state": RosterState.WAITING,
                "rows": len(sheet.rows), "uploaded_at": timezone.now(),
            },
        )
        if new:
            RosterFile.objects.create(roster=roster, sealed=shredding.seal(FILE_KIND, roster.pk, FILE, data))
            ledger.record("roster.receive", "", {
                "roster": str(roster.pk), "kind": kind_key, "sha256": digest, "rows": len(sheet.rows),
                "employer": organisation.uscc,
            })
    return roster, new


def claim(roster_id: int) -> Roster | None:
    """Hold a roster for the length of a lease, renewed with each chunk; None when another worker holds it or it is done."""
    now = timezone.now()
    with deed():
        roster = Roster.objects.select_for_update(of=("self",)).select_related("organisation", "uploaded_by").get(pk=roster_id)
        if roster.state not in (RosterState.WAITING, RosterState.WORKING):
            return None
        if roster.lease_until and roster.lease_until > now:
            return None
        roster.state, roster.lease_until = RosterState.WORKING, now + LEASE
        roster.save(update_fields=["state", "lease_until"])
        return roster


def settle(roster_id: int) -> None:
    """Settle what is left of a roster. Safe to repeat and to kill: each chunk is whole or not at all."""
    roster = claim(roster_id)
    if roster is None:
        return
    kind = kinds.kind(roster.kind)
    try:
        sheet = workbook.read(shredding.unseal(FILE_KIND, roster.pk, FILE, roster.file.sealed), kind)
    except Refused as fault:
        Roster.objects.filter(pk=roster.pk).update(
            state=RosterState.UNREADABLE, fault=fault.reasons[0].text, lease_until=None
        )
        return
    actor = actor_of(roster.uploaded_by)
    repeats = _repeats(sheet.rows)
    todo = [row for row in sheet.rows if row.line > roster.cursor]
    for start in range(0, len(todo), CHUNK):
        _settle_chunk(roster, kind, todo[start : start + CHUNK], repeats, actor)
    _finish(roster, kind)


def _repeats(rows: Sequence[workbook.Row]) -> dict[int, int]:
    """Lines whose citizen ID stood on an earlier line, with that line."""
    first: dict[str, int] = {}
    repeats: dict[int, int] = {}
    for row in rows:
        number = row.cells.get("citizen_id")
        if isinstance(number, str) and number:
            key = number.replace(" ", "").upper()
            if key in first:
                repeats[row.line] = first[key]
            else:
                first[key] = row.line
    return repeats


def _settle_chunk(
    roster: Roster, kind: kinds.RosterKind, rows: Sequence[workbook.Row], repeats: dict[int, int], actor: Actor
) -> None:
    entries: list[tuple[int | None, Declaration]] = []
    refused: list[tuple[int, tuple[Reason, ...]]] = []
    for row in rows:
        faults = row.faults
        if not faults:
            declaration, faults = kind.declaration.parse(row.cells)
        if not faults and row.line in repeats:
            faults = (Reason(
                RowFault.DUPLICATE, f"公民身份号码与第{repeats[row.line]}行重复", field="citizen_id",
                then="请只保留一行；前一行已按其内容办理",
            ),)
        if faults:
            refused.append((row.line, faults))
        elif declaration is not None:
            entries.append((row.line, declaration))
    with deed():
        settled = kind.settle(
            entries, organisation=roster.organisation, actor=actor, channel=Channel.ROSTER, roster_id=roster.pk
        ) if entries else []
        refused += [(one.line or 0, one.reasons) for one in settled if one.outcome is Outcome.REFUSE]
        insert(RosterRefusal, [
            {"id": ids.new(), "roster_id": roster.pk, "line": line, "reasons": [reason.as_json() for reason in reasons]}
            for line, reasons in sorted(refused, key=lambda pair: pair[0])
        ])
        moved = Roster.objects.filter(pk=roster.pk, cursor=roster.cursor).update(
            cursor=rows[-1].line, lease_until=timezone.now() + LEASE,
            accepted=F("accepted") + sum(one.outcome is Outcome.ACCEPT for one in settled),
            referred=F("referred") + sum(one.outcome is Outcome.REFER for one in settled),
            refused=F("refused") + len(refused),
        )
        if not moved:
            raise Overtaken(f"roster {roster.pk} is in other hands")
    roster.cursor = rows[-1].line


def _finish(roster: Roster, kind: kinds.RosterKind) -> None:
    with deed():
        roster = Roster.objects.select_for_update(of=("self",)).get(pk=roster.pk)
        if roster.state == RosterState.DONE:
            return
        roster.state, roster.finished_at, roster.lease_until = RosterState.DONE, timezone.now(), None
        roster.save(update_fields=["state", "finished_at", "lease_until"])
        ledger.record("roster.finish", "", {
            "roster": str(roster.pk), "accepted": roster.accepted, "referred": roster.referred, "refused": roster.refused,
        })
        notices.send(
            "roster", f"{kind.label}名册已办完",
            f"“{roster.filename}”共{roster.rows}行：准予{roster.accepted}，转人工核实{roster.referred}，"
            f"未通过{roster.refused}。结果工作簿可在“批量名册”中下载。",
            organisation_id=roster.organisation_id,
        )


def too_large() -> Refused:
    """The refusal of an upload stopped for its size."""
    limit = workbook.LARGEST // 1024 // 1024
    return Refused(Reason(
        FileFault.TOO_LARGE, f"文件超过{limit}MB，已停止接收", then="请去掉图片和多余的工作表，或分成几个文件上传", field="file"
    ))


def destroy_files(before: datetime.datetime, rule: str) -> int:
    """Destroy one chunk of the files of rosters finished before a moment: their keys first, so that no copy opens."""
    with deed():
        files = list(RosterFile.objects.filter(roster__finished_at__lt=before).order_by("pk")[:SOME])
        for file in files:
            shredding.destroy(FILE_KIND, file.pk, file.sealed, rule=rule)
            file.delete()
    return len(files)
