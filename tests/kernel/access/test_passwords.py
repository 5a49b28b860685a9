"""Passwords made of words that everybody here knows."""

import hashlib
import os
import subprocess
import sys

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from renshe.kernel.access.passwords import KnownFromLeaks


@pytest.mark.parametrize("password", [
    "quzhou12333", "Quzhou@2026", "RENSHE2026!!", "rsj330800123", "ｑｕｚｈｏｕ１２３４", "衢州人社局2026年", "kecheng-0570", "p@ssword2026", "Qwerty!2026",
])
def test_words_of_the_place_are_no_password(password):
    with pytest.raises(ValidationError, match="本地地名") as refused:
        validate_password(password)
    assert "password_of_the_place" in {one.code for one in refused.value.error_list}


@pytest.mark.parametrize("password", ["quzhou-墙角数枝梅", "correct horse battery", "renshe mU7kd-Qp2v", "三更灯火五更鸡正是时"])
def test_other_passwords_may_contain_them(password):
    validate_password(password)


def test_digits_alone_are_refused_unless_the_installation_takes_them(settings):
    with pytest.raises(ValidationError):
        validate_password("3141592653589793")
    code = "from django.conf import settings; print(*(one['NAME'].rpartition('.')[2] for one in settings.AUTH_PASSWORD_VALIDATORS))"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "renshe.config.settings", "RENSHE_DIGITS_ONLY": "1"}
    told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True).stdout.split()
    assert "NumericPasswordValidator" not in told and {"MinimumLengthValidator", "WordsOfThePlace", "KnownFromLeaks"} <= set(told)
    settings.AUTH_PASSWORD_VALIDATORS = [one for one in settings.AUTH_PASSWORD_VALIDATORS if not one["NAME"].endswith("NumericPasswordValidator")]
    validate_password("3141592653589793")


def test_a_password_known_from_leaks_is_refused_without_asking_anybody(tmp_path):
    leaked = KnownFromLeaks(tmp_path)
    digest = hashlib.sha1(b"correct horse battery").hexdigest().upper()
    (tmp_path / f"{digest[:5]}.txt").write_text(f"{'0' * 35}:3\r\n{digest[5:]}:41\r\n{'F' * 35}:1\r\n")
    with pytest.raises(ValidationError, match="泄露过"):
        leaked.validate("correct horse battery")
    leaked.validate("correct horse batterie")
    KnownFromLeaks(None).validate("correct horse battery")


def test_the_commonest_passwords_are_refused():
    for password in ("1q2w3e4r5t6y", "passwordpassword", "12345678910"):
        with pytest.raises(ValidationError):
            validate_password(password)
