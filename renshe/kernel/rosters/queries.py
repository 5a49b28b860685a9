"""Asks about rosters: lists, what waits for a worker, the result workbook."""

import datetime
from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils import timezone

from renshe.kernel.cases.models import Case
from renshe.kernel.cases.terms import State
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.privacy import shredding
from renshe.kernel.rosters import kinds, sheets, workbook
from renshe.kernel.rosters.models import Roster, RosterFile, RosterRefusal, RosterState

FILE, FILE_KIND = "roster.file", "roster_file"


def of_organisation(organisation_id: int) -> QuerySet[Roster]:
    """An employer's rosters, newest first."""
    return Roster.objects.filter(organisation_id=organisation_id).order_by("-uploaded_at", "-id")


def unattended() -> list[int]:
    """Rosters that wait or whose worker has gone silent."""
    silent = Q(lease_until=None) | Q(lease_until__lt=timezone.now())
    rows = Roster.objects.filter(silent, state__in=(RosterState.WAITING, RosterState.WORKING)).order_by("id")
    return list(rows.values_list("id", flat=True))


def refusals(roster: Roster) -> QuerySet[RosterRefusal]:
    """The refused lines, in file order."""
    return roster.refusals.order_by("line")


def done_rows(roster: Roster) -> int:
    """Rows settled so far."""
    return roster.accepted + roster.referred + roster.refused


def rate(roster: Roster, now: datetime.datetime) -> float:
    """Rows a second since the upload."""
    spent = ((roster.finished_at or now) - roster.uploaded_at).total_seconds()
    return done_rows(roster) / spent if spent > 0 else 0.0


def is_kept(roster: Roster) -> bool:
    """Whether the file is still there; after its time it is destroyed, and the cases remain."""
    return RosterFile.objects.filter(pk=roster.pk).exists()


def result_workbook(roster: Roster) -> bytes:
    """Each row of the file with what became of it. Raises Refused when the file's time is over."""
    if not is_kept(roster):
        raise Refused(Reason(
            "destroyed", "名册的原始文件已按保存期限销毁", article="个人信息保护法 第四十七条", then="每一行的办理结果，请在“办件”中查看",
        ))
    kind = kinds.kind(roster.kind)
    sheet = workbook.read(shredding.unseal(FILE_KIND, roster.pk, FILE, roster.file.sealed), kind)
    summary = [
        ("名册", roster.filename), ("事项", kind.label), ("行数", str(roster.rows)), ("准予", str(roster.accepted)),
        ("转人工核实", str(roster.referred)), ("未通过", str(roster.refused)),
        ("办完时间", f"{timezone.localtime(roster.finished_at):%Y-%m-%d %H:%M:%S}" if roster.finished_at else "办理中"),
    ]
    return sheets.result(kind, _outcomes(roster, sheet), summary)


def _outcomes(roster: Roster, sheet: workbook.Sheet) -> Iterator[tuple[dict[str, object], tuple[str, ...]]]:
    cases = {
        line: (number, state, findings)
        for line, number, state, findings in Case.objects.filter(roster_id=roster.pk)
        .values_list("line", "number", "state", "findings")
    }
    refused = dict(roster.refusals.values_list("line", "reasons"))
    for row in sheet.rows:
        if row.line in refused:
            yield row.cells, ("未通过", "", *_joined(refused[row.line]))
        elif row.line in cases:
            number, state, findings = cases[row.line]
            word = "已办结" if state == State.DECIDED else f"转人工核实（{State(state).label}）"
            yield row.cells, (word, number, *_joined(findings))
        else:
            yield row.cells, ("已登记" if row.line <= roster.cursor else "办理中", "", "", "", "")


def _joined(reasons: list[dict[str, str]]) -> tuple[str, str, str]:
    return (
        "；".join(one["text"] for one in reasons),
        "；".join(dict.fromkeys(one["article"] for one in reasons if one["article"])),
        "；".join(dict.fromkeys(one["then"] for one in reasons if one["then"])),
    )
