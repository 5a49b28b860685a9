"""The last sweep by program: policy by policy who was asked, who is entitled, what it comes to, what is lacking. For officers
who set values."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Path, Router, Schema

from renshe.kernel.access.terms import Permission
from renshe.kernel.common.steps import Span
from renshe.kernel.sweeps import queries
from renshe.portals.open.api.door import PROBLEMS, PageAuth, TokenAuth

SETTING = [TokenAuth(Permission.SET_VALUES), PageAuth(Permission.SET_VALUES)]
router = Router(tags=["全市测算"], auth=SETTING)
COUNTS = ("asked", "entitled", "refused", "undecided")


class PolicyOut(Schema):
    """One policy of a sweep. Counts are of persons (人), employers (家) or claims (件): whole numbers, or `[least, most]` outside
    one's jurisdiction, where `refused` and `known` are null; `entitled` and `refused` are null for a policy without conditions. `outputs`: how many are known, how many are
    true, the sum in fen. `counts` is null for a policy that was not swept: `why_not` says why."""

    policy: str
    title: str
    topic: str
    version: str
    whom: str
    counted_in: str
    why_not: str
    lacking: list[str]
    values: list[str]
    took_ms: int
    counts: dict[str, Any] | None
    outputs: dict[str, Any]


class SweepOut(Schema):
    """The sweep that pages show; `on` is the day judged."""

    key: str
    on: str
    place: str
    finished_at: str
    policies: list[PolicyOut]


def _plain(value: object) -> Any:
    return [int(value.low), int(value.high)] if isinstance(value, Span) else value


def _policy(said: dict[str, Any]) -> dict[str, Any]:
    totals = said["totals"]
    return {
        **{name: said[name] for name in ("policy", "title", "topic", "version", "whom", "why_not", "lacking", "values")},
        "counted_in": said.get("counted_in", ""), "took_ms": round((totals or {}).get("us", 0) / 1000),
        "counts": totals and {name: _plain(totals.get(name)) for name in COUNTS},
        "outputs": {name: {part: _plain(value) for part, value in one.items()} for name, one in (totals or {"outputs": {}})["outputs"].items()},
    }


def _published(request: HttpRequest) -> dict[str, Any]:
    said = queries.shown(request.actor)  # type: ignore[attr-defined]
    if said is None:
        raise Http404("还没有测算过")
    return said


@router.get("", response={200: SweepOut, **PROBLEMS}, summary="最近一次全市测算")
def latest(request: HttpRequest) -> dict[str, Any]:
    """The last sweep, every policy."""
    said = _published(request)
    return {**{name: said[name] for name in ("key", "on", "place", "finished_at")}, "policies": [_policy(one) for one in said["policies"]]}


@router.get("/{policy}", response={200: PolicyOut, **PROBLEMS}, summary="一项政策的测算")
def one(request: HttpRequest, policy: str = Path(max_length=80, pattern=r"^[a-z_]+$")) -> dict[str, Any]:
    """One policy of the last sweep."""
    for found in _published(request)["policies"]:
        if found["policy"] == policy:
            return _policy(found)
    raise Http404("没有这项政策")
