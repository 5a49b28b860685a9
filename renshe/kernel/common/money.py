"""Money is integer fen (分); yuan appear only as decimal strings at the borders."""

import re
from decimal import Decimal

YUAN = re.compile(r"\d{1,12}(\.\d{1,2})?")


def yuan(fen: int) -> str:
    """`123456` fen -> `"1234.56"`, as APIs and files carry it."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100}.{fen % 100:02d}"


def yuan_label(fen: int) -> str:
    """`123456` fen -> `"1,234.56"`, as people read it."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100:,}.{fen % 100:02d}"


def fen(text: str | int | float | Decimal) -> int:
    """Yuan as typed (`"6,500"`, `6500.5`) to fen. ValueError when it is not an amount of at most two decimals."""
    if isinstance(text, float):
        text = repr(text)
    clean = str(text).strip().replace(",", "").replace("，", "").removesuffix("元")
    if clean.endswith(".0"):
        clean = clean[:-2]
    if not YUAN.fullmatch(clean):
        raise ValueError(f"“{text}”不是金额：应为最多两位小数的数字，如 6500 或 6500.50")
    return int(Decimal(clean) * 100)
