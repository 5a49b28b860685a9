"""Whoever did the one may not do the other: every pair of the table, and none that it lacks."""

import pytest

from renshe.kernel.common.separation import APART, Duty, Separation, apart
from renshe.kernel.common.verdict import Refused


@pytest.mark.parametrize(("before", "duty"), APART)
def test_one_person_may_not_do_both_and_two_may(before, duty):
    verdict = apart(duty, 7, "拨付单", {before: 7})
    (reason,) = verdict.reasons
    assert (reason.code, reason.article) == (Separation.SAME_PERSON, APART[before, duty])
    assert reason.text == f"{before.label}人不能{duty.label}自己{before.label}的拨付单" and "另一位" in reason.then
    with pytest.raises(Refused):
        verdict.or_raise()
    assert apart(duty, 7, "拨付单", {before: 8}) and apart(duty, 7, "拨付单", {before: None})


def test_what_was_paid_is_verified_by_somebody_who_neither_entered_approved_nor_paid_it():
    hands = {Duty.ENTER: 1, Duty.APPROVE: 2, Duty.PAY: 3}
    assert [bool(apart(Duty.VERIFY, account, "拨付单", hands)) for account in (1, 2, 3, 4)] == [False, False, False, True]


def test_a_separation_that_is_not_in_the_table_is_never_taken_for_granted():
    with pytest.raises(KeyError):
        apart(Duty.APPLY, 1, "办件", {Duty.VERIFY: 2})
