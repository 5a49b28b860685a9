"""Numbers and names that belong to nobody.

Identity numbers and credit codes carry the area 330899: GB/T 2260 has never given it to a county, so no authority could
have issued such a number; `nobody` tells whether a number is one of these. Bank accounts start with 9999, which no bank
issues. Phones start with 199 0000: nobody can vouch that no operator ever hands these out, so nothing is ever sent to them.
"""

import datetime

import numpy as np

from renshe.city.dice import Array
from renshe.kernel.common.identifiers import ID_CHECK, ID_WEIGHTS, citizen_id_check, org_code_check, uscc_check

AREA = "330899"
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志梅红春燕飞云晨宇浩欣怡子涵梓轩诗雨嘉琪文博思远佳慧晓东海波永胜凤琴小龙丹阳雪莲荣"
ACCOUNT = 9999_0000_0000_0000


def citizen_id(birth: datetime.date, sequence: int) -> str:
    """A well-formed citizen ID that nobody holds; odd sequences are men's, even ones women's."""
    first = f"{AREA}{birth:%Y%m%d}{sequence % 1000:03d}"
    return first + citizen_id_check(first)


def citizen_ids(days: Array, sequences: Array) -> list[str]:
    """Citizen IDs that nobody holds, of days of birth (datetime64[D]) and sequences below 1000."""
    months = days.astype("datetime64[M]")
    years = days.astype("datetime64[Y]")
    number = (
        int(AREA) * 10**11
        + (years.astype(np.int64) + 1970) * 10**7
        + ((months - years).astype(np.int64) + 1) * 10**5
        + ((days - months).astype(np.int64) + 1) * 10**3
        + sequences
    )
    digits = number[:, None] // 10 ** np.arange(16, -1, -1) % 10
    check = digits @ np.array(ID_WEIGHTS) % 11
    return [f"{first}{ID_CHECK[last]}" for first, last in zip(number.tolist(), check.tolist(), strict=True)]


def uscc(number: int) -> str:
    """A well-formed credit code that nobody holds."""
    organisation = f"{number:08d}"
    first = f"91{AREA}{organisation}{org_code_check(organisation)}"
    return first + uscc_check(first)


def phone(number: int) -> str:
    """A mobile number for a form; nothing is ever sent to it."""
    return f"1990000{number % 10000:04d}"


def names(chance: np.random.Generator, surname: Array) -> list[str]:
    """Full names for people whose surnames are given by place in SURNAMES: one or two given characters."""
    one, two = chance.integers(0, len(GIVEN), (2, surname.size))
    double = chance.random(surname.size) < 0.75
    return [
        SURNAMES[family] + GIVEN[first] + (GIVEN[second] if both else "")
        for family, first, second, both in zip(surname.tolist(), one.tolist(), two.tolist(), double.tolist(), strict=True)
    ]


def nobody(number: str) -> bool:
    """Whether an identity number or credit code is of those that nobody can hold."""
    return number[:6] == AREA or number[2:8] == AREA
