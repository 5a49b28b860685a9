"""Asks about requests over one's own data."""

from collections.abc import Mapping
from functools import lru_cache

from django.utils import timezone

from renshe.apps.rights.models import Reviewed
from renshe.apps.rights.terms import Consent, Decision, Request
from renshe.kernel.cases import rules as life
from renshe.kernel.cases.actions import declared
from renshe.kernel.cases.corrections import Correctable, Held, correctables
from renshe.kernel.cases.erasures import Erasable, erasables
from renshe.kernel.cases.models import Case, CaseEvent
from renshe.kernel.cases.terms import Deed, State
from renshe.kernel.indicators.territory import territory
from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.engine.policy import Entered
from renshe.kernel.policy.queries import entered
from renshe.kernel.policy.registry import policy
from renshe.kernel.subjects.models import Person

PHONE = "phone"
DECIDING = (Deed.PROPOSE, Deed.APPROVE, Deed.REFUSE, Deed.RETURN)


def answer_days() -> int | None:
    """Days in which a request is answered; None while nobody has entered what the bureau set itself."""
    return _answer_days(timezone.localdate().isoformat(), entered(territory().city))


@lru_cache(maxsize=8)
def _answer_days(today: str, known: Entered) -> int | None:
    found = evaluate(policy("rights_clock"), {"received": today}, on=timezone.localdate(), place=territory().city, entered=known)
    if "answer_due" not in found.results:
        return None
    return int(found.results["answer_due"]) - int(found.inputs["received"])  # type: ignore[arg-type]


def open_request(person_id: int, kind: Request, about: Mapping[str, str] | None = None) -> str:
    """The number of an open request of a kind (whose content says what `about` says); "" when there is none."""
    rows = Case.objects.filter(person_id=person_id, organisation=None, kind=kind, state__in=life.OPEN).order_by("id")
    wanted = (about or {}).items()
    return next((one.number for one in rows if wanted <= {name: text for name, text in declared(one).items() if isinstance(text, str)}.items()), "")


def correctable_of(person: Person) -> list[tuple[Correctable, list[Held]]]:
    """Everything a person may ask to have put right, with what the register says."""
    return [(one, list(one.held(person))) for one in correctables().values()]


def held_now(person: Person, field: str, ref: str) -> Held:
    """One value as a person sees it. Raises LookupError."""
    chosen = correctables()[field]
    if chosen.asks:
        return Held(ref, f"{chosen.label} {ref}".strip(), chosen.now(person, ref) if ref else "")
    found = next((one for one in chosen.held(person) if one.ref == ref), None)
    if found is None:
        raise LookupError("登记中没有这一项")
    return found


def erasable_of(person: Person) -> list[tuple[Erasable, int]]:
    """Every piece that is held about a person, with how many entries."""
    return [(one, count) for one in erasables().values() if (count := one.holds(person.pk))]


def consents_of(person: Person) -> list[Consent]:
    """What is held of a person by consent alone. Everything else has its basis in a law (个人信息保护法 第十三条第一款第三项)."""
    own = Case.objects.filter(person_id=person.pk, organisation=None, state=State.DECIDED).order_by("-closed_at", "-id")
    given = next((one for one in own.filter(kind=Request.CORRECTION) if declared(one)["field"] == PHONE), None)
    ended = own.filter(kind=Request.WITHDRAWAL).first()
    since, source = (given.closed_at, "您自己登记的") if given else (person.made_at, "单位为您办参保时填的")
    held = bool(person.phone_sealed)
    return [Consent(
        PHONE, "手机号码", "只用来把办件、参保有变化告诉您", person.phone_mask, timezone.localdate(since) if held and since else None,
        source if held else "", ended.number if ended and not held else "",
        timezone.localdate(ended.closed_at) if ended and ended.closed_at and not held else None,
    )]


def decision_of(case: Case) -> Decision:
    """The automated decision that an explanation or a review is about, as it stood."""
    return Decision.of(declared(case)["decision"])


def decided_by(case: Case) -> frozenset[int]:
    """Accounts that had a hand in the decision a review is about: they may not work on it."""
    kind, _, number = decision_of(case).key.partition(":")
    if kind != "case":
        return frozenset()
    events = CaseEvent.objects.filter(case__number=number, deed__in=DECIDING).exclude(actor_id=None)
    return frozenset(account for account in events.values_list("actor_id", flat=True) if account)


def finding(person_id: int, decision: str) -> Reviewed | None:
    """What a human last found of a decision about a person."""
    return Reviewed.objects.filter(person_id=person_id, decision=decision).order_by("-id").first()


def findings(person_id: int) -> dict[str, Reviewed]:
    """What humans last found, by decision."""
    return {one.decision: one for one in Reviewed.objects.filter(person_id=person_id).order_by("id")}
