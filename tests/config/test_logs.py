"""Log lines: an event is one line, whatever was typed into the platform."""

import datetime
import io
import logging
import re

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string
from pydantic import TypeAdapter, ValidationError

from renshe.kernel.subjects.models import Person
from tests.factories import a_person, an_id

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


def test_a_fault_of_the_database_names_nobody(written, db):
    """PostgreSQL quotes the whole row that it refuses."""
    person = a_person(name="欧阳小满")
    try:
        with transaction.atomic():
            Person.objects.filter(pk=person.pk).update(division=None)
    except IntegrityError:
        logging.getLogger("django.request").exception("failed")
    assert any("IntegrityError" in line for line in written())
    assert not any("欧阳小满" in line or person.citizen_id_mask in line for line in written())
    logging.getLogger("renshe").error("refused", exc_info=IntegrityError(
        'null value in column "division"\nDETAIL:  Failing row contains (7, 欧阳小满,\n 1990).\nHINT:  fill it'
    ))
    assert "小满" not in " ".join(written()) and "1990" not in " ".join(written()) and "fill it" in written()[-1]


def test_numbers_that_stand_in_a_line_or_a_trace_are_masked():
    """Written by the formatter alone: whatever any test really logs is searched for such numbers (tests/conftest)."""
    number, told = an_id(), settings.LOGGING["formatters"]["line"]
    line = import_string(told["()"])(fmt=told["format"], style=told["style"])

    def written_of(words: str, fault: Exception) -> str:
        return line.format(logging.LogRecord("renshe", logging.ERROR, "", 0, words, None, (type(fault), fault, None)))

    text = written_of(f"no person {number}, row 720575940379279361", KeyError(f"{number} 13812345678"))
    assert number not in text and "13812345678" not in text
    assert text.count(f"{number[:6]}********{number[-4:]}") == 2 and "138****5678" in text
    assert "720575940379279361" in text  # an identifier of ours says nothing about anybody
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(int).validate_python("欧阳小满")
    text = written_of("bad input", caught.value)
    assert "小满" not in text and "input_value=…" in text


def test_times_name_their_zone(written):
    logging.getLogger("renshe").warning("now")
    told = datetime.datetime.fromisoformat(written()[0].split()[0])
    assert told.tzinfo is not None and abs(datetime.datetime.now(datetime.UTC) - told) < datetime.timedelta(minutes=1)
