"""Second factors: one-time codes (RFC 6238), passkeys (WebAuthn level 2), recovery codes.

A code counts once; five wrong ones lock the factor for a quarter of an hour. Secrets are sealed columns; recovery
codes are kept as passwords are, by a slow function. Every factor that comes or goes leaves a ledger entry.
"""

import datetime
import hashlib
import secrets
from typing import Any

import pyotp
import webauthn
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from renshe.kernel.access.models import Account, Factor
from renshe.kernel.access.terms import OUTSIDE, AccessRefusal, FactorKind, Role
from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.privacy import sealing
from renshe.kernel.store import ids
from renshe.kernel.store.deed import deed

SECRET = "factor.secret"
MOST_FAILURES = 5
LOCKED = datetime.timedelta(minutes=15)
STEP = 30  # seconds a code lives; RENSHE_CODE_DRIFT neighbours on each side are accepted, since phones' clocks drift
RECOVERY_CODES = 10
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
ROUNDS = 600_000  # of PBKDF2 over a recovery code


def active(account: Account) -> QuerySet[Factor]:
    """The factors in use, oldest first."""
    return account.factors.filter(removed_at=None).exclude(confirmed_at=None).order_by("id")


def demanded(account: Account) -> bool:
    """Whether this account may not work without a second factor: officers, unless the installation says otherwise."""
    today = timezone.localdate()
    return settings.RENSHE_SECOND_FACTOR == "everyone" or (settings.RENSHE_SECOND_FACTOR == "officers" and any(
        Role(post.role) not in OUTSIDE
        for post in account.posts.all()
        if post.valid_from <= today and (post.valid_until is None or today < post.valid_until)
    ))


def _refuse(code: AccessRefusal, text: str, then: str = "", field: str = "") -> Refused:
    return Refused(Reason(code, text, article="GB/T 22239-2019 8.1.4.1", then=then, field=field))


def _recorded(kind: str, factor: Factor) -> None:
    ledger.record(f"access.{kind}", "", {"account": str(factor.account_id), "factor": str(factor.pk), "kind": factor.kind})


def begin_totp(account: Account) -> Factor:
    """A new secret, in use once a code from it was entered; an unconfirmed earlier one is given up."""
    with deed():
        now = timezone.now()
        account.factors.filter(kind=FactorKind.TOTP, confirmed_at=None, removed_at=None).update(removed_at=now)
        return Factor.objects.create(
            account=account, kind=FactorKind.TOTP, label="动态口令", made_at=now,
            secret_sealed=sealing.seal(SECRET, pyotp.random_base32()),
        )


def waiting_totp(account: Account) -> Factor | None:
    """The secret that waits for its first code."""
    return account.factors.filter(kind=FactorKind.TOTP, confirmed_at=None, removed_at=None).order_by("-id").first()


def totp_secret(factor: Factor) -> str:
    """The secret in clear, shown once while it waits."""
    return sealing.unseal(SECRET, factor.secret_sealed)


def totp_address(factor: Factor) -> str:
    """The `otpauth:` address an authenticator app scans."""
    return pyotp.TOTP(totp_secret(factor)).provisioning_uri(name=factor.account.username, issuer_name=settings.RENSHE_BUREAU)


def _matches(factor: Factor, code: str, now: datetime.datetime) -> bool:
    """Whether a TOTP code fits a step not used before; notes the step."""
    totp, at = pyotp.TOTP(totp_secret(factor)), int(now.timestamp()) // STEP
    near = (at + sign * away for away in range(1, settings.RENSHE_CODE_DRIFT + 1) for sign in (-1, 1))
    for step in (at, *near):
        if step > factor.counter and secrets.compare_digest(totp.at(step * STEP), code):
            factor.counter = step
            return True
    return False


def confirm_totp(account: Account, code: str) -> Factor:
    """Take the waiting secret into use. Raises Refused."""
    with deed():
        factor = waiting_totp(account)
        if factor is None or not _matches(factor, code.strip().replace(" ", ""), timezone.now()):
            raise _refuse(AccessRefusal.WRONG_CODE, "验证码不对", "请看手机上当前显示的六位数字；手机时间须准确", "code")
        factor.confirmed_at = factor.used_at = timezone.now()
        factor.save(update_fields=["confirmed_at", "used_at", "counter"])
        _recorded("factor", factor)
    return factor


def _digest(code: str, way: str) -> str:
    """A recovery code as it is kept: `rounds$salt$digest`, where `way` is the part before the digest."""
    rounds, salt = way.split("$")
    clean = "".join(char for char in code.upper() if char in ALPHABET)
    return f"{way}${hashlib.pbkdf2_hmac('sha256', clean.encode(), salt.encode(), int(rounds)).hex()}"


def _slow_digests(account: Account, code: str) -> set[str]:
    """What `code` would be kept as, once for each salt in use; made before anything is locked, since it takes its time."""
    if code.isdigit():  # one from the telephone: recovery codes have letters too
        return set()
    kept = active(account).filter(kind=FactorKind.RECOVERY).values_list("credential", flat=True)
    return {_digest(code, way) for way in {one.rpartition("$")[0] for one in kept} if way}


def renew_recovery_codes(account: Account) -> list[str]:
    """Ten fresh codes, shown once; earlier ones stop working."""
    codes = ["-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(2)) for _ in range(RECOVERY_CODES)]
    now, way = timezone.now(), f"{ROUNDS}${secrets.token_hex(16)}"
    rows = [
        Factor(id=ids.new(), account=account, kind=FactorKind.RECOVERY, label="备用码", credential=_digest(code, way),
               made_at=now, confirmed_at=now)
        for code in codes
    ]
    with deed():
        active(account).filter(kind=FactorKind.RECOVERY).update(removed_at=now)
        Factor.objects.bulk_create(rows)
        _recorded("recovery", rows[0])
    return codes


def prove(account: Account, code: str) -> FactorKind:
    """Accept a one-time or recovery code. Raises Refused; five wrong ones lock the account's codes for a while.

    The count of failures is kept even though the answer is a refusal: it is written before the refusal is raised.
    """
    clean, now = code.strip().replace(" ", ""), timezone.now()
    digests = _slow_digests(account, clean)
    with deed():
        factors = list(active(account).exclude(kind=FactorKind.PASSKEY).select_for_update(of=("self",)))
        if any(one.locked_until and one.locked_until > now for one in factors):
            fault = _refuse(AccessRefusal.TOO_OFTEN, "连续多次不对，已锁定十五分钟", "请稍后再试，或请管理员重置", "code")
        else:
            kind = _proved(factors, clean, digests, now)
            if kind is not None:
                return kind
            fault = _refuse(AccessRefusal.WRONG_CODE, "验证码不对", "请输入手机上当前的六位数字，或一个没有用过的备用码", "code")
            for one in factors:
                one.failures += 1
                if one.failures >= MOST_FAILURES:
                    one.failures, one.locked_until = 0, now + LOCKED
            Factor.objects.bulk_update(factors, ["failures", "locked_until"])
    raise fault


def _proved(factors: list[Factor], code: str, digests: set[str], now: datetime.datetime) -> FactorKind | None:
    for factor in factors:
        if factor.kind == FactorKind.RECOVERY and any(secrets.compare_digest(factor.credential, one) for one in digests):
            factor.used_at = factor.removed_at = now
        elif factor.kind == FactorKind.TOTP and _matches(factor, code, now):
            factor.used_at = now
        else:
            continue
        factor.save(update_fields=["used_at", "removed_at", "counter"])
        Factor.objects.filter(pk__in=[one.pk for one in factors]).update(failures=0, locked_until=None)
        return FactorKind(factor.kind)
    return None


def _rp() -> tuple[str, str]:
    """Relying party and origin, from the platform's own address."""
    origin = settings.RENSHE_ADDRESS.rstrip("/")
    return origin.split("://", 1)[1].split(":", 1)[0], origin


def passkey_offer(account: Account) -> tuple[str, str]:
    """Options for making a passkey, as JSON for the browser, and the challenge to keep in the session."""
    options = webauthn.generate_registration_options(
        rp_id=_rp()[0], rp_name=settings.RENSHE_BUREAU, user_name=account.username, user_display_name=account.name,
        user_id=str(account.pk).encode(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential))
            for one in active(account).filter(kind=FactorKind.PASSKEY)
        ],
    )
    return webauthn.options_to_json(options), bytes_to_base64url(options.challenge)


def add_passkey(account: Account, answer: dict[str, Any], challenge: str, label: str) -> Factor:
    """Take a made passkey into use. Raises Refused."""
    rp_id, origin = _rp()
    try:
        made = webauthn.verify_registration_response(
            credential=answer, expected_challenge=base64url_to_bytes(challenge), expected_rp_id=rp_id,
            expected_origin=origin, require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise _refuse(AccessRefusal.BAD_PASSKEY, "设备的回答没有通过验证", "请重新登记；如仍不行，换一个设备或用动态口令") from None
    with deed():
        now = timezone.now()
        factor = Factor.objects.create(
            account=account, kind=FactorKind.PASSKEY, label=label.strip()[:60] or "通行密钥",
            credential=bytes_to_base64url(made.credential_id), public_key=made.credential_public_key,
            counter=made.sign_count, made_at=now, confirmed_at=now,
        )
        _recorded("factor", factor)
    return factor


def passkey_question() -> tuple[str, str]:
    """Options for signing in with a passkey of any account, and the challenge to keep in the session."""
    options = webauthn.generate_authentication_options(
        rp_id=_rp()[0], user_verification=UserVerificationRequirement.REQUIRED
    )
    return webauthn.options_to_json(options), bytes_to_base64url(options.challenge)


def passkey_answer(answer: dict[str, Any], challenge: str) -> Account:
    """The account whose passkey answered. Raises Refused. A counter that runs backwards means a copied key."""
    rp_id, origin = _rp()
    fault = _refuse(AccessRefusal.BAD_PASSKEY, "通行密钥没有通过验证", "请重试，或改用密码登录")
    with deed():
        factor = (
            Factor.objects.select_for_update(of=("self",)).select_related("account")
            .filter(kind=FactorKind.PASSKEY, credential=str(answer.get("id", ""))[:1400], removed_at=None,
                    account__is_active=True)
            .first()
        )
        if factor is None:
            raise fault
        try:
            seen = webauthn.verify_authentication_response(
                credential=answer, expected_challenge=base64url_to_bytes(challenge), expected_rp_id=rp_id,
                expected_origin=origin, credential_public_key=bytes(factor.public_key),
                credential_current_sign_count=factor.counter, require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError):
            raise fault from None
        factor.counter, factor.used_at = seen.new_sign_count, timezone.now()
        factor.save(update_fields=["counter", "used_at"])
    return factor.account


def remove(account: Account, factor_id: int) -> None:
    """Stop using a factor; the last one of an officer stays. Raises Refused, Factor.DoesNotExist."""
    with deed():
        factor = active(account).get(pk=factor_id)
        others = active(account).exclude(pk=factor.pk).exclude(kind=FactorKind.RECOVERY)
        if demanded(account) and not others.exists():
            raise _refuse(AccessRefusal.LAST_FACTOR, "这是最后一种验证方式，不能停用", "请先登记另一种")
        factor.removed_at = timezone.now()
        factor.save(update_fields=["removed_at"])
        _recorded("factor_removed", factor)


def reset(account: Account) -> int:
    """Take all factors out of use, for somebody who lost phone and keys; the operator has seen the person."""
    with deed():
        gone = active(account).update(removed_at=timezone.now())
        ledger.record("access.factors_reset", "", {"account": str(account.pk), "count": gone})
    return gone
