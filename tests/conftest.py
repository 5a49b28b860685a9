"""Every test runs with its own VAR folder, so that secrets, locks and files of a real installation stay untouched.

No test may fail by chance: examples are the same in every run (`--hypothesis-profile=search` looks for new ones), no speed is
asserted, and a test begins and ends on one day of the city.
"""

import datetime
import logging
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.utils import timezone

from renshe.city.identity import AREA
from renshe.kernel.common.identifiers import citizen_id_fault
from renshe.kernel.store import fresh

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright runs an event loop beside the ORM

PATIENT = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow], "database": None}
hypothesis.settings.register_profile("suite", derandomize=True, **PATIENT)
hypothesis.settings.register_profile("search", max_examples=500, **PATIENT)
hypothesis.settings.load_profile("suite")

DEPTH = sys.getrecursionlimit()
LONGEST = 120.0  # seconds a test may take on a slow machine
NUMBER = re.compile(rf"(?<!\d)(?:{AREA}|110105)\d{{11}}[\dXx](?!\d)")  # of the areas tests use: a row's number may look like another's
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


def pytest_configure() -> None:
    settings.VAR = Path(tempfile.mkdtemp(prefix="renshe-test-"))
    settings.FRAMES, settings.ANSWERS = settings.VAR / "frames", settings.VAR / "answers"
    os.environ["RENSHE_VAR"] = str(settings.VAR)
    [os.environ.pop(name, None) for name in ("RENSHE_FRAMES", "RENSHE_ANSWERS")]
    for secret in ("RENSHE_SECRET_KEY", "RENSHE_DATA_KEY", "RENSHE_INDEX_KEY", "RENSHE_LOG_KEY"):  # processes the tests start share them
        os.environ[secret] = getattr(settings, secret.replace("RENSHE_SECRET_KEY", "SECRET_KEY"))
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        # A file, as in production: an in-memory database is shared by threads in ways a file is not.
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(settings.VAR / "test.sqlite3")
    settings.RENSHE_OUTGOING = ["127.0.0.1", "localhost"]
    os.environ["RENSHE_OUTGOING"] = "127.0.0.1,localhost"
    settings.RENSHE_WITNESS_TIMEOUT = LONGEST
    for limit in ("RENSHE_LOW_SPACE_MB", "RENSHE_TIGHT_SPACE_MB"):  # how full the disk of this machine is decides no test
        setattr(settings, limit, 0)
        os.environ[limit] = "0"
    settings.RENSHE_SECOND_FACTOR = ""  # its own tests switch it on
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.WHITENOISE_USE_FINDERS = True
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """A test that would see the city's midnight begins after it: what was declared today must not be of yesterday at once."""
    now = timezone.localtime()
    midnight = datetime.datetime.combine(now.date() + datetime.timedelta(days=1), datetime.time(), now.tzinfo)
    if (left := (midnight - now).total_seconds()) < LONGEST:
        time.sleep(left + 1)


class _Overheard(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if MOBILE.search(text) or any(not citizen_id_fault(one.upper()) for one in NUMBER.findall(text)):
            self.found.append(text)


@pytest.fixture(autouse=True)
def no_personal_data_in_logs() -> Iterator[None]:
    """Whatever a test makes the platform log must hold no identity number and no mobile number."""
    handler = _Overheard()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    assert not handler.found, handler.found


@pytest.fixture(autouse=True)
def no_answers_kept() -> None:
    """What was asked for the test before is asked anew: its records are gone, and numbers of rows come again."""
    fresh.forget()


@pytest.fixture(autouse=True)
def no_deeper_than_usual() -> None:
    """A library that a test before imported may allow calls so deep that the interpreter crashes where it should refuse."""
    sys.setrecursionlimit(DEPTH)


@pytest.fixture(autouse=True)
def no_columns_left() -> Iterator[None]:
    """The columnar city a test made beside its records is gone afterwards, as the records are."""
    place = settings.VAR / "frames"
    yield
    shutil.rmtree(place, ignore_errors=True)
