"""Log lines: an event is one line, whatever was typed into the platform."""

import datetime
import io
import logging
import re

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

EVENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d [A-Z]+ [\w.]+ ")


@pytest.fixture
def written():
    """What the platform's own formatter writes from now on."""
    told = dict(settings.LOGGING["formatters"]["line"])
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(import_string(told["()"])(fmt=told["format"], style=told["style"]))
    logging.getLogger().addHandler(handler)
    yield lambda: handler.stream.getvalue().splitlines()
    logging.getLogger().removeHandler(handler)


def test_what_was_typed_never_begins_a_line_of_its_own(written, client, db):
    client.get("/nowhere%0a2026-01-01T00:00:00.000+08:00 INFO renshe forged")
    client.post("/login", {"username": "x\r\n2026-01-01T00:00:00.000+08:00 INFO renshe forged", "password": "p"})
    logging.getLogger("renshe").warning("declared by %s", "a\u2028b\x1b[31m\nforged")
    lines = written()
    assert len(lines) >= 3 and all(EVENT.match(line) for line in lines)
    assert not any("forged" in line and line.startswith("2026-01-01") for line in lines)
    assert r"a\u2028b\x1b[31m\nforged" in lines[-1]


def test_a_trace_is_set_in(written):
    try:
        raise ValueError("first\n2026-01-01T00:00:00.000+08:00 INFO renshe forged")
    except ValueError:
        logging.getLogger("renshe").exception("failed")
    lines = written()
    assert EVENT.match(lines[0]) and lines[0].endswith("failed")
    assert len(lines) > 3 and all(line.startswith("  ") for line in lines[1:]) and "forged" in lines[-1]


def test_times_name_their_zone(written):
    logging.getLogger("renshe").warning("now")
    told = datetime.datetime.fromisoformat(written()[0].split()[0])
    assert told.tzinfo is not None and abs(datetime.datetime.now(datetime.UTC) - told) < datetime.timedelta(minutes=1)
