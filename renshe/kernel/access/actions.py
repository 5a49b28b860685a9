"""Open accounts, appoint and dismiss, reset; look at a record in an emergency, and have that look reviewed."""

import datetime
import secrets

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError
from django.utils import timezone

from renshe.kernel.access import factors, visits
from renshe.kernel.access.actor import Actor
from renshe.kernel.access.models import Account, Override, Post
from renshe.kernel.access.terms import CONFLICTS, OUTSIDE, AccessRefusal, Finding, Role, VisitEnd
from renshe.kernel.common.separation import Duty, apart
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.store.deed import deed

SHORTEST_REASON = 8
FIRST_PASSWORD = 16  # random bytes: 128 bits
DUTIES = "GB/T 22239-2019 8.1.7：管理、经办、审计相分离"


def _refuse(code: AccessRefusal, text: str, *, then: str = "", field: str = "", article: str = DUTIES) -> Refused:
    return Refused(Reason(code, text, article=article, then=then, field=field))


def open_account(*, username: str, name: str, actor: Actor) -> tuple[Account, str]:
    """A new account and its first password, which is shown once and must be changed. Raises Refused."""
    username, name = username.strip(), name.strip()
    if not username or not name:
        raise _refuse(AccessRefusal.BAD_POST, "请填写用户名和姓名", field="username")
    password = secrets.token_urlsafe(FIRST_PASSWORD)
    try:
        with deed():
            account = Account.objects.create(
                username=username[:60], name=name[:60], password=make_password(password), password_due=True,
                password_until=_first_until(),
            )
            ledger.record("access.account", "", {"account": str(account.pk), "by": str(actor.account_id)})
    except IntegrityError:
        raise _refuse(AccessRefusal.TAKEN, f"用户名“{username}”已被使用", then="请换一个", field="username") from None
    return account, password


def _first_until() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(hours=settings.RENSHE_FIRST_PASSWORD_HOURS)


def _overlapping(post: Post, valid_from: datetime.date, valid_until: datetime.date | None) -> bool:
    return (post.valid_until is None or valid_from < post.valid_until) and (
        valid_until is None or post.valid_from < valid_until
    )


def appoint(
    account: Account, *, role: Role, title: str, division: str, valid_from: datetime.date,
    valid_until: datetime.date | None, actor: Actor,
) -> Post:
    """Give a post over a jurisdiction. Raises Refused: not to oneself, no two duties that exclude each other, nor two jurisdictions.

    What the posts of an account permit, and where, is taken together: a clerk of one county who leads in the city would be a
    clerk of the whole city.
    """
    if account.pk == actor.account_id:
        raise _refuse(AccessRefusal.OWN_POST, "不能给自己授岗", then="请由另一位管理员办理")
    if valid_until is not None and valid_until <= valid_from:
        raise _refuse(AccessRefusal.BAD_POST, "止日应晚于起日", field="valid_until", article="")
    if not actor.covers(division):
        raise _refuse(AccessRefusal.BAD_POST, "管辖区划不在您的管辖之内", field="division")
    with deed():
        Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
        for held in account.posts.all():
            why = next((why for one, other, why in CONFLICTS if {one, other} == {role, Role(held.role)}), "")
            if why and _overlapping(held, valid_from, valid_until):
                raise _refuse(AccessRefusal.CONFLICT, f"{why}：已任“{held.title}”", then="请先结束原岗位，或由他人担任")
            elsewhere = held.division != division and not {role, Role(held.role)} & OUTSIDE
            if elsewhere and _overlapping(held, valid_from, valid_until):
                raise _refuse(
                    AccessRefusal.CONFLICT, f"已在区划 {held.division} 任“{held.title}”，一个账户的岗位须在同一区划，否则权限会越出管辖",
                    then="请先结束原岗位，或为另一区划的岗位另开账户", field="division",
                )
        post = Post.objects.create(
            account=account, role=role, title=title.strip()[:60] or role.label, division=division,
            valid_from=valid_from, valid_until=valid_until,
        )
        ledger.record("access.post", "", _of_post(post, actor))
    return post


def dismiss(post_id: int, *, actor: Actor) -> Post:
    """End a post today; the account's sessions end, so that nothing goes on under the old post. Safe to repeat."""
    with deed():
        post = Post.objects.select_for_update(of=("self",)).select_related("account").get(pk=post_id)
        today = timezone.localdate()
        if post.valid_until is None or post.valid_until > today:
            post.valid_until = max(today, post.valid_from)
            post.save(update_fields=["valid_until"])
            visits.end_all(post.account, VisitEnd.RESET)
            ledger.record("access.dismiss", "", _of_post(post, actor))
    return post


def _of_post(post: Post, actor: Actor) -> dict[str, str]:
    return {
        "account": str(post.account_id), "role": post.role, "division": post.division,
        "from": post.valid_from.isoformat(), "until": post.valid_until.isoformat() if post.valid_until else "",
        "by": str(actor.account_id),
    }


def reset(account: Account, *, actor: Actor, factors_too: bool = False) -> str:
    """For somebody who lost the password: a new first password, no sessions. Factors go only when these are lost as well."""
    if account.pk == actor.account_id:
        raise _refuse(AccessRefusal.OWN_POST, "不能重置自己的账户", then="请由另一位管理员办理")
    password = secrets.token_urlsafe(FIRST_PASSWORD)
    with deed():
        account.set_password(password)
        account.password_due, account.password_until = True, _first_until()
        account.save(update_fields=["password", "password_due", "password_until"])
        if factors_too:
            factors.reset(account)
        visits.end_all(account, VisitEnd.RESET)
        ledger.record("access.reset", "", {"account": str(account.pk), "by": str(actor.account_id)})
    return password


def end_visits(account: Account, *, actor: Actor) -> int:
    """End every session of an account, for whatever reason the operator has; returns how many."""
    with deed():
        ended = visits.end_all(account, VisitEnd.RESET)
        ledger.record("access.end_visits", "", {"account": str(account.pk), "count": ended, "by": str(actor.account_id)})
    return ended


def set_password(account: Account, password: str, *, session_key: str) -> None:
    """Change the password; every other session of the account ends. The new one has been validated."""
    with deed():
        account.set_password(password)
        account.password_due, account.password_until = False, None
        account.save(update_fields=["password", "password_due", "password_until"])
        visits.end_all(account, VisitEnd.REVOKED, but=session_key)
        ledger.record("access.password", "", {"account": str(account.pk)})


def bind_sign_on(account: Account, subject: str) -> None:
    """Join the city's sign-on (issuer and subject) to an account. Raises Refused when another account has it."""
    try:
        with deed():
            account.sign_on = subject[:200]
            account.save(update_fields=["sign_on"])
            ledger.record("access.sign_on", "", {"account": str(account.pk)})
    except IntegrityError:
        raise _refuse(AccessRefusal.TAKEN, "这个统一身份已绑定另一账户", then="请先在原账户解除", article="") from None


def break_glass(person_id: int, *, reason: str, actor: Actor) -> Override:
    """Open one record beyond the jurisdiction for a short while. Raises Refused without a reason worth the name."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise _refuse(
            AccessRefusal.NO_REASON, f"请写明事由，不少于{SHORTEST_REASON}个字", field="reason",
            article="个人信息保护法 第六条、第三十四条", then="例如：本人在异地窗口急需核对工伤待遇，已核身份证",
        )
    now = timezone.now()
    with deed():
        override = Override.objects.create(
            account_id=actor.account_id, person_id=person_id, reason=reason.strip()[:300], opened_at=now,
            closes_at=now + datetime.timedelta(minutes=settings.RENSHE_OVERRIDE_MINUTES),
        )
        ledger.record("access.override", "", {
            "override": str(override.pk), "account": str(actor.account_id), "person": str(person_id),
            "reason": override.reason,
        })
    return override


def review_override(override_id: int, *, finding: Finding, note: str, actor: Actor) -> Override:
    """The auditor's finding on an emergency. Raises Refused for one's own. Safe to repeat."""
    with deed():
        override = Override.objects.select_for_update(of=("self",)).get(pk=override_id)
        apart(Duty.VERIFY, actor.account_id, "记录", {Duty.READ: override.account_id}).or_raise()
        if override.reviewed_at is None:
            override.reviewed_by_id, override.reviewed_at = actor.account_id, timezone.now()
            override.finding, override.note = finding, note.strip()[:300]
            override.save(update_fields=["reviewed_by", "reviewed_at", "finding", "note"])
            ledger.record("access.override_review", "", {
                "override": str(override.pk), "finding": finding, "by": str(actor.account_id),
            })
    return override
