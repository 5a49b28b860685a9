"""Visits: how long a signed-in session lives, how many an account may have, and ending them from elsewhere."""

import datetime
import logging
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.db.utils import OperationalError
from django.utils import timezone

from renshe.kernel.access.models import Account, Visit
from renshe.kernel.access.terms import VisitEnd
from renshe.kernel.privacy.retention import cleared
from renshe.kernel.store import attempts
from renshe.kernel.store.deed import deed

log = logging.getLogger("renshe.visits")
BEGAN, SEEN = "began", "seen"
BROWSERS = (
    ("MicroMessenger", "微信"), ("AlipayClient", "支付宝"), ("DingTalk", "钉钉"), ("Edg/", "Edge"), ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "鸿蒙"), ("Android", "安卓手机"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows 电脑"),
    ("Mac OS", "Mac"), ("Linux", "Linux 电脑"),
)
WARNED, WARNED_FINAL = 60, 300  # seconds before its end that a session says so; the longer where it cannot be put off
NOTE_EVERY = 60  # seconds between two notes of activity: one small write a minute at most


def begin(account: Account, session: SessionBase, *, proved_by: str, device: str, network: str) -> Visit:
    """Note a signing in; the oldest visits beyond the limit end."""
    now = timezone.now()
    session[BEGAN] = session[SEEN] = int(now.timestamp())
    if session.session_key is None:
        session.save()
    with deed():
        visit = Visit.objects.create(
            account=account, session_key=session.session_key, proved_by=proved_by, device=device_name(device),
            network=network[:45], began_at=now,
        )
        for old in list(going_on(account))[settings.RENSHE_MOST_VISITS:]:
            _end(old, VisitEnd.REPLACED, now)
    return visit


def device_name(agent: str) -> str:
    """A browser's long name in a few words: `Linux 电脑上的 Chrome`."""
    system = next((name for mark, name in SYSTEMS if mark in agent), "未知设备")
    browser = next((name for mark, name in BROWSERS if mark in agent), "其他程序")
    return f"{system}上的 {browser}"


def going_on(account: Account) -> QuerySet[Visit]:
    """Visits whose session is still there, newest first."""
    live = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return account.visits.filter(ended_at=None, session_key__in=live).order_by("-id")


def last_seen(visit: Visit) -> datetime.datetime:
    """When the visit last asked for a page (to the minute)."""
    session = Session.objects.filter(session_key=visit.session_key).first()
    seen = session.get_decoded().get(SEEN) if session else None
    return datetime.datetime.fromtimestamp(seen, datetime.UTC) if seen else visit.began_at


def _end(visit: Visit, end: VisitEnd, now: datetime.datetime) -> None:
    Session.objects.filter(session_key=visit.session_key).delete()
    visit.ended_at, visit.end = now, end
    visit.save(update_fields=["ended_at", "end"])


def end(account: Account, visit_id: int, how: VisitEnd = VisitEnd.REVOKED) -> None:
    """End one visit of an account. Raises Visit.DoesNotExist. Safe to repeat."""
    with deed():
        visit = account.visits.select_for_update(of=("self",)).get(pk=visit_id)
        if visit.ended_at is None:
            _end(visit, how, timezone.now())


def end_all(account: Account, how: VisitEnd, *, but: str = "") -> int:
    """End every visit of an account but the one with session key `but`; returns how many."""
    with deed():
        visits = list(going_on(account).exclude(session_key=but))
        for visit in visits:
            _end(visit, how, timezone.now())
    return len(visits)


def follow(before: str, session: SessionBase) -> None:
    """Note that a visit goes on under a new session key (a new password gives one)."""
    Visit.objects.filter(session_key=before, ended_at=None).update(session_key=session.session_key)


def leave(session: SessionBase) -> None:
    """Note that somebody signs out."""
    Visit.objects.filter(session_key=session.session_key, ended_at=None).update(
        ended_at=timezone.now(), end=VisitEnd.LEFT
    )


def left(session: Any, now: int) -> tuple[int, bool]:
    """Seconds until a session ends if nothing more is done, and whether activity cannot put that off."""
    idle = session.get(SEEN, now) + settings.RENSHE_IDLE_MINUTES * 60 - now
    longest = session.get(BEGAN, now) + settings.SESSION_COOKIE_AGE - now
    return max(min(idle, longest), 0), longest <= idle


def lives(session: Any, now: int) -> bool:
    """Whether a session is within its idle and absolute limits."""
    began, seen = session.get(BEGAN), session.get(SEEN)
    if began is None or seen is None:
        session[BEGAN] = session[SEEN] = now
        return True
    return bool(now - seen <= settings.RENSHE_IDLE_MINUTES * 60 and now - began <= settings.SESSION_COOKIE_AGE)


def note(session: Any, now: int) -> None:
    """Note that a visit goes on, once a minute at most. Where nothing can be written the note is missing, not the page.

    Raises SessionInterrupted when the visit was ended elsewhere meanwhile.
    """
    seen, otherwise = session[SEEN], session.modified
    if now - seen <= min(NOTE_EVERY, settings.RENSHE_IDLE_MINUTES * 15):
        return
    session[SEEN] = now
    try:
        with attempts.harmless():
            session.save()
    except UpdateError as fault:
        why = fault.__cause__ or fault.__context__
        if not isinstance(why, OperationalError):
            raise SessionInterrupted("The visit was ended elsewhere.") from fault
        if attempts.passes_soon(why):
            raise
        log.warning("a visit could not be noted: %s", why)
        session[SEEN] = seen
    session.modified = otherwise


def forget(before: datetime.datetime, rule: str) -> int:
    """Remove one chunk of visits that began before a moment."""
    return cleared(Visit, "began_at", before, kind="visit", rule=rule)


def forget_sessions(before: datetime.datetime, rule: str) -> int:
    """Remove one chunk of sessions that ended by themselves before a moment."""
    return cleared(Session, "expire_date", before, kind="session", rule=rule)


def forget_failures(before: datetime.datetime, rule: str) -> int:
    """Remove one chunk of what the throttle remembers of failed passwords: it counts for a quarter of an hour."""
    kept = (AccessAttempt, AccessFailureLog, AccessLog)
    return sum(cleared(model, "attempt_time", before, kind="throttle", rule=rule) for model in kept)
