"""What an installation lacks is said when a command starts, with what to do about it."""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from django.contrib.staticfiles import finders
from django.core.checks import run_checks

from renshe.config import checks
from renshe.kernel.common import digest
from renshe.portals.open.views import receipts


def found() -> dict[str, str]:
    return {one.id: one.hint for one in run_checks(tags=["renshe"])}


def test_an_installation_that_lacks_nothing_says_nothing():
    assert found() == {}


def test_no_chinese_font_names_the_package_to_install(monkeypatch):
    monkeypatch.setattr(checks, "RECEIPT_FONT", "A font nobody has")
    assert "fonts-noto-cjk" in found()["renshe.W001"]


def test_the_font_checked_is_the_font_of_the_receipt():
    assert f'font: "{checks.RECEIPT_FONT}"' in receipts.TEMPLATE.read_text(encoding="utf-8")


def test_no_sm3_anywhere_is_an_error(monkeypatch):
    def refuse(*args):
        raise UnsupportedAlgorithm("SM3")

    monkeypatch.setattr(digest, "_ready", None)
    assert found() == {}, "the other library serves"
    monkeypatch.setattr(hashes, "Hash", refuse)
    assert "script/setup" in found()["renshe.E001"]


def test_missing_page_assets_are_named(monkeypatch):
    monkeypatch.setattr(finders, "find", lambda name: None)
    assert found()["renshe.W002"].count("script/setup") == 1

def test_a_deployment_without_the_passwords_of_leaks_is_told_so(settings, tmp_path):
    def told() -> list[str]:
        return [one.id for one in checks.leaks(None)]

    settings.RENSHE_LEAKED = None
    assert told() == ["renshe.W003"]
    settings.RENSHE_LEAKED = tmp_path
    assert told() == ["renshe.W003"]
    (tmp_path / "00000.txt").write_text("")
    assert told() == []
