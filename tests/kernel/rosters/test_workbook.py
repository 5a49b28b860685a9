"""Workbooks nobody vouches for: each fault of the container and of the rows has its own clear answer."""

import io
import zipfile

import openpyxl
import pytest
import xlsxwriter

from renshe.kernel.common.verdict import Refused
from renshe.kernel.rosters import kinds, sheets, workbook
from tests.factories import an_id

HEADER = ["姓名", "公民身份号码", "手机号码", "用工之日", "用工形式", "月工资（元）", "岗位类别", "岗位名称", "合同类型", "合同终止日"]


def row(**changes):
    given = dict(zip(HEADER, ["张小明", an_id(), "13800000000", "2026-11-20", "劳动合同用工", "6500", "其他岗位", "装配工",
                              "固定期限", "2029-11-19"], strict=True))
    return [{**given, **changes}[title] for title in HEADER]


def made(rows, header=HEADER, title=None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    if title:
        sheet.append([title])
    sheet.append(header)
    for one in rows:
        sheet.append(one)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(data):
    return workbook.read(data, kinds.kind("hire"))


def fault(data) -> str:
    with pytest.raises(Refused) as caught:
        read(data)
    assert caught.value.reasons[0].then
    return caught.value.reasons[0].code


def packed(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_filled_template_reads_in_any_column_order_and_below_a_title():
    plain = read(made([row(), row()]))
    assert [one.line for one in plain.rows] == [2, 3] and not plain.rows[0].faults
    turned = read(made([list(reversed(row()))], header=list(reversed(HEADER)), title="二〇二六年十一月增员"))
    assert turned.rows[0].line == 3 and turned.rows[0].cells["name"] == "张小明"


def test_the_template_itself_is_accepted_once_filled():
    book = openpyxl.load_workbook(io.BytesIO(sheets.template(kinds.kind("hire"))))
    assert [cell.value for cell in book["名册"][1]] == HEADER
    book["名册"].append(row())
    out = io.BytesIO()
    book.save(out)
    assert len(read(out.getvalue()).rows) == 1


def test_wrong_header_names_what_is_missing_and_what_is_too_much():
    with pytest.raises(Refused) as caught:
        read(made([row()], header=["名字", *HEADER[1:]]))
    assert "缺少：姓名" in str(caught.value) and "名字" in str(caught.value)


@pytest.mark.parametrize(("data", "code"), [
    (b"name,id\n", "not_workbook"), (b"", "not_workbook"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 99, "encrypted"),
    (packed(**{"a.txt": b"x"}), "not_workbook"),
    (packed(**{"[Content_Types].xml": b"<", "xl/worksheets/sheet1.xml": b"<", "xl/vbaProject.bin": b"x"}), "macros"),
    (packed(**{"[Content_Types].xml": b"<", "xl/worksheets/sheet1.xml": b"<"}), "damaged"),
    (b"x" * (workbook.LARGEST + 1), "too_large"),
], ids=["text", "nothing", "password", "archive", "macros", "damaged", "too large"])
def test_what_is_not_a_plain_workbook_is_refused_by_its_container(data, code):
    assert fault(data) == code


def test_a_zip_bomb_is_refused_without_unpacking_anything(monkeypatch):
    bomb = packed(**{"[Content_Types].xml": b"<", "xl/worksheets/sheet1.xml": b"0" * (workbook.LARGEST_UNPACKED + 9)})
    assert len(bomb) < 1_000_000
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *given, **named: pytest.fail("it was opened"))
    assert fault(bomb) == "bomb"


def test_a_zip_bomb_that_lies_about_its_size_is_still_caught():
    bomb = bytearray(packed(**{"[Content_Types].xml": b"<", "xl/worksheets/sheet1.xml": b"0" * (workbook.LARGEST_UNPACKED + 9)}))
    real = (workbook.LARGEST_UNPACKED + 9).to_bytes(4, "little")
    assert bomb.count(real) >= 2
    lying = bytes(bomb).replace(real, (1000).to_bytes(4, "little"))
    assert fault(lying) in ("bomb", "damaged")


def test_empty_and_too_many_rows():
    assert fault(made([])) == "no_rows"
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for at in range(workbook.MOST_ROWS + 2):
        sheet.write_row(at, 0, HEADER if at == 0 else ["甲"])
    book.close()
    assert fault(out.getvalue()) == "too_many_rows"


def test_a_numeric_id_cell_is_refused_never_repaired():
    found = read(made([row(公民身份号码=330899199005010017), row(手机号码=13800000000)])).rows
    assert [one.code for one in found[0].faults] == ["numeric_id"]
    assert not found[1].faults and found[1].cells["phone"] == "13800000000"


def test_a_formula_is_refused_with_its_cell():
    found = read(made([row(**{"月工资（元）": "=1+2"})])).rows
    assert [one.code for one in found[0].faults] == ["formula"] and "F2" in found[0].faults[0].text


def test_nothing_written_can_run_as_a_formula():
    evil = '=HYPERLINK("http://x","点我")'
    kind = kinds.kind("hire")
    data = sheets.result(kind, [({"name": evil, "position": "@SUM(1)"}, ("未通过", "", evil, "", ""))], [("名册", evil)])
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book:
        for line in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in line)
    assert book["未通过"]["A2"].value == evil


@pytest.mark.parametrize("text", ["2026-11-01", "2026/11/1", "2026年11月1日", "20261101", "２０２６－１１－０１", "2026.11.1"])
def test_dates_as_people_write_them(text):
    cells = read(made([row(用工之日=text)])).rows[0].cells
    declaration, faults = kinds.kind("hire").declaration.parse(cells)
    assert not faults and declaration.hired_on.isoformat() == "2026-11-01"
