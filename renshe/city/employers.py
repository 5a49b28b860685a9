"""Employers that belong to nobody: their credit codes carry the area 330899, which no county has ever had."""

import random
from dataclasses import dataclass

from renshe.kernel.common.identifiers import org_code_check, uscc_check

KINDS = (
    ("{}化工有限公司", "C26", 6, "330802"), ("{}竹制品有限公司", "C20", 3, "330825"), ("{}轴承制造有限公司", "C34", 4, "330822"),
    ("{}门业有限公司", "C33", 4, "330881"), ("{}茶叶专业合作社", "A01", 4, "330824"), ("{}电子科技有限公司", "C39", 3, "330803"),
    ("{}软件服务有限公司", "I65", 1, "330802"), ("{}酒店管理有限公司", "H61", 2, "330802"), ("{}建筑工程有限公司", "E47", 6, "330881"),
    ("{}物流有限公司", "G54", 5, "330803"), ("{}超市有限公司", "F52", 2, "330825"), ("{}造纸有限公司", "C22", 5, "330825"),
)
NAMES = ("信安", "三衢", "烂柯", "柯山", "乌溪", "仙霞", "钱江源", "龙门", "石梁", "须江", "鹿鸣", "水亭", "江源", "太真")


@dataclass(frozen=True)
class Employer:
    """A made-up employer."""

    name: str
    uscc: str
    industry: str
    risk_class: int
    division: str


def uscc(number: int) -> str:
    """A well-formed credit code that nobody holds."""
    organisation = f"{number:08d}"
    first = f"91330899{organisation}{org_code_check(organisation)}"
    return first + uscc_check(first)


def employers(count: int, seed: int) -> list[Employer]:
    """`count` different employers, the same for the same seed."""
    dice = random.Random(seed)
    made = []
    for number in range(count):
        pattern, industry, risk, division = KINDS[number % len(KINDS)]
        name = f"衢州{NAMES[(number * 5 + dice.randrange(3)) % len(NAMES)]}{pattern.format('')}"
        made.append(Employer(f"{name}" if number < len(KINDS) else f"{name}第{number // len(KINDS) + 1}分公司",
                             uscc(number + 1), industry, risk, division))
    return made
