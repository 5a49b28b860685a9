"""One change of a draft: a value, the text of a formula, the rows of a table; judged while it is written."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from renshe.kernel.access.permissions import reads, requires
from renshe.kernel.access.terms import Permission
from renshe.kernel.common.verdict import Refused
from renshe.kernel.policy.engine.calls import CALLS, usage
from renshe.kernel.policy.engine.draft import (
    KINDS,
    DraftError,
    change,
    labels,
    table_in_force,
    without,
)
from renshe.kernel.policy.engine.notation import LONGEST, formula_text
from renshe.kernel.policy.engine.policy import Policy
from renshe.kernel.policy.engine.typed import unit_label
from renshe.kernel.policy.registry import policies
from renshe.kernel.sweeps import actions
from renshe.kernel.sweeps.models import Draft
from renshe.kernel.sweeps.trying import Tried, tried
from renshe.portals.desk import whatif_changes
from renshe.portals.desk.views.whatif import draft_of

EMPTY_ROWS = 3
PARTS = {"value": "parameters", "table": "tables"}


@requires(Permission.SET_VALUES)
def edit(request: HttpRequest, draft_id: int, kind: str, changed: str) -> HttpResponse:
    """The form of one change, beside what the law says now."""
    draft = draft_of(draft_id)
    policy = _policy_with(draft, kind, changed)
    raw, reasons = _standing(draft, policy, kind, changed), ()
    if request.method == "POST":
        raw = _given(request, kind, changed)
        try:
            actions.revise(draft.pk, put=raw, actor=request.actor)  # type: ignore[attr-defined]
            return redirect("desk:whatif_one", draft.pk)
        except Refused as fault:
            reasons = fault.reasons
    judged = _judged(draft, raw) if request.method == "POST" or raw != _law(draft, policy, kind, changed) else {}
    page = {**_form(draft, policy, kind, changed, raw), **judged, "reasons": reasons}
    return render(request, "desk/whatif_change.html", page, status=422 if reasons else 200)


@requires(Permission.SET_VALUES)
@reads
def check(request: HttpRequest, draft_id: int, kind: str, changed: str) -> HttpResponse:
    """What is to be said of a change while it is written: whether it can stand, side by side, the worked cases."""
    draft = draft_of(draft_id)
    _policy_with(draft, kind, changed)
    return render(request, "desk/whatif_judged.html", _judged(draft, _given(request, kind, changed)))


def _policy_with(draft: Draft, kind: str, changed: str) -> Policy:
    policy = policies()[draft.policy]
    found = {rule.name for rule in policy.rules} if kind == "formula" else getattr(policy, PARTS.get(kind, ""), ())
    if kind not in ("value", "formula", "table") or changed not in found:
        raise Http404("这项政策没有这一项")
    return policy


def _given(request: HttpRequest, kind: str, changed: str) -> dict[str, Any]:
    """The change as the form says it; a row whose box is ticked, or that is left empty, is not there."""
    sent = request.POST
    if kind == "formula" and sent.get("since"):
        return {"kind": "switch", "name": changed, "since": sent["since"][:10]}
    if kind == "formula":
        return {"kind": kind, "name": changed, "text": sent.get("text", "")[: LONGEST + 1]}
    if kind == "value":
        return {"kind": kind, "name": changed, "value": sent.get("value", "")[:40]}
    gone = set(sent.getlist("gone"))
    pairs = zip(sent.getlist("key"), sent.getlist("row"), strict=False)
    return {"kind": kind, "name": changed, "rows": [
        (key.strip()[:41], value.strip()[:41]) for number, (key, value) in enumerate(pairs) if str(number) not in gone and (key.strip() or value.strip())
    ]}


def _law(draft: Draft, policy: Policy, kind: str, changed: str) -> dict[str, Any]:
    """What the law says on the draft's first day, in the form of a change."""
    if kind == "formula":
        return {"kind": kind, "name": changed, "text": formula_text(whatif_changes.rule_in_force(policy, changed, draft.valid_from))}
    if kind == "value":
        return {"kind": kind, "name": changed, "value": ""}
    table = table_in_force(policy, changed, draft.place, draft.valid_from)
    return {"kind": kind, "name": changed, "rows": [(str(key), _written(table.unit.write(value))) for key, value in table.rows.items()]}


def _written(value: object) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _standing(draft: Draft, policy: Policy, kind: str, changed: str) -> dict[str, Any]:
    """The change the draft already has, else what the law says."""
    own = next((one for one in draft.changes if (one["kind"], one["name"]) == (kind, changed)), None)
    if own and kind == "table":
        return {**own, "rows": list(own["rows"].items())}
    return dict(own) if own else _law(draft, policy, kind, changed)


def _judged(draft: Draft, raw: dict[str, Any]) -> dict[str, Any]:
    """The change with the draft's others, tried; side by side where it can stand, else the line at fault."""
    found: Tried = tried(draft.policy, draft.output, draft.place, draft.valid_from, [*without(draft.changes, raw["kind"], raw["name"]), raw])
    if found.fault is not None:
        return {"tried": found, "fault": actions.refusal(found.fault), "at": _at(raw, found.fault)}
    side = whatif_changes.beside_law(policies()[draft.policy], change(raw), draft.place, draft.valid_from)
    return {"tried": found, "side": side}


def _at(raw: dict[str, Any], fault: DraftError) -> tuple[str, str, str] | None:
    """The line at fault: what comes before, the sign it is about, what comes after."""
    lines = str(raw.get("text", "")).splitlines()
    if not 1 <= fault.line <= len(lines):
        return None
    line, start = lines[fault.line - 1], max(fault.column - 1, 0)
    end = start
    while end < len(line) and (line[end].isalnum() or line[end] in "_."):
        end += 1
    end = max(end, start + 1)
    return line[:start], line[start:end] or "　", line[end:]


def _form(draft: Draft, policy: Policy, kind: str, changed: str, raw: dict[str, Any]) -> dict[str, Any]:
    page: dict[str, Any] = {"draft": draft, "policy": policy, "kind": kind, "changed": changed, "raw": raw, "kind_label": KINDS[kind]}
    if kind == "value":
        parameter = policy.parameters[changed]
        return page | {"thing": parameter, "now": whatif_changes.held(parameter, draft.place, draft.valid_from)}
    if kind == "table":
        table = table_in_force(policy, changed, draft.place, draft.valid_from)
        rows = [(key, value, table.unit.show(table.rows[known]) if (known := _row_key(table.rows, key)) is not None else "") for key, value in raw["rows"]]
        return page | {"thing": table, "rows": [*rows, *[("", "", "")] * EMPTY_ROWS]}
    rule = whatif_changes.rule_in_force(policy, changed, draft.valid_from)
    known = labels(policy)
    versions = sorted((one for one in policy.rules if one.name == changed), key=lambda one: one.since)
    return page | {
        "thing": rule, "law": formula_text(rule), "names": [(name, known[name], unit_label(policy, name)) for name in known],
        "functions": [usage(name) for name in CALLS], "versions": versions if len(versions) > 1 else [],
        "rounding": whatif_changes.rounding_words(rule.rounding, rule.unit.key), "longest": LONGEST, "lines": max(7, len(str(raw.get("text", "")).splitlines()) + 3),
    }


def _row_key(rows: dict[int | str, Any], key: str) -> int | str | None:
    return next((one for one in rows if str(one) == key), None)
