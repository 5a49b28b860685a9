"""Accounts and posts: open, appoint, dismiss, reset; duties that exclude each other are refused."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from renshe.kernel.access import actions, factors, queries, visits
from renshe.kernel.access.models import Account, Post
from renshe.kernel.access.permissions import requires
from renshe.kernel.access.terms import OUTSIDE, AccessRefusal, Permission, Role
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.privacy import masks
from renshe.kernel.subjects.actions import declare_kin, end_kin, link_officer
from renshe.kernel.subjects.models import Kin, Place
from renshe.kernel.subjects.queries import kinships_of, officer_person
from renshe.portals import exports, listing
from renshe.portals.listing import Personal

TITLES = ("用户名", Personal("姓名"), "启用", "岗位")
FIRST_PASSWORD = "first_password"  # shown once, after the redirect


def _rows(request: HttpRequest) -> QuerySet[Account]:
    return queries.accounts(text=request.GET.get("q", "").strip(), role=request.GET.get("role", ""))


def _line(one: Any) -> tuple[object, ...]:
    posts = "；".join(f"{post.title}（{post.division}）" for post in one.held)
    return one.username, one.name, "是" if one.is_active else "否", posts


exports.register(exports.Exportable("desk:accounts", "账户与岗位", TITLES, Permission.OPERATE, _rows, _line))


@requires(Permission.OPERATE)
def listed(request: HttpRequest) -> HttpResponse:
    """Accounts with their posts; search, filter, export; open a new one."""
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            account, request.session[FIRST_PASSWORD] = actions.open_account(
                username=request.POST.get("username", ""), name=request.POST.get("name", ""),
                actor=request.actor,  # type: ignore[attr-defined]
            )
            return redirect("desk:account", account.pk)
        except Refused as fault:
            reasons = fault.reasons
    rows = listing.listed(request, _rows(request))
    for row in rows["rows"]:
        row.shown = _name(row, row.held)
    page = {
        **rows, "q": request.GET.get("q", "").strip(),
        "role": request.GET.get("role", ""), "roles": Role.choices(), "reasons": reasons, "given": request.POST,
    }
    return render(request, "desk/accounts.html", page, status=422 if reasons else 200)


@requires(Permission.OPERATE)
def one(request: HttpRequest, account_id: int) -> HttpResponse:
    """One account: its posts, its ways of proving itself, its visits."""
    account = get_object_or_404(Account, pk=account_id)
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        try:
            _do(request, account)
            return redirect("desk:account", account.pk)
        except Refused as fault:
            reasons = fault.reasons
        except Post.DoesNotExist:
            reasons = (Reason("bad_request", "没有这个岗位"),)
    posts = list(account.posts.order_by("-valid_from", "-id"))
    person = officer_person(account.pk)
    page = {
        "account": account, "shown": _name(account, posts), "posts": posts, "today": timezone.localdate(),
        "factors": factors.active(account), "visits": visits.going_on(account), "roles": Role.choices(),
        "places": Place.objects.filter(level__in=("prefecture", "county")).order_by("code"), "reasons": reasons,
        "own": masks.name(person.name) if person else "", "kins": Kin.choices(),
        "relatives": [(one, masks.name(one.relative.name)) for one in kinships_of(person.pk)] if person else [],
        "given": request.POST, "first_password": request.session.pop(FIRST_PASSWORD, ""),
        "first_hours": settings.RENSHE_FIRST_PASSWORD_HOURS,
    }
    return render(request, "desk/account.html", page, status=422 if reasons else 200)


def _do(request: HttpRequest, account: Account) -> None:
    actor, deed = request.actor, request.POST.get("deed")  # type: ignore[attr-defined]
    if deed == "dismiss":
        actions.dismiss(_number(request.POST.get("post", "")), actor=actor)
    elif deed == "link":
        link_officer(account, request.POST.get("citizen_id", ""), actor=actor)
    elif deed == "kin":
        declare_kin(account, request.POST.get("kin_id", ""), request.POST.get("relation", ""), source=request.POST.get("source", ""), actor=actor)
    elif deed == "end_kin":
        end_kin(account, _number(request.POST.get("kinship", "")), actor=actor)
    elif deed in ("reset", "replace"):
        request.session[FIRST_PASSWORD] = actions.reset(account, actor=actor, factors_too=deed == "replace")
    elif deed == "end":
        actions.end_visits(account, actor=actor)
    elif deed == "appoint":
        role = request.POST.get("role", "")
        if role not in {value for value, _ in Role.choices()}:
            raise Refused(Reason(AccessRefusal.BAD_POST, "请选择角色", field="role"))
        until = request.POST.get("valid_until", "")
        actions.appoint(
            account, role=Role(role), title=request.POST.get("title", ""), division=request.POST.get("division", "")[:12],
            valid_from=_day(request.POST.get("valid_from", ""), "valid_from"),
            valid_until=_day(until, "valid_until") if until else None, actor=actor,
        )


def _name(account: Account, posts: Iterable[Post]) -> str:
    """An officer's name in clear; a resident's or an employer's masked, since nothing here is done about that person."""
    return account.name if any(post.role not in OUTSIDE for post in posts) else masks.name(account.name)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _day(text: str, field: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise Refused(Reason(AccessRefusal.BAD_POST, "日期应如 2026-11-24", field=field)) from None
