"""The way in: second factors, sessions, posts, emergencies, the city's sign-on."""

import datetime
import http.server
import json
import re
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

import httpx
import pyotp
import pytest
from django.test import Client
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import RSAKey

from bench.faults.platform import free_port
from renshe.kernel.access import actions, factors, visits
from renshe.kernel.access.actor import actor_of
from renshe.kernel.access.models import Account, Factor, Override, Post, Visit
from renshe.kernel.access.terms import CONFLICTS, Finding, Role
from renshe.kernel.common.verdict import Refused
from renshe.kernel.ledger.models import Leaf
from renshe.kernel.privacy.models import Reading
from renshe.kernel.subjects.queries import citizen_id
from renshe.portals.auth.sign_on import _client as sign_on_client
from tests.factories import PASSWORD, a_person, a_resident, acting, an_account, an_officer, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict(settings):
    settings.RENSHE_SECOND_FACTOR = "officers"


def entering(account: Account, client: Client | None = None):
    client = client or Client()
    return client, client.post("/login", {"username": account.username, "password": PASSWORD})


def enrolled(account: Account) -> pyotp.TOTP:
    """The account with one-time codes in use; the code now is not used up."""
    totp = pyotp.TOTP(factors.totp_secret(factors.begin_totp(account)))
    factors.confirm_totp(account, totp.now())
    Factor.objects.filter(account=account).update(counter=0)
    return totp


def test_an_officer_without_a_second_factor_gets_no_further_than_setting_one_up(strict):
    clerk = an_officer()
    client, answer = entering(clerk)
    assert answer.headers["Location"] == "/account"
    assert client.get("/desk/").headers["Location"] == "/account"
    assert "动态口令" in client.get("/account").content.decode()
    client.post("/account", {"deed": "begin_totp"})
    secret = factors.totp_secret(factors.waiting_totp(clerk))
    assert client.post("/account", {"deed": "confirm_totp", "code": "000000"}).status_code == 422
    page = client.post("/account", {"deed": "confirm_totp", "code": pyotp.TOTP(secret).now()}).content.decode()
    codes = re.findall(r"<li>([2-9A-Z]{5}-[2-9A-Z]{5})</li>", page)
    assert len(codes) == 10
    assert client.get("/desk/").status_code == 200
    # The next time the password alone opens nothing; a recovery code does, once.
    other, answer = entering(clerk)
    assert answer.headers["Location"] == "/login/second"
    assert other.get("/desk/").status_code == 302
    assert other.post("/login/second", {"code": codes[0]}).status_code == 302
    assert other.get("/desk/").status_code == 200
    again, _ = entering(clerk)
    assert again.post("/login/second", {"code": codes[0]}).status_code == 422
    assert Leaf.objects.filter(kind="access.factor").count() == 1


def test_residents_may_have_a_second_factor_but_need_none(strict):
    _, resident = a_resident()
    client, answer = entering(resident)
    assert answer.headers["Location"] == "/home" and client.get("/me/").status_code == 200
    totp = enrolled(resident)
    client, answer = entering(resident)
    assert answer.headers["Location"] == "/login/second"
    assert client.post("/login/second", {"code": totp.now()}).status_code == 302
    assert client.get("/me/").status_code == 200


def test_a_code_counts_once_and_five_wrong_ones_lock(strict):
    clerk = an_officer()
    totp = enrolled(clerk)
    code = totp.now()
    factors.prove(clerk, code)
    with pytest.raises(Refused, match="验证码不对"):
        factors.prove(clerk, code)
    Factor.objects.update(counter=0, failures=0)
    for _ in range(5):
        with pytest.raises(Refused, match="验证码不对"):
            factors.prove(clerk, "123")
    with pytest.raises(Refused, match="已锁定"):
        factors.prove(clerk, totp.now())
    Factor.objects.update(locked_until=timezone.now())
    factors.prove(clerk, totp.now())


def test_an_installation_may_take_the_present_code_only(strict, settings):
    clerk = an_officer()
    totp = enrolled(clerk)
    factor, start = Factor.objects.get(account=clerk, kind="totp"), timezone.now()

    def codes(now):
        return [totp.at(now.timestamp() + 30 * away) for away in (-2, -1, 0, 1, 2)]

    now = next(one for one in (start + datetime.timedelta(hours=hour) for hour in range(99)) if len(set(codes(one))) == 5)  # told apart

    def taken():
        return [factors._matches(factor, code, now) for code in codes(now) if not setattr(factor, "counter", 0)]

    assert taken() == [False, True, True, True, False]
    settings.RENSHE_CODE_DRIFT = 0
    assert taken() == [False, False, True, False, False]


def test_the_half_way_of_a_sign_in_ends_after_five_minutes(strict, monkeypatch):
    clerk = an_officer()
    totp = enrolled(clerk)
    client, _ = entering(clerk)
    now = time.time()
    monkeypatch.setattr("renshe.portals.auth.admission.time.time", lambda: now + 301)
    answer = client.post("/login/second", {"code": totp.now()})
    assert answer.headers["Location"] == "/login" and client.get("/desk/").status_code == 302


def test_an_officer_keeps_the_last_factor(strict):
    clerk = an_officer()
    enrolled(clerk)
    held = factors.active(clerk).get()
    with pytest.raises(Refused, match="最后一种"):
        factors.remove(clerk, held.pk)
    Factor.objects.create(account=clerk, kind="passkey", label="钥匙", credential="x", made_at=timezone.now(), confirmed_at=timezone.now())
    factors.remove(clerk, held.pk)
    assert factors.active(clerk).get().kind == "passkey"


def test_a_session_ends_when_idle_and_at_last_however_busy(monkeypatch):
    clerk = an_officer()
    client, _ = entering(clerk)
    now = time.time()
    assert client.get("/desk/").status_code == 200
    for minutes in range(20, 60 * 8 - 1, 20):  # busy all day
        monkeypatch.setattr("renshe.kernel.access.middleware.time.time", lambda m=minutes: now + m * 60)
        assert client.get("/desk/").status_code == 200, minutes
    monkeypatch.setattr("renshe.kernel.access.middleware.time.time", lambda: now + 8 * 3600 + 60)
    assert client.get("/desk/").status_code == 302
    monkeypatch.undo()
    client, _ = entering(clerk)
    monkeypatch.setattr("renshe.kernel.access.middleware.time.time", lambda: now + 31 * 60 + 5)
    assert client.get("/desk/").status_code == 302
    assert Visit.objects.exclude(ended_at=None).count() == 2


def test_a_page_may_ask_how_long_its_session_lasts_without_keeping_it(monkeypatch):
    client, _ = entering(an_officer())
    began = time.time()

    def after(minutes, **headers):
        for place in ("kernel.access.middleware", "portals.auth.views.entering"):
            monkeypatch.setattr(f"renshe.{place}.time.time", lambda: began + minutes * 60)
        return client.get("/account/session", headers=headers).json()

    quiet = {"Renshe-Quiet": "1"}
    assert 19 * 60 < after(10, **quiet)["left"] <= 20 * 60 and 4 * 60 < after(25, **quiet)["left"] <= 5 * 60
    assert after(28)["left"] == 30 * 60  # asked aloud it is kept
    assert after(59, **quiet)["left"] == 0
    assert Client().get("/account/session").json() == {"left": 0, "final": False}


def test_an_account_has_at_most_three_sessions_and_may_end_the_others():
    clerk = an_officer()
    clients = [entering(clerk)[0] for _ in range(4)]
    assert clients[0].get("/desk/").status_code == 302  # replaced by the fourth
    assert all(client.get("/desk/").status_code == 200 for client in clients[1:])
    assert Visit.objects.get(end="replaced").account == clerk
    oldest = visits.going_on(clerk).last()
    stranger = entering(an_officer())[0]
    stranger.post("/account", {"deed": "end", "visit": oldest.pk})
    assert clients[1].get("/desk/").status_code == 200
    clients[3].post("/account", {"deed": "end", "visit": oldest.pk})
    assert clients[1].get("/desk/").status_code == 302 and clients[3].get("/desk/").status_code == 200


def test_a_new_password_ends_the_other_sessions():
    clerk = an_officer()
    here, elsewhere = entering(clerk)[0], entering(clerk)[0]
    change = {"deed": "password", "current": PASSWORD, "fresh": "four-words-on-a-hill"}
    assert here.post("/account", {**change, "current": "no"}).status_code == 422
    assert here.post("/account", {**change, "fresh": "short"}).status_code == 422
    assert here.post("/account", change).status_code == 302
    assert here.get("/desk/").status_code == 200 and elsewhere.get("/desk/").status_code == 302


def test_the_operator_opens_an_account_appoints_and_dismisses(strict):
    operator = an_officer(Role.OPERATOR)
    desk = signed_in(operator)
    made = desk.post("/desk/accounts", {"username": "li.ming", "name": "李明"})
    account = Account.objects.get(username="li.ming")
    assert made.headers["Location"] == f"/desk/accounts/{account.pk}"
    page = desk.get(made.headers["Location"]).content.decode()
    password = re.search(r'class="mono sum">([^<]+)<', page)[1]
    assert password not in desk.get(made.headers["Location"]).content.decode()  # once
    assert desk.post("/desk/accounts", {"username": "li.ming", "name": "李明"}).status_code == 422
    post = {"deed": "appoint", "role": "clerk", "title": "参保岗", "division": "330802", "valid_from": "2026-01-01"}
    assert desk.post(f"/desk/accounts/{account.pk}", {**post, "valid_from": "x"}).status_code == 422
    assert desk.post(f"/desk/accounts/{account.pk}", post).status_code == 302
    refused = desk.post(f"/desk/accounts/{account.pk}", {**post, "role": "auditor"})
    assert refused.status_code == 422 and "审计的人不能同时经办" in refused.content.decode()
    assert desk.post(f"/desk/accounts/{operator.pk}", post).status_code == 422  # not to oneself
    new = Client()
    answer = new.post("/login", {"username": "li.ming", "password": password})
    assert answer.headers["Location"] == "/account" and new.get("/desk/").headers["Location"] == "/account"
    held = Post.objects.get(account=account)
    assert desk.post(f"/desk/accounts/{account.pk}", {"deed": "dismiss", "post": held.pk}).status_code == 302
    held.refresh_from_db()
    assert held.valid_until == timezone.localdate() and new.get("/account").status_code == 302
    assert {leaf.kind for leaf in Leaf.objects.all()} >= {"access.account", "access.post", "access.dismiss"}


@pytest.mark.parametrize(("one", "other", "why"), CONFLICTS)
def test_duties_that_exclude_each_other_are_never_held_on_the_same_day(one, other, why):
    account, operator = an_account(one), acting(an_officer(Role.OPERATOR))
    day = datetime.date(2026, 1, 1)
    give = {"role": other, "title": "", "division": "330802", "actor": operator}
    with pytest.raises(Refused, match=why):
        actions.appoint(account, valid_from=day, valid_until=None, **give)
    Post.objects.filter(account=account).update(valid_until=day)
    assert actions.appoint(account, valid_from=day, valid_until=None, **give).role == other


def test_posts_in_two_places_do_not_lend_each_other_their_reach():
    """A clerk of a county who led in the city, or stood for an employer of the city, would look up people of every county."""
    clerk, operator = an_officer(division="330802"), acting(an_officer(Role.OPERATOR, division="330800"))
    day = timezone.localdate()
    leads = {"account": clerk, "role": Role.LEADER, "title": "", "division": "330800", "valid_from": day, "actor": operator}
    with pytest.raises(Refused, match="须在同一区划"):
        actions.appoint(**leads, valid_until=None)
    assert actions.appoint(**{**leads, "division": "330802"}, valid_until=None).division == "330802"
    Post.objects.create(account=clerk, role=Role.EMPLOYER, title="", division="330800", valid_from=day)
    assert not actor_of(clerk).covers("330825") and actor_of(clerk).covers("330802")
    Post.objects.filter(account=clerk, role__in=(Role.CLERK, Role.LEADER)).update(valid_until=day)
    assert actions.appoint(**leads, valid_until=None).division == "330800"  # one after the other


def test_a_reset_takes_password_factors_and_sessions(strict):
    clerk, operator = an_officer(), acting(an_officer(Role.OPERATOR))
    totp = enrolled(clerk)
    client, _ = entering(clerk)
    client.post("/login/second", {"code": totp.now()})
    assert client.get("/desk/").status_code == 200
    actions.reset(clerk, actor=operator, factors_too=True)
    assert client.get("/desk/").status_code == 302 and not factors.active(clerk).exists()
    with pytest.raises(Refused, match="自己"):
        actions.reset(Account.objects.get(pk=operator.account_id), actor=operator)


def test_jurisdiction_follows_the_division_codes():
    city, county, town = (acting(an_officer(division=code)) for code in ("330800", "330802", "330802005"))
    assert city.covers("330825") and city.covers("330802005") and not county.covers("330825")
    assert county.covers("330802005") and not town.covers("330802") and not town.covers("330802006")


def test_an_emergency_look_needs_a_reason_ends_by_itself_is_told_and_reviewed():
    clerk, person = an_officer(division="330825"), a_person(division="330802")
    _, resident = a_resident(person)
    desk = signed_in(clerk)
    desk.post("/desk/persons", {"q": citizen_id(person), "purpose": "核查投诉举报"})
    ask = desk.get(f"/desk/persons/{person.pk}")
    assert ask.headers["Location"] == f"/desk/persons/{person.pk}/emergency"
    assert "30 分钟" in desk.get(ask.headers["Location"]).content.decode()
    assert desk.post(ask.headers["Location"], {"reason": "看看"}).status_code == 422
    assert desk.post(ask.headers["Location"], {"reason": "本人在窗口急需核对工伤待遇"}).status_code == 302
    assert desk.get(f"/desk/persons/{person.pk}").status_code == 200
    assert desk.get(f"/desk/persons/{a_person(division='330802').pk}").status_code == 302  # that one person only
    assert Reading.objects.filter(person_id=person.pk, purpose__contains="急需核对").exists()
    assert "急需核对工伤待遇" in signed_in(resident).get("/me/readings").content.decode()
    override = Override.objects.get()
    Override.objects.update(closes_at=timezone.now())
    assert desk.get(f"/desk/persons/{person.pk}").status_code == 302
    audit = signed_in(an_officer(Role.AUDITOR))
    assert "急需核对" in audit.get("/desk/overrides").content.decode()
    assert audit.post("/desk/overrides", {"override": override.pk, "finding": "x"}).status_code == 422
    assert audit.post("/desk/overrides", {"override": override.pk, "finding": "unjustified", "note": "无来访记录"}).status_code == 302
    override.refresh_from_db()
    assert override.finding == Finding.UNJUSTIFIED and Leaf.objects.filter(kind="access.override_review").count() == 1
    with pytest.raises(Refused, match="自己"):
        actions.review_override(override.pk, finding=Finding.JUSTIFIED, note="", actor=acting(clerk))


@pytest.fixture
def provider(settings):
    """A real OpenID Connect provider in its own process."""
    sign_on_client.cache_clear()
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    issuer = f"http://localhost:{port}"
    while process.poll() is None:
        try:
            httpx.get(f"{issuer}/.well-known/openid-configuration", timeout=None)
            break
        except httpx.TransportError:
            time.sleep(0.1)
    settings.RENSHE_SSO = {**settings.RENSHE_SSO, "issuer": issuer, "client_id": "renshe", "client_secret": "s",
                           "citizen_id_claim": "id_number", "label": "浙里办登录"}
    settings.RENSHE_ADDRESS = "http://localhost"
    yield issuer
    process.terminate()
    process.wait()


def sign_on(client: Client, issuer: str, subject: str, *, form: dict[str, str] | None = None, **told: str):
    """Through the provider as a browser goes: there, agree, and back."""
    httpx.put(f"{issuer}/users/{subject}", json={"sub": subject, **told}, timeout=None).raise_for_status()
    there = client.post("/login/sign-on", form or {}).headers["Location"]
    assert there.startswith(issuer) and "code_challenge=" in there and "nonce=" in there
    agreed = httpx.post(there, data={"sub": subject}, timeout=None)
    back = urlsplit(agreed.headers["location"])
    return client.get(f"{back.path}?{back.query}")


def test_the_citys_sign_on_opens_a_residents_account_and_finds_it_again(provider):
    person = a_person()
    first = Client()
    assert "浙里办登录" in first.get("/login").content.decode()
    assert sign_on(first, provider, "zj-1", id_number=citizen_id(person)).headers["Location"] == "/home"
    assert first.get("/me/").status_code == 200
    again = Client()
    sign_on(again, provider, "zj-1")
    assert again.get("/me/").status_code == 200
    assert Account.objects.filter(sign_on=f"{provider}#zj-1").count() == 1
    unknown = sign_on(Client(), provider, "zj-2")
    assert unknown.status_code == 422 and "还没有绑定" in unknown.content.decode()


def test_an_officer_binds_the_sign_on_and_still_needs_a_second_factor(provider, strict):
    clerk = an_officer()
    totp = enrolled(clerk)
    client, _ = entering(clerk)
    client.post("/login/second", {"code": totp.now()})
    assert sign_on(client, provider, "zj-9", form={"bind": "1"}).headers["Location"] == "/account"
    other = Client()
    assert sign_on(other, provider, "zj-9").headers["Location"] == "/login/second"
    assert other.get("/desk/").status_code == 302
    stolen = Client()
    stolen.force_login(an_officer(), backend="django.contrib.auth.backends.ModelBackend")
    stolen.get("/account")
    assert sign_on(stolen, provider, "zj-9", form={"bind": "1"}).status_code == 422  # bound to another account


def test_a_forged_or_replayed_answer_of_the_sign_on_is_refused(provider):
    client = Client()
    client.post("/login/sign-on")
    assert client.get("/login/sign-on/back?code=x&state=forged").status_code == 422
    person = a_person()
    httpx.put(f"{provider}/users/zj-3", json={"sub": "zj-3", "id_number": citizen_id(person)}, timeout=None)
    agreed = httpx.post(client.post("/login/sign-on").headers["Location"], data={"sub": "zj-3"}, timeout=None)
    back = urlsplit(agreed.headers["location"])
    assert Client().get(f"{back.path}?{back.query}").status_code == 422  # another browser
    assert client.get(f"{back.path}?{back.query}").status_code == 302
    assert client.get(f"{back.path}?{back.query}").status_code == 422  # a second time


def test_signing_out_here_leads_to_signing_out_there(provider):
    person = a_person()
    client = Client()
    sign_on(client, provider, "zj-4", id_number=citizen_id(person))
    there = client.post("/logout")
    assert there.headers["Location"].startswith(f"{provider}/oauth2/end_session?client_id=renshe&post_logout_redirect_uri=http%3A%2F%2Flocalhost%2F")
    assert client.get("/me/").status_code == 302 and httpx.get(there.headers["Location"], timeout=None).status_code == 200
    own, _ = entering(an_officer())
    assert own.post("/logout").headers["Location"] == "/"  # who came by password has no session there


@pytest.fixture
def telling(settings):
    """A provider whose key we hold: it says with a signed token that somebody signed out."""
    key, documents = RSAKey.generate_key(2048, {"kid": "1"}), {}
    sign_on_client.cache_clear()

    class Documents(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(documents[self.path]).encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Documents)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    issuer = f"http://localhost:{server.server_port}"
    documents["/.well-known/openid-configuration"] = {"issuer": issuer, "jwks_uri": f"{issuer}/keys", "token_endpoint": f"{issuer}/token"}
    documents["/keys"] = {"keys": [key.as_dict(private=False)]}
    settings.RENSHE_SSO = {**settings.RENSHE_SSO, "issuer": issuer, "client_id": "renshe", "client_secret": "s"}

    def told(signer=key, typ="logout+jwt", **changes):
        claims = {
            "iss": issuer, "aud": "renshe", "iat": int(time.time()), "jti": "1", "sub": "zj-5",
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}}, **changes,
        }
        return jwt.encode({"alg": "RS256", "kid": "1", "typ": typ}, {name: one for name, one in claims.items() if one is not None}, signer)

    yield issuer, told
    server.shutdown()
    server.server_close()


def test_signing_out_there_ends_every_session_here(telling):
    issuer, told = telling
    officer = an_officer()
    client, _ = entering(officer)
    Account.objects.filter(pk=officer.pk).update(sign_on=f"{issuer}#zj-5")
    assert client.get("/desk/").status_code == 200
    browser = Client(enforce_csrf_checks=True)  # a program calls, without our form
    assert browser.post("/login/sign-on/ended", {"logout_token": told()}).status_code == 200
    assert client.get("/desk/").status_code == 302 and not visits.going_on(officer).exists()
    assert browser.post("/login/sign-on/ended", {"logout_token": told()}).status_code == 200  # told twice


@pytest.mark.parametrize("changes", [
    {"aud": "another"}, {"iss": "https://another.invalid"}, {"iat": 1_600_000_000}, {"events": {}}, {"events": None}, {"nonce": "n"}, {"sub": None}, {"typ": "JWT"},
    {"signer": RSAKey.generate_key(2048, {"kid": "1"})},
], ids=lambda one: next(iter(one)))
def test_a_logout_token_that_is_not_quite_right_ends_nothing(telling, changes):
    issuer, told = telling
    officer = an_officer()
    client, _ = entering(officer)
    Account.objects.filter(pk=officer.pk).update(sign_on=f"{issuer}#zj-5")
    answer = Client().post("/login/sign-on/ended", {"logout_token": told(**changes)})
    assert answer.status_code == 400 and answer.headers["Cache-Control"] == "no-store"
    assert client.get("/desk/").status_code == 200


def test_a_sign_on_inside_the_network_is_called_only_when_it_is_named(telling, settings, client):
    settings.RENSHE_OUTGOING = []
    answer = client.post("/login/sign-on")
    assert answer.status_code == 502 and "联系不上" in answer.content.decode()


def test_without_a_provider_there_is_no_button_and_no_way(client):
    assert "sign-on" not in client.get("/login").content.decode()
    assert client.post("/login/sign-on").headers["Location"] == "/login"
    assert client.get("/login/sign-on/back?code=1&state=2").headers["Location"] == "/login"
