"""Passwords made of words that everybody here knows."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError


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
