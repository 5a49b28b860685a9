"""Passwords, codes and proofs: what is taken, how it is kept, when it has to be given again."""

import re
import time

import pyotp
import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from renshe.kernel.access import actions, factors, visits
from renshe.kernel.access.models import Account, Factor
from renshe.kernel.access.terms import Role
from renshe.kernel.ledger.models import Leaf
from tests.factories import PASSWORD, a_resident, acting, an_officer, signed_in

pytestmark = pytest.mark.django_db
LONG = "  Đường 长安街 is a street " * 3 + " "  # beyond 64 characters, blanks at both ends


def entering(account: Account, password: str = PASSWORD) -> tuple[Client, int]:
    client = Client()
    return client, client.post("/login", {"username": account.username, "password": password}).status_code


@pytest.fixture
def later(monkeypatch):
    """Eleven minutes have passed since everybody signed in."""
    now = time.time()
    return lambda: monkeypatch.setattr("renshe.portals.auth.admission.time.time", lambda: now + 660)


def test_a_password_counts_as_it_was_typed_and_may_be_long():
    clerk = an_officer()
    client, _ = entering(clerk)
    assert len(LONG) > 64 and client.post("/account", {"deed": "password", "current": PASSWORD, "fresh": LONG}).status_code == 302
    assert entering(clerk, LONG)[1] == 302
    for other in (LONG.strip(), LONG.lower(), LONG[:64], LONG[:72]):
        assert entering(clerk, other)[1] == 422, other


def test_a_first_password_ends_by_itself_and_is_changed_at_once():
    operator = an_officer(Role.OPERATOR)
    account, first = actions.open_account(username="wang.fang", name="王芳", actor=acting(operator))
    assert len(first) >= 22  # 128 bits
    client, status = entering(account, first)
    assert status == 302 and client.get("/desk/").headers["Location"] == "/account"
    Account.objects.filter(pk=account.pk).update(password_until=timezone.now())
    late = Client().post("/login", {"username": "wang.fang", "password": first})
    assert late.status_code == 422 and "初始密码已过期" in late.content.decode()
    again = actions.reset(account, actor=acting(operator))
    client, status = entering(account, again)
    assert status == 302 and client.post("/account", {"deed": "password", "current": again, "fresh": "four-words-on-a-hill"}).status_code == 302
    account.refresh_from_db()
    assert account.password_until is None and not account.password_due


def test_a_forgotten_password_does_not_cost_the_second_factor(settings):
    settings.RENSHE_SECOND_FACTOR = "officers"
    clerk, operator = an_officer(), an_officer(Role.OPERATOR)
    factors.begin_totp(clerk)
    factors.confirm_totp(clerk, pyotp.TOTP(factors.totp_secret(factors.waiting_totp(clerk))).now())
    desk = signed_in(operator)
    desk.post(f"/desk/accounts/{clerk.pk}", {"deed": "reset"})
    page = desk.get(f"/desk/accounts/{clerk.pk}").content.decode()
    first = re.search(r'class="mono sum">([^<]+)<', page)[1]
    assert "72小时内有效" in page
    answer = Client().post("/login", {"username": clerk.username, "password": first})
    assert answer.headers["Location"] == "/login/second", "the first password alone opens nothing"
    desk.post(f"/desk/accounts/{clerk.pk}", {"deed": "replace"})
    assert not factors.active(clerk).exists()


def test_an_operator_ends_the_sessions_of_an_account():
    clerk, operator = an_officer(), an_officer(Role.OPERATOR)
    here, elsewhere = entering(clerk)[0], entering(clerk)[0]
    assert signed_in(operator).post(f"/desk/accounts/{clerk.pk}", {"deed": "end"}).status_code == 302
    assert here.get("/desk/").status_code == elsewhere.get("/desk/").status_code == 302
    assert entering(clerk)[1] == 302 and Leaf.objects.filter(kind="access.end_visits").count() == 1


def test_a_session_is_still_one_of_the_account_after_a_new_password():
    clerk = an_officer()
    client, _ = entering(clerk)
    client.post("/account", {"deed": "password", "current": PASSWORD, "fresh": "four-words-on-a-hill"})
    assert client.get("/desk/").status_code == 200 and visits.going_on(clerk).count() == 1
    assert "本机" in client.get("/account").content.decode()
    actions.end_visits(clerk, actor=acting(an_officer(Role.OPERATOR)))
    assert client.get("/desk/").status_code == 302


@pytest.mark.parametrize("deed", ["begin_totp", "confirm_totp", "recovery", "remove", "end", "end_others"])
def test_ways_of_signing_in_are_changed_only_after_proving_oneself_again(deed, later):
    clerk = an_officer()
    client, elsewhere = entering(clerk)[0], entering(clerk)[0]
    factor = Factor.objects.create(account=clerk, kind="passkey", label="钥匙", credential="x", made_at=timezone.now(), confirmed_at=timezone.now())
    form = {"deed": deed, "factor": factor.pk, "visit": visits.going_on(clerk).first().pk}
    later()
    assert client.post("/account", form).headers["Location"] == "/login?next=/account"
    assert client.post("/account/passkey/offer").status_code == 422
    factor.refresh_from_db()
    assert factor.removed_at is None and Factor.objects.count() == 1 and elsewhere.get("/desk/").status_code == 200
    assert "再登录一次" in client.get("/account").content.decode()


def test_who_proves_again_may_change_them_and_has_one_visit_fewer(later):
    clerk = an_officer()
    client, elsewhere = entering(clerk)[0], entering(clerk)[0]
    later()
    before = client.cookies["sessionid"].value
    assert client.post("/login", {"username": clerk.username, "password": PASSWORD, "next": "/account"}).headers["Location"] == "/account"
    assert client.cookies["sessionid"].value != before and visits.going_on(clerk).count() == 2
    session = client.session
    session["began"] = int(time.time())  # a visit begins by the real clock, and the clock of this test is ahead of it
    session.save()
    assert client.post("/account", {"deed": "end_others"}).headers["Location"] == "/account"
    assert elsewhere.get("/desk/").status_code == 302 and client.get("/desk/").status_code == 200


def test_recovery_codes_are_kept_as_passwords_are():
    clerk = an_officer()
    codes = factors.renew_recovery_codes(clerk)
    kept = list(Factor.objects.filter(account=clerk).values_list("credential", flat=True))
    rounds, salt, digest = kept[0].split("$")
    assert int(rounds) >= 600_000 and len(bytes.fromhex(salt)) >= 4 and len(bytes.fromhex(digest)) == 32
    assert not any(code.replace("-", "") in one for code in codes for one in kept)
    assert factors.prove(clerk, codes[3].lower().replace("-", " ")) == "recovery"
    assert factors.active(clerk).count() == 9


def test_an_installation_may_ask_everybody_for_a_second_factor(settings):
    settings.RENSHE_SECOND_FACTOR = "everyone"
    _, resident = a_resident()
    client = Client()
    assert client.post("/login", {"username": resident.username, "password": PASSWORD}).headers["Location"] == "/account"
    assert client.get("/me/").headers["Location"] == "/account"


def test_failed_proofs_are_written_down(caplog):
    clerk = an_officer()
    factors.begin_totp(clerk)
    factors.confirm_totp(clerk, pyotp.TOTP(factors.totp_secret(factors.waiting_totp(clerk))).now())
    client, _ = entering(clerk)
    client.post("/login/second", {"code": "000000"})
    assert f"second factor of account {clerk.pk} refused from 127.0.0.1" in caplog.text
    Client().post("/login/passkey/answer", "{}", content_type="application/json")
    assert "passkey refused from 127.0.0.1" in caplog.text
    Client().post("/login", {"username": "nobody", "password": "nothing"})
    assert "password refused from 127.0.0.1" in caplog.text and AccessAttempt.objects.get().username == "nobody"


@pytest.mark.parametrize(("path", "fields"), [("/login", 1), ("/account", 2)])
def test_passwords_are_masked_and_may_be_pasted_by_a_manager(path, fields):
    page = entering(an_officer())[0].get(path).content.decode()
    found = re.findall(r"<input[^>]*autocomplete=\"(?:current|new)-password\"[^>]*>", page)
    assert len(found) == fields and all('type="password"' in one and "onpaste" not in one for one in found)
    assert page.count('type="password"') == fields
