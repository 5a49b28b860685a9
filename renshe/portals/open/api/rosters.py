"""Rosters by program: upload, ask how far, fetch the result."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import File, Query, Router, Schema, Status
from ninja.files import UploadedFile

from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.rosters import actions, kinds, queries
from renshe.kernel.rosters.models import Roster, RosterState
from renshe.portals.listing import WORKBOOK, file
from renshe.portals.open.api.door import DECLARING, PROBLEMS, declaring
from renshe.portals.uploads import FLAG

router = Router(tags=["名册"], auth=DECLARING)


class RosterOut(Schema):
    id: str
    kind: str
    filename: str
    state: str
    state_label: str
    rows: int
    done: int
    accepted: int
    referred: int
    refused: int


def _out(roster: Roster) -> dict[str, Any]:
    return {
        "id": str(roster.pk), "kind": roster.kind, "filename": roster.filename, "state": roster.state,
        "state_label": RosterState(roster.state).label, "rows": roster.rows, "done": queries.done_rows(roster),
        "accepted": roster.accepted, "referred": roster.referred, "refused": roster.refused,
    }


def _own(request: HttpRequest, roster_id: str) -> Roster:
    _, organisation = declaring(request)
    found = None
    if roster_id.isascii() and roster_id.isdigit() and len(roster_id) <= 18:
        found = queries.of_organisation(organisation.pk).filter(pk=int(roster_id)).first()
    if found is None:
        raise Http404("没有这一名册")
    return found


@router.post("", response={200: RosterOut, 201: RosterOut, **PROBLEMS}, summary="上传名册（xlsx）")
def upload(request: HttpRequest, kind: str = Query(max_length=40), roster: UploadedFile | None = File(None)) -> Status:  # noqa: B008
    """201 taken; 200 the same file was taken before; 422 cannot be taken, with the reason."""
    actor, organisation = declaring(request)
    if kind not in kinds.kinds_of(organisation):
        raise Http404("没有这一种名册")
    if FLAG in request.META:
        raise actions.too_large()
    if roster is None:
        raise Refused(Reason("no_file", "没有收到文件", field="roster", then="请用 multipart/form-data 的 roster 字段上传"))
    found, new = actions.receive(roster.read(), roster.name or "名册.xlsx", kind, organisation=organisation, actor=actor)
    return Status(201 if new else 200, _out(found))


@router.get("/{roster_id}", response={200: RosterOut, **PROBLEMS}, summary="名册的进度")
def progress(request: HttpRequest, roster_id: str) -> dict[str, Any]:
    """How far a roster is."""
    return _out(_own(request, roster_id))


@router.get("/{roster_id}/result", response=PROBLEMS, summary="结果工作簿（xlsx）",
            openapi_extra={"responses": {200: {"description": "结果工作簿", "content": {WORKBOOK: {}}}}})
def result(request: HttpRequest, roster_id: str) -> HttpResponse:
    """Each row with what became of it."""
    roster = _own(request, roster_id)
    return file(queries.result_workbook(roster), f"结果-{roster.filename}", WORKBOOK)
