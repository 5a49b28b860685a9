"""The API keeps to its own document: fuzzed, no server error, every answer as declared."""

import os

import pytest
import schemathesis
import schemathesis.specs.openapi.checks as openapi_checks
from django.test import Client
from hypothesis import HealthCheck, settings

from renshe.config.wsgi import application
from renshe.kernel.access import tokens
from tests.factories import an_employer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renshe.config.settings")
CHECKS = (
    schemathesis.checks.not_a_server_error, openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance, openapi_checks.response_schema_conformance,
)


@pytest.fixture
def key(transactional_db) -> str:
    return tokens.issue(an_employer()[1], label="试", days=1)


@pytest.fixture
def document(transactional_db):
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


schema = schemathesis.pytest.from_fixture("document")


@schema.parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_operation(case, key):
    case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)


def test_without_a_key_the_answer_is_a_problem_in_one_shape(client, db):
    response = client.post("/api/v1/hires", "{}", content_type="application/json")
    assert response.status_code == 401 and set(response.json()) == {"title", "reasons"}


def test_the_session_of_a_page_may_not_be_used_across_sites(transactional_db):
    client = Client(enforce_csrf_checks=True)
    client.force_login(an_employer()[1], backend="django.contrib.auth.backends.ModelBackend")
    response = client.post("/api/v1/hires", "{}", content_type="application/json")
    assert response.status_code == 403
