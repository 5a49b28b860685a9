"""Tables: indicators, key projects, task lists. A table whose header says none of these is listed as not read."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from renshe.apps.planning.reader import numbers
from renshe.apps.planning.reader.findings import Found, Indicator, Listed, Place, Project, TaskGroup, Unread, Value
from renshe.apps.planning.reader.outline import Outline, Part
from renshe.apps.planning.terms import Bound, ExtractKind, Nature
from renshe.kernel.indicators.terms import Sense

NO_VALUE = Value("", None)
YEAR = re.compile(r"20\d\d")
ORDINAL = re.compile(r"\s*[（(]?(\d{1,3})[）)]?\s*[.．、]?\s*(.*)")
UNIT = re.compile(r"(.+?)\s*[（(]([^（）()]{1,14})[）)]\s*[*★]*$")
ENTRY = re.compile(r"(?:^|(?<=[；;。\s]))\s*(?:[（(]?\d{1,2}[）)]|\d{1,2}[.．、](?!\d)|[①-⑳])\s*")
COLUMNS = (  # the first pattern that fits a header cell names the column
    ("number", r"序号|编号"), ("nature", r"属性|性质|指标类型|^类型$"), ("unit", r"^(?:计量)?单位$"),
    ("owner", r"责任|牵头|实施(?:单位|主体)|主管"), ("done", r"完成数|完成值|实绩|实现值|完成情况"),
    ("growth", r"年均增|增速|增长|累计增"),
    ("base", r"基数|基期|现状|(?:20\d\d)年?(?:实际|数据|值|实绩)?$"), ("target", r"目标|规划值|预期值"),
    ("platform", r"依托平台|平台"), ("mechanism", r"机制"), ("steps", r"步骤|进度安排|阶段安排"), ("goals", r"目标成效|预期成效|成效"),
    ("period", r"时限|期限|起止|时间|年限"), ("measures", r"举措|措施|建设内容|主要内容|建设规模|任务内容|内容"),
    ("name", r"指标|项目|任务|名称|工程|行动"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A table row with its cells by role: text and stretch of the clean text."""

    part: Part
    cells: tuple[tuple[str, int, int], ...]


def _rows(outline: Outline) -> Iterator[list[Row]]:
    """Tables: rows that follow each other. One that repeats the header after a page break has been joined already."""
    rows = [
        Row(part, tuple(
            (part.line.text[start - part.line.start : end - part.line.start].strip(), start, end)
            for start, end in part.line.cells
        ))
        for part in outline.parts if part.line.cells
    ]
    for _, some in groupby(rows, key=lambda one: (one.part.caption, one.part.path[:1], one.part.annex)):
        yield from _by_header(list(some))


def _by_header(rows: list[Row]) -> Iterator[list[Row]]:
    """Split where a new header begins; a repeated header only goes."""
    table: list[Row] = []
    seen: tuple[str, ...] = ()
    for row in rows:
        texts = tuple(text for text, _, _ in row.cells)
        if _is_header(texts):
            if texts == seen:
                continue
            if table:
                yield table
            table, seen = [row], texts
        else:
            table.append(row)
    if table:
        yield table


def _is_header(texts: tuple[str, ...]) -> bool:
    filled = [text for text in texts if text]
    roles = [role for role in _roles(texts) if role]
    return len(filled) >= 2 and len(set(roles)) >= 2 and "name" in roles and all(len(text) <= 16 for text in filled)


def _roles(texts: tuple[str, ...]) -> list[str]:
    roles: list[str] = []
    for text in texts:
        plain = unicodedata.normalize("NFKC", text).replace(" ", "")
        role = next((role for role, pattern in COLUMNS if re.search(pattern, plain)), "")
        if role in roles and role in ("base", "target"):
            role = "target" if role == "base" and "target" not in roles else "also"
        roles.append(role if role not in roles else "")
    years = [(int(found.group()), at) for at, text in enumerate(texts) if (found := YEAR.search(text))]
    if "target" not in roles and len(years) >= 2 and any(role in ("base", "target") for role in roles):
        roles[max(years)[1]] = "target"
        roles[min(years)[1]] = "base"
    return roles


def read(outline: Outline) -> Iterator[tuple[ExtractKind, Found]]:
    """Every indicator, project and task group, and what was not understood."""
    for table in _rows(outline):
        header, lines = table[0], table[1:]
        texts = tuple(text for text, _, _ in header.cells)
        roles = _roles(texts)
        if not _is_header(texts):
            yield ExtractKind.UNREAD, Unread("没有认出表头的表格", _place(header))
            continue
        title = header.part.caption + header.part.annex + "".join(header.part.path) + "".join(texts)
        if "target" in roles and ("base" in roles or "nature" in roles or "指标" in "".join(texts)):
            yield from _indicators(header, roles, lines)
        elif "name" in roles and {"measures", "steps", "goals", "target"} & set(roles):
            tasks = "任务" in title and not {"steps", "goals", "platform"} & set(roles) and "项目名称" not in texts
            yield from _works(roles, lines, tasks=tasks)
        else:
            yield ExtractKind.UNREAD, Unread("表格不是指标、项目或任务表", _place(header))


def _place(row: Row) -> Place:
    path = row.part.path + ((row.part.caption,) if row.part.caption else ())
    return replace(row.part.place(row.part.line.start, row.part.line.end), path=path)


def _cell(row: Row, roles: list[str], role: str) -> tuple[str, int, int]:
    if role in roles and roles.index(role) < len(row.cells):
        return row.cells[roles.index(role)]
    return "", row.part.line.end, row.part.line.end


def _indicators(header: Row, roles: list[str], rows: list[Row]) -> Iterator[tuple[ExtractKind, Found]]:
    texts = [text for text, _, _ in header.cells]
    years = {role: int(found.group()) for role, text in zip(roles, texts, strict=False) if (found := YEAR.search(text))}
    kind = ExtractKind.ACHIEVEMENT if "done" in roles else ExtractKind.INDICATOR
    parent, last, counted, own_group = "", "", 0, ""
    for row in rows:
        filled = [text for text, _, _ in row.cells if text]
        label = _cell(row, roles, "name")[0]
        target = numbers.value(_cell(row, roles, "target")[0])
        if len(filled) == 1 or (label and len(filled) == 2 and not target.printed):
            own_group = label  # a group's name, or a note
            continue
        if not label or not target.printed:
            yield ExtractKind.UNREAD, Unread("指标行缺少名称或目标", _place(row))
            continue
        counted += 1
        number, name, unit = _named(label, _cell(row, roles, "number")[0], _cell(row, roles, "unit")[0])
        part_of = parent if name.startswith(("其中", "#")) else ""
        number = number or (f"{last}-1" if part_of else str(counted))
        last = number
        name = re.sub(r"^(?:其中|#)[:：]?", "", name)
        if not part_of:
            parent = name
        base, printed = numbers.value(_cell(row, roles, "base")[0]), _cell(row, roles, "nature")[0]
        yield kind, Indicator(
            number=number, name=name, unit=unit, group=re.sub(r"^[一二三四五六七八九十]+、", "", own_group or row.part.group),
            base=base, base_year=years.get("base"), target=target, target_year=years.get("target"),
            done=numbers.value(_cell(row, roles, "done")[0]) if "done" in roles else None, nature=_nature(printed),
            nature_printed=printed, sense=sense(name, unit, printed, base, target), part_of=part_of,
            owner=_cell(row, roles, "owner")[0], place=_place(row),
        )


def _named(label: str, number: str, unit: str) -> tuple[str, str, str]:
    """`8.其中：高级职称人才数量（万人）` -> 8, 其中：高级职称人才数量, 万人."""
    match = ORDINAL.fullmatch(label)
    if match and match[2] and not number:
        number, label = match[1], match[2]
    if not unit and (found := UNIT.fullmatch(label)):
        label, unit = found[1], found[2]
    return number, label, unit.replace("％", "%")


def _nature(printed: str) -> Nature:
    if "约束" in printed:
        return Nature.BINDING
    return Nature.EXPECTED if "预期" in printed else Nature.UNSAID


def sense(name: str, unit: str, nature: str, base: Value, target: Value) -> Sense:
    """How a row of the table is to be reached, from its words: 年均 and 年招收 are yearly, 新增 without a base adds up."""
    if target.bound is Bound.AT_MOST or re.search(r"失业率|未就业率|事故|发生率|死亡率|差距", name):
        return Sense.CEILING
    if re.match(r"[\[【〔［]", target.printed):
        return Sense.CUMULATIVE  # brackets mark sums of the whole term
    if "年均" in nature + name or "每年" in name or re.search(r"年(?:招收|新增|培训|营业)", name):
        return Sense.YEARLY
    if base.number is None and re.search(r"新增|累计|人次|培训", name):
        return Sense.CUMULATIVE
    if "%" in unit or name.endswith(("率", "比例", "比重")):
        return Sense.FLOOR
    return Sense.LEVEL


def entries(text: str, start: int) -> tuple[Listed, ...]:
    """The numbered entries of a cell; a cell without numbers is one entry."""
    marks = list(ENTRY.finditer(text))
    if not marks or marks[0].start() > 2:
        words = text.strip()
        return (Listed(words, start, start + len(words)),) if words else ()
    found = []
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        end = following.start() if following else len(text)
        words = text[mark.end() : end].rstrip("；;。 ")
        if words:
            found.append(Listed(words, start + mark.end(), start + mark.end() + len(words)))
    return tuple(found)


def _works(roles: list[str], rows: list[Row], *, tasks: bool) -> Iterator[tuple[ExtractKind, Found]]:
    for counted, row in enumerate(rows, 1):
        filled = [text for text, _, _ in row.cells if text]
        if len(filled) == 1:
            continue
        label, number = _cell(row, roles, "name")[0], _cell(row, roles, "number")[0]
        if not label:
            yield ExtractKind.UNREAD, Unread("项目行缺少名称", _place(row))
            continue
        match = ORDINAL.fullmatch(label)
        if match and match[2] and not number:
            number, label = match[1], match[2]
        listed = {role: entries(*_cell(row, roles, role)[:2]) for role in ("platform", "mechanism", "measures", "steps", "goals")}
        period, owner = _cell(row, roles, "period")[0], _cell(row, roles, "owner")[0]
        if tasks:
            yield ExtractKind.TASK, TaskGroup(
                number or str(counted), label, listed["measures"] or listed["goals"], period, owner, _place(row)
            )
            continue
        goals = listed["goals"]
        if not goals and "target" in roles:  # 预期目标 reads like an indicator's target
            goals = entries(*_cell(row, roles, "target")[:2])
        yield ExtractKind.PROJECT, Project(
            number or str(counted), label, listed["platform"], listed["mechanism"], listed["measures"],
            listed["steps"], goals, period, owner, _place(row),
        )
