"""Sealed columns, blind indexes, masks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renshe.kernel.privacy import masks, sealing


@pytest.mark.parametrize("suite", ["sm4", "aes"])
def test_what_is_sealed_opens_only_in_its_own_column_and_unaltered(suite, settings):
    settings.RENSHE_SUITE = suite
    blob = sealing.seal("person.citizen_id", "11010519491231002X")
    assert b"1101051949" not in blob
    assert sealing.unseal("person.citizen_id", blob) == "11010519491231002X"
    assert blob != sealing.seal("person.citizen_id", "11010519491231002X")
    with pytest.raises(sealing.Unreadable):
        sealing.unseal("person.phone", blob)
    for at in range(len(blob)):
        with pytest.raises(sealing.Unreadable):
            sealing.unseal("person.citizen_id", blob[:at] + bytes((blob[at] ^ 1,)) + blob[at + 1 :])


@given(st.text(max_size=80))
def test_any_text_comes_back(text):
    assert sealing.unseal("case.declared", sealing.seal("case.declared", text)) == text


def test_the_blind_index_is_one_for_all_spellings_and_differs_by_column():
    index = sealing.blind("person.citizen_id", "11010519491231002X")
    assert index == sealing.blind("person.citizen_id", " 11010519491231002x ") == sealing.blind("person.citizen_id", "１１０１０５１９４９１２３１００２Ｘ")
    assert index != sealing.blind("person.phone", "11010519491231002X")


def test_masks():
    assert masks.citizen_id("33080219900101123X") == "330802********123X"
    assert masks.phone("13812345678") == "138****5678"
    assert [masks.name(one) for one in ("李", "李明", "张小明", "欧阳娜娜")] == ["李", "*明", "张*明", "欧**娜"]
