"""Writes figures: computed when records arrive, or entered by one officer and confirmed by another."""

import logging
import time
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from polars.exceptions import PolarsError

from renshe.kernel.access.actor import Actor
from renshe.kernel.common.separation import Duty, apart
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.indicators import cells, queries
from renshe.kernel.indicators.declaration import Indicator, Parts
from renshe.kernel.indicators.models import Figure, FigureEntry, Freshness, Trail
from renshe.kernel.indicators.of_frames import standing
from renshe.kernel.indicators.periods import Period
from renshe.kernel.indicators.registry import indicators
from renshe.kernel.indicators.terms import EntryFault, Origin
from renshe.kernel.indicators.territory import territory
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.ledger import queries as log_of_deeds
from renshe.kernel.store import ids
from renshe.kernel.store.deed import deed

log = logging.getLogger("renshe.indicators")
REST = 19  # after a computation, rest so many times as long: refreshing takes a twentieth of one processor at most
AFTER_FAULT = timedelta(minutes=1)
STALE = -1
FAULTS = (DatabaseError, ArithmeticError, LookupError, ValueError, TypeError, OSError, PolarsError)
LARGEST = Decimal(10) ** 17
TOLD = ["value", "numerator", "denominator", "low", "high", "step"]


def mark_stale(*keys: str) -> None:
    """Ask for indicators to be computed at the next refresh: for records that arrive without a ledger entry."""
    Freshness.objects.filter(indicator__in=keys).update(position=STALE)


def refresh(*, everything: bool = False, keys: Iterable[str] = ()) -> list[str]:
    """Compute the indicators that are due (or all, or those named); returns their keys.

    Each is one transaction with its place in the ledger: killed anywhere, it is simply still due.
    """
    _tell_what_was_not()
    last = log_of_deeds.latest()
    head, now, wanted = last.size if last else 0, timezone.now(), set(keys)
    chosen, untouched = _due(now, head)
    if everything or wanted:
        chosen = [one for one in indicators().values() if one.compute and _stands(one) and (everything or one.key in wanted)]
    for one in chosen:
        _refresh(one, head, now)
    passed = [key for key in untouched if key not in {one.key for one in chosen}]
    if chosen and passed:
        Freshness.objects.filter(indicator__in=passed, position__gt=STALE, position__lt=head).update(position=head)
    return [one.key for one in chosen]


def _due(now: datetime, head: int) -> tuple[list[Indicator], list[str]]:
    """Indicators whose records moved since they were computed, or whose day is over; and keys that nothing touched."""
    known, chosen, untouched = queries.freshness(), [], []
    moved: dict[int, set[str]] = {}
    for one in indicators().values():
        if one.compute is None or not _stands(one):
            continue
        state = known.get(one.key)
        if state is None:
            chosen.append(one)
            continue
        if now < state.at + (AFTER_FAULT if state.fault else timedelta(milliseconds=state.took_ms * REST)):
            continue
        if state.position not in moved:
            moved[state.position] = log_of_deeds.kinds_between(state.position, head) if STALE < state.position < head else set()
        if one.frames:
            is_due = state.frames != standing(one.frames)[:200]
        else:
            is_due = state.day != timezone.localdate(now) or one.watches_any(moved[state.position])
        if state.position == STALE or state.fault or is_due:
            chosen.append(one)
        else:
            untouched.append(one.key)
    return chosen, untouched


def _stands(one: Indicator) -> bool:
    """Whether there is anything to compute on: a table not yet there gives no figure, not nought."""
    return not one.frames or bool(standing(one.frames))


def _refresh(one: Indicator, head: int, now: datetime) -> None:
    """Compute one indicator for the current period, and once more for the period that ended since."""
    today = timezone.localdate(now)
    state = Freshness.objects.filter(pk=one.key).first()
    current = one.period() if one.period else Period.of(today, one.frequency)
    ended = state is not None and one.period is None and Period.of(state.day, one.frequency) != current
    frames = standing(one.frames)
    start, fault, found = time.perf_counter(), "", {}
    try:
        for period in ([current.earlier()] if ended else []) + [current]:
            found[period] = _computed(one, period)
    except FAULTS as caught:
        fault = f"{type(caught).__name__}: {caught}"[:300]
        log.exception("indicator %s could not be computed", one.key)
    took = round((time.perf_counter() - start) * 1000)
    with deed():
        if Freshness.objects.select_for_update(of=("self",)).filter(pk=one.key, at__gt=now).exists():
            return  # another keeper was here later than we set out
        if not fault:
            for period, parts in found.items():
                _write(one, period, parts, now, over=period != current)
        position = head if state is None or not fault else state.position
        Freshness.objects.update_or_create(indicator=one.key, defaults={
            "position": position, "frames": frames[:200], "day": today, "at": now, "took_ms": took, "fault": fault,
        })


def backfill(since: Period) -> int:
    """Compute every indicator for the periods gone by since one, as their records' dates tell; returns how many."""
    count, now = 0, timezone.now()
    for one in indicators().values():
        period = Period.of(timezone.localdate(now), one.frequency).earlier()
        while one.compute and one.dated and _stands(one) and period.first >= since.first:
            parts = _computed(one, period)
            with deed():
                _write(one, period, parts, now, over=True)
            count, period = count + 1, period.earlier()
    return count


def _computed(one: Indicator, period: Period) -> dict[str, Parts]:
    """The cells of a period: parts by county; under the city's code what lies in no county."""
    assert one.compute is not None
    here, found = territory(), dict[str, Parts]()
    for code, parts in one.compute(period).items():
        place = here.county_of(code)
        found[place] = found[place] + parts if place in found else parts
    return found


def _told(one: Indicator, found: Mapping[str, Parts]) -> dict[str, dict[str, Any]]:
    """What each division's figure tells outsiders, as columns."""
    here, small = territory(), settings.RENSHE_SMALL_CELL
    spans = cells.told(one, found, here.counties, here.city, small)
    return {code: {"low": span and span.low, "high": span and span.high, "step": small} for code, span in spans.items()}


def _write(one: Indicator, period: Period, found: Mapping[str, Parts], now: datetime, *, over: bool) -> None:
    here, rows, told = territory(), [], _told(one, found)
    nothing = Parts(0, 0) if one.is_share else Parts(0)
    whole = sum(found.values(), nothing)
    for division, parts in {here.city: whole, **{code: found.get(code, nothing) for code in here.counties}}.items():
        value = one.value(parts)
        if value is not None:
            rows.append({
                "indicator": one.key, "division": division, "value": value, **told[division],
                "numerator": None if parts.denominator is None else parts.numerator, "denominator": parts.denominator,
            })
    if over:
        _close(one, period, rows)
    written = [row["division"] for row in rows]
    Figure.objects.filter(indicator=one.key, period=period.name).exclude(division__in=written).delete()
    Figure.objects.bulk_create(
        [Figure(id=ids.new(), period=period.name, origin=Origin.COMPUTED, source=one.source[:300], computed_at=now,
                closed=over, **row) for row in rows],
        update_conflicts=True, unique_fields=["indicator", "division", "period"],
        update_fields=[*TOLD, "origin", "source", "document", "computed_at", "closed"],
    )
    if not over:
        _trace(rows, timezone.localdate(now))


def _trace(rows: list[dict[str, Any]], day: date) -> None:
    Trail.objects.bulk_create(
        [Trail(id=ids.new(), day=day, **row) for row in rows],
        update_conflicts=True, unique_fields=["indicator", "division", "day"],
        update_fields=TOLD,
    )


def _tell_what_was_not() -> None:
    """Work out what outsiders are told of figures computed before that was asked of them."""
    waiting = Figure.objects.filter(origin=Origin.COMPUTED, step=None)
    for key, period in set(waiting.values_list("indicator", "period").order_by()):
        one = indicators().get(key)
        if one is None:
            continue
        with deed():
            stood = {row.division: row for row in Figure.objects.select_for_update().filter(indicator=key, period=period)}
            told = _told(one, _cells_of(stood))
            for division, row in stood.items():
                Figure.objects.filter(pk=row.pk).update(**told[division])


def _cells_of(stood: Mapping[str, Figure]) -> dict[str, Parts]:
    """The cells as the stored figures tell them: what no county holds is what the city has more."""
    city, found = territory().city, {code: queries.parts(row) for code, row in stood.items()}
    whole = found.pop(city, None)
    if whole is None:
        return found
    rest = sum((Parts(-one.numerator, None if one.denominator is None else -one.denominator) for one in found.values()), whole)
    return {**found, city: rest}


def _close(one: Indicator, period: Period, rows: list[dict[str, Any]]) -> None:
    """A period that is over goes into the ledger, and again whenever it is later restated."""
    stood = list(Figure.objects.filter(indicator=one.key, period=period.name))
    before = {row.division: str(row.value) for row in stood}
    after = {row["division"]: str(row["value"]) for row in rows}
    closed = any(row.closed for row in stood)
    if not closed or before != after:
        ledger.record("indicators.restate" if closed else "indicators.close", "", {
            "indicator": one.key, "period": period.name, "before": before, "figures": after,
        })


def _refuse(code: EntryFault, text: str, *, field: str = "", then: str = "") -> Refused:
    return Refused(Reason(code, text, article="平台规则：填报与复核分离", then=then, field=field))


def _read(key: str, division: str, period: str, value: str, document: str) -> tuple[Period, Decimal]:
    """The period and the value as typed. Raises Refused."""
    one = indicators().get(key)
    if one is None:
        raise _refuse(EntryFault.UNKNOWN_INDICATOR, f"没有“{key}”这一指标", field="indicator")
    if division not in territory().names:
        raise _refuse(EntryFault.UNKNOWN_DIVISION, f"“{division}”不是本市或所辖县（市、区）", field="division")
    try:
        stretch = Period.read(period)
    except ValueError as fault:
        raise _refuse(EntryFault.BAD_PERIOD, str(fault), field="period") from None
    if stretch.frequency is not one.frequency:
        sample = Period.of(timezone.localdate(), one.frequency).name
        raise _refuse(EntryFault.BAD_PERIOD, f"“{one.label}”按{one.frequency.label}统计，统计期应写作 {sample} 的样式", field="period")
    if stretch.first > timezone.localdate():
        raise _refuse(EntryFault.BAD_PERIOD, f"{stretch.label}还没有开始", field="period")
    try:
        number = Decimal(value.strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= LARGEST or number != round(number, 6):
        raise _refuse(EntryFault.BAD_VALUE, f"“{value}”不是数；可以写小数，最多六位，不带单位", field="value")
    if not document.strip():
        raise _refuse(EntryFault.NO_DOCUMENT, "请写明这个数出自哪份文件（名称和文号）", field="document")
    return stretch, number


def enter(*, indicator: str, division: str, period: str, value: str, document: str, actor: Actor) -> FigureEntry:
    """Propose a figure with its document. It stands once somebody else confirms it. Raises Refused."""
    stretch, number = _read(indicator, division, period, value, document)
    with deed():
        entry = FigureEntry.objects.create(
            indicator=indicator, division=division, period=stretch.name, value=number, document=document.strip()[:200],
            entered_by_id=actor.account_id, entered_at=timezone.now(),
        )
        ledger.record("indicators.enter", "", _facts(entry, actor))
        return entry


def confirm(entry_id: int, *, actor: Actor) -> FigureEntry:
    """A second officer confirms. Where records give no figure the entry stands; elsewhere it stands beside it. Raises Refused."""
    with deed():
        entry = FigureEntry.objects.select_for_update(of=("self",)).get(pk=entry_id)
        if entry.withdrawn_at:
            raise _refuse(EntryFault.WITHDRAWN, "这一填报已撤回，不能复核")
        if entry.confirmed_by_id:
            return entry
        apart(Duty.APPROVE, actor.account_id, "数", {Duty.ENTER: entry.entered_by_id}).or_raise()
        entry.confirmed_by_id, entry.confirmed_at = actor.account_id, timezone.now()
        entry.save(update_fields=["confirmed_by_id", "confirmed_at"])
        ledger.record("indicators.confirm", "", _facts(entry, actor))
        _stand(entry)
        return entry


def withdraw(entry_id: int, *, actor: Actor) -> FigureEntry:
    """Take an entry back; the one confirmed before it stands again. Safe to repeat."""
    with deed():
        entry = FigureEntry.objects.select_for_update(of=("self",)).get(pk=entry_id)
        if entry.withdrawn_at is None:
            entry.withdrawn_at = timezone.now()
            entry.save(update_fields=["withdrawn_at"])
            ledger.record("indicators.withdraw", "", _facts(entry, actor))
            _stand(entry)
        return entry


def _stand(entry: FigureEntry) -> None:
    """Make the figure what the entries now say, unless the records say it themselves."""
    key, division, period = entry.indicator, entry.division, entry.period
    one = indicators().get(key)
    if one is None or one.compute is not None:
        return
    standing = queries.in_force(key, division, period)
    if standing is None:
        Figure.objects.filter(indicator=key, division=division, period=period, origin=Origin.ENTERED).delete()
        return
    Figure.objects.update_or_create(indicator=key, division=division, period=period, defaults={
        "value": standing.value, "numerator": None, "denominator": None, "origin": Origin.ENTERED,
        "source": one.source[:300], "document": standing.document, "computed_at": standing.confirmed_at, "closed": True,
    })


def _facts(entry: FigureEntry, actor: Actor) -> dict[str, str]:
    return {
        "indicator": entry.indicator, "division": entry.division, "period": entry.period, "value": str(entry.value),
        "document": entry.document, "by": str(actor.account_id),
    }
