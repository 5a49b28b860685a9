"""A proof bundle as one page to print, read and keep; the bundle itself stands inside, so the page verifies too.

The page follows from the bundle alone. The verifier writes it anew and compares: what a reader sees is what is proved.
So the page of a format never changes, not by a word: a court opens it years later. A new look is a new format.
"""

import html
import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from renshe_verify.bundle import READ, Verified, verify
from renshe_verify.note import LABELS
from renshe_verify.tree import Broken

OPEN, CLOSE = '<script type="application/json" id="renshe-proof">', "</script>"
BEIJING = timezone(timedelta(hours=8))
WORDS = {  # in the order in which a record is read; what is not here is shown as it stands
    "name": "姓名", "citizen_id": "公民身份号码", "employer_name": "单位", "employer": "统一社会信用代码",
    "outcome": "结果", "from": "由", "to": "到", "since": "自", "until": "止", "schemes": "险种", "base": "缴费基数（元）",
    "wage": "月工资（元）", "card": "社会保障卡", "on": "办理日", "note": "说明", "version": "政策版本", "by": "经办人标识",
    "person": "人员标识", "keys": "公钥", "salt": "随机数",
}
VALUES = {
    "accept": "准予", "refer": "转人工核实", "refuse": "不予办理", "applied": "已申领", "employee_pension": "职工基本养老保险",
    "unemployment": "失业保险", "work_injury": "工伤保险", "employee_medical": "职工基本医疗保险", "decided": "已办结",
    "refused": "不予办理", "submitted": "已申报", "accepted": "已受理", "review": "待复核", "correction": "待补正",
}
DEEDS = {
    "hire.settle": "职工参保（增员），当场办结", "leave.settle": "停保（减员），当场办结", "base_change.settle": "缴费基数调整，当场办结",
    "ledger.keys": "账本换签名密钥", "ledger.witness": "账本见证机构登记", "ledger.alarm": "见证机构指出账本不一致",
}
STYLE = (
    "body{font:17px/1.7 'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei',sans-serif;color:#1f2d2f;"
    "background:#faf7f1;margin:0}main{max-width:46rem;margin:0 auto;padding:2rem 1.2rem}h1{font-size:1.7rem;margin:0}"
    "h2{font-size:1.2rem;margin:2rem 0 .4rem;border-bottom:1px solid #c9c2b2}dl{display:grid;gap:.2rem 1.2rem;"
    "grid-template-columns:minmax(7em,auto) 1fr;margin:0}dt{color:#55666a}dd{margin:0;overflow-wrap:anywhere}"
    "pre,code{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.82rem;background:#f4f0e6;padding:.8rem;"
    "border-radius:8px;display:block}li{margin:.3rem 0}@media print{body{background:#fff}}"
)


def moment(seconds: int) -> str:
    """A time in Beijing, to the second."""
    return datetime.fromtimestamp(seconds, BEIJING).strftime("%Y年%m月%d日 %H:%M:%S")


def _lines(pairs: list[tuple[str, str]]) -> str:
    cells = (f"<dt>{html.escape(label)}</dt><dd>{html.escape(value)}</dd>" for label, value in pairs)
    return f"<dl>{''.join(cells)}</dl>"


def _text(value: object) -> str:
    if isinstance(value, str):
        return VALUES.get(value, value)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "、".join(VALUES.get(str(one), str(one)) for one in value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _in_reading_order(record: dict[str, Any]) -> list[tuple[str, object]]:
    known = [(label, record[key]) for key, label in WORDS.items() if key in record]
    return known + [(key, value) for key, value in record.items() if key not in WORDS]


@dataclass(frozen=True)
class Shown:
    """What a reader is shown of a sound bundle, as labels and words."""

    found: Verified
    summary: list[tuple[str, str]]
    record: list[tuple[str, str]]
    signed: list[tuple[str, str]]


def shown(bundle: dict[str, Any]) -> Shown:
    """What any paper made of a bundle says. Raises Broken when the bundle is not sound."""
    found = verify(bundle)
    signed = [
        (LABELS[one.key.kind], f"{one.key.name}" + (f"，{moment(one.at)}" if one.at else ""))
        for one in found.checkpoint.signed
    ]
    record = _in_reading_order(found.record or {})
    return Shown(found, *([(label, _text(value)) for label, value in pairs] for pairs in (_summary(found), record, signed)))


def render(bundle: dict[str, Any]) -> str:
    """The page of a sound bundle. Raises Broken when the bundle is not."""
    one = shown(bundle)
    data = json.dumps(bundle, ensure_ascii=False, sort_keys=True, indent=1)
    for sign in "<>&":
        data = data.replace(sign, f"\\u{ord(sign):04x}")
    steps = "".join(f"<li>{html.escape(line)}</li>" for line in READ)
    path = "\n".join(bundle["path"]) or "（账本只有这一条）"
    keys = "\n".join(bundle["keys"])
    return (
        f'<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>存在证明 {html.escape(one.found.case_number)}'
        f'</title><meta name="viewport" content="width=device-width,initial-scale=1"><style>{STYLE}</style></head>'
        f"<body><main><h1>存在证明</h1><p>本页由证明文件生成，页内含有证明文件全文；请用核验程序核验本文件，以核验结论为准。</p>"
        f"<h2>证明了什么</h2>{_lines(one.summary)}<h2>记录原文</h2>{_lines(one.record) if one.record else '<p>本证明不含记录原文。</p>'}"
        f"<h2>谁签的名</h2>{_lines(one.signed)}<h2>怎样核验</h2><ol>{steps}</ol>"
        f"<h2>账本条目</h2><pre>{html.escape(bundle['leaf'])}</pre><h2>检查点</h2><pre>{html.escape(bundle['checkpoint'])}</pre>"
        f"<h2>证明路径</h2><pre>{html.escape(path)}</pre><h2>公钥</h2><pre>{html.escape(keys)}</pre>"
        f"</main>{OPEN}{data}{CLOSE}</body></html>\n"
    )


def _summary(found: Verified) -> list[tuple[str, object]]:
    return [
        ("账本", found.origin), ("事由", f"{DEEDS[found.kind]}（{found.kind}）" if found.kind in DEEDS else found.kind),
        ("办件编号", found.case_number or "（无）"), ("写入时间", _when(found.at)),
        ("账本序号", f"第 {found.position} 条（从0起），检查点共 {found.size} 条"),
    ]


def _when(text: str) -> str:
    try:
        return moment(int(datetime.fromisoformat(text).timestamp()))
    except (ValueError, TypeError, OverflowError):
        return str(text)


def bundle_of(text: str) -> dict[str, Any]:
    """The bundle that a page carries; the page must be the one that follows from it. Raises Broken."""
    _, begun, rest = text.partition(OPEN)
    data, ended, _ = rest.partition(CLOSE)
    try:
        bundle = json.loads(data)
        if not begun or not ended or not isinstance(bundle, dict):
            raise ValueError("no bundle inside")
    except (ValueError, RecursionError):
        raise Broken("页面里没有证明文件") from None
    if render(bundle) != text:
        raise Broken("页面上看到的内容与其中的证明文件不一致：页面已被改动")
    return bundle
