"""Addresses of signing in and out, and of one's own account."""

from django.urls import path

from renshe.portals.auth.views import asking, entering, joining, security, taking

urlpatterns = [
    path("login", entering.enter, name="login"),
    path("login/second", entering.second, name="second"),
    path("login/passkey/question", entering.passkey_question, name="passkey_question"),
    path("login/passkey/answer", entering.passkey_answer, name="passkey_answer"),
    path("login/sign-on", joining.start, name="sign_on"),
    path("login/sign-on/back", joining.back, name="sign_on_back"),
    path("login/sign-on/ended", joining.ended, name="sign_on_ended"),
    path("logout", entering.leave, name="logout"),
    path("account/session", entering.session, name="session"),
    path("home", entering.home, name="home"),
    path("account", security.account, name="account"),
    path("ask", asking.ask, name="ask"),
    path("exports", taking.taken, name="exports"),
    path("exports/<int:export_id>", taking.one, name="export"),
    path("account/passkey/offer", security.passkey_offer, name="passkey_offer"),
    path("account/passkey/made", security.passkey_made, name="passkey_made"),
]
