"""What a resident asks for on the pension page: sliders and assumptions, read with bounds, and as the form shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from renshe.kernel.common.money import yuan
from renshe.kernel.policy.engine.evaluate import evaluate
from renshe.kernel.policy.engine.units import Age, BadInput, Fen, Month
from renshe.kernel.policy.queries import entered
from renshe.kernel.policy.registry import policy
from renshe.portals.resident.facts import Life, retirement
from renshe.portals.resident.pension import FIRST_ACCOUNT, Prospect, Wish

BASE_STEP = 10  # yuan; places of a slider count from its least, which therefore is a multiple
DEFAULTS = {"growth": "1.5", "interest": "1.5", "spread": "1", "deemed_months": "0", "deemed_index": "1", "balance": ""}


@dataclass(frozen=True)
class Slider:
    """A range input; `words` are what each position means, separated by `|`, or empty: then the number with `unit`."""

    name: str
    label: str
    least: int
    most: int
    step: int
    value: int
    unit: str
    said: str
    words: str = ""
    least_said: str = ""
    most_said: str = ""


@dataclass(frozen=True)
class Assumption:
    """A figure nobody knows yet: what is assumed, in words, and the resident's own."""

    name: str
    label: str
    value: str
    unit: str
    help: str


@dataclass(frozen=True)
class Asked:
    """A wish as read, with the form that shows it again."""

    wish: Wish
    sliders: tuple[Slider, ...]
    assumptions: tuple[Assumption, ...]


def bounds(life: Life) -> tuple[int, int]:
    """The floor and the cap of the contribution base now, in fen; both 0 where the law's values are missing."""
    found = [
        evaluate(policy("contribution"), {"wage": wage}, on=life.on, place=life.place, entered=entered(life.place)).results.get("base", 0)
        for wage in ("0.01", "9999999")
    ]
    return int(found[0]), int(found[1])  # type: ignore[arg-type]


def asked(life: Life, query: Mapping[str, str]) -> Asked:
    """The wish in a query, each figure kept within what the law and the calendar allow. Raises BadInput naming the line."""
    spans = retirement(life)
    latest = spans["latest"]
    earliest = min(max(spans["earliest"], life.now), latest)
    chosen = _whole(query, "chosen", min(max(spans["statutory"], earliest), latest), earliest, latest)
    low, high = bounds(life)
    base = _whole(query, "base", (life.base_fen or low) // 100, -(-low // 100), high // 100)
    most = max(latest - life.now, 0)
    pays = _whole(query, "years", max(-(-(chosen - life.now) // 12), 0), 0, -(-most // 12)) * 12
    early = {"deemed_months": str(sum(one.month < FIRST_ACCOUNT for one in life.rows))}
    written = {name: query.get(name, "").strip() or default for name, default in (DEFAULTS | early).items()}
    wish = Wish(
        chosen, base * 100, pays, _share(written, "growth", 15), _share(written, "interest", 15), _share(written, "spread", 5),
        int(_number(written, "deemed_months", "视同缴费月数", 600)), _number(written, "deemed_index", "视同缴费指数", 3),
        None if not written["balance"] else int(_number(written, "balance", "个人账户储存额", 10**8) * 100),
    )
    words = [f"{Month.show(month)}（{Age.show(month - life.birth)}）" for month in range(earliest, latest + 1)]
    sliders = (
        Slider("chosen", "什么时候退休", earliest, latest, 1, chosen, "", words[chosen - earliest], "|".join(words), f"最早{Month.show(earliest)}", f"最晚{Month.show(latest)}"),
        Slider("base", "以后每月按多少缴费", low // 100 // BASE_STEP * BASE_STEP, high // 100, BASE_STEP, base, "元", f"{base}元", "", f"下限 {-(-low // 100)}元", f"上限 {high // 100}元"),
        Slider("years", "以后还缴几年", 0, -(-most // 12), 1, pays // 12, "年", f"{pays // 12}年", "", "不再缴", "缴到最晚退休"),
    )
    return Asked(wish, sliders, _assumptions(Prospect(life, wish), written))


def _assumptions(prospect: Prospect, written: Mapping[str, str]) -> tuple[Assumption, ...]:
    year, base = prospect.latest_base
    known = max(prospect.interest_years)
    return (
        Assumption("growth", "工资每年增长", written["growth"], "%", f"以后各年的计发基数和缴费基数从{year}年的{Fen.show(base)}起照此增长"),
        Assumption("interest", "个人账户每年利率", written["interest"], "%", f"国家已公布到{known}年；以后各年、缺公布数的年份按此计息，退休当年不计"),
        Assumption("spread", "上下浮动", written["spread"], "个百分点", "上面两项各减、各加这么多，得到下限和上限"),
        Assumption("balance", "个人账户储存额（上年末）", written["balance"], "元", "对账单上有；不填则从缴费记录推算"),
        Assumption("deemed_months", "视同缴费月数", written["deemed_months"], "个月", "一九九七年底以前的工龄（含那时已缴费的），经档案认定；没有填0"),
        Assumption("deemed_index", "视同缴费指数", written["deemed_index"], "", "经办机构认定的数；没有视同缴费的不起作用"),
    )


def _whole(query: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """A slider's place; what lies outside its range is brought to its end."""
    text = query.get(name, "").strip()
    try:
        number = int(Decimal(text)) if text else default
    except (InvalidOperation, ValueError, OverflowError):
        raise BadInput(f"“{text[:20]}”应为整数") from None
    return min(max(number, least), most)


def _share(written: Mapping[str, str], name: str, most: int) -> Fraction:
    labels = {"growth": "工资每年增长", "interest": "个人账户每年利率", "spread": "上下浮动"}
    return _number(written, name, labels[name], most) / 100


def _number(written: Mapping[str, str], name: str, label: str, most: int) -> Fraction:
    """An assumption as an exact number. Raises BadInput."""
    try:
        number = Fraction(Decimal(written[name].replace(",", "")))
    except (InvalidOperation, ValueError, OverflowError):
        raise BadInput(f"{label}：“{written[name][:20]}”不是数字，应如 1.5") from None
    if not 0 <= number <= most:
        raise BadInput(f"{label}：应在0到{most}之间")
    return number


def summary(life: Life, asked: Asked) -> list[tuple[str, str]]:
    """The wish and its assumptions as lines to print."""
    wish = asked.wish
    lines = [
        ("退休年月", f"{Month.show(wish.chosen)}（{Age.show(wish.chosen - life.birth)}）"),
        ("以后每月缴费基数", f"{yuan(wish.base_fen)}元，随工资增长"), ("以后再缴", f"{wish.pays // 12}年，最多缴到退休"),
    ]
    return lines + [
        (one.label, f"{one.value}{one.unit}") for one in asked.assumptions
        if one.value not in ("", "0") and (one.name != "deemed_index" or wish.deemed_months)
    ]
