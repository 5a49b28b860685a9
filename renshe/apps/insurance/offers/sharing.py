"""What other departments may be told of insurance, under an agreement: texts by person."""

from collections.abc import Sequence

from renshe.apps.insurance.models import BasePeriod, Enrolment
from renshe.apps.insurance.queries import open_bases
from renshe.kernel.common.money import yuan
from renshe.kernel.sharing.columns import Column
from renshe.kernel.subjects.models import Person


def _spells(persons: Sequence[Person]) -> dict[int, Enrolment]:
    """Each person's latest open enrolment."""
    rows = Enrolment.objects.filter(person_id__in=[one.pk for one in persons], until=None)
    return {one.person_id: one for one in rows.select_related("organisation").order_by("since", "id")}


def _insured(persons: Sequence[Person]) -> dict[int, str]:
    spells = _spells(persons)
    return {one.pk: "是" if one.pk in spells else "否" for one in persons}


def _since(persons: Sequence[Person]) -> dict[int, str]:
    return {person: one.since.isoformat() for person, one in _spells(persons).items()}


def _employer(persons: Sequence[Person]) -> dict[int, str]:
    return {person: one.organisation.name for person, one in _spells(persons).items()}


def _base(persons: Sequence[Person]) -> dict[int, str]:
    spells = _spells(persons)
    bases = open_bases([one.pk for one in spells.values()])
    return {person: yuan(bases[one.pk].base_fen) for person, one in spells.items() if one.pk in bases}


SHARED = (
    Column("insured", "是否在保", Enrolment, "until", _insured),
    Column("insured_since", "本次参保起始", Enrolment, "since", _since),
    Column("employer", "参保单位", Enrolment, "organisation", _employer),
    Column("base", "缴费基数（元）", BasePeriod, "base_fen", _base),
)
