"""SM3 by the standard's own example, from either library."""

import pytest

from renshe.kernel.common import digest

EXAMPLE = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"  # GB/T 32905, appendix A.1: "abc"


@pytest.mark.parametrize("without", [False, True])
def test_both_libraries_agree_with_the_standard(monkeypatch, without):
    if without:
        monkeypatch.setattr(digest, "_ready", None)
    assert digest.sm3(b"abc") == EXAMPLE and digest.sm3(b"abc") == EXAMPLE
    assert digest.sm3_source() == ("cryptography" if without else "hashlib")
