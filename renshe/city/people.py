"""People who belong to nobody: their citizen IDs carry the area 330899, which no county has ever had."""

import datetime
import random
from dataclasses import dataclass

from renshe.kernel.common.identifiers import citizen_id_check

AREA = "330899"
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志梅红春燕飞云晨宇浩欣怡子涵梓轩诗雨嘉琪文博思远佳慧晓东海波永胜凤琴小龙丹阳雪莲荣"


@dataclass(frozen=True)
class Someone:
    """A made-up person."""

    name: str
    citizen_id: str
    phone: str
    birth_on: datetime.date
    female: bool


def citizen_id(birth: datetime.date, sequence: int) -> str:
    """A well-formed citizen ID that nobody holds."""
    first = f"{AREA}{birth:%Y%m%d}{sequence % 1000:03d}"
    return first + citizen_id_check(first)


def people(count: int, seed: int, *, youngest: int = 18, oldest: int = 58) -> list[Someone]:
    """`count` different working-age people, the same for the same seed. Phones start with 199 0000, never in service."""
    dice = random.Random(seed)
    today, made, taken = datetime.date(2026, 1, 1), [], set()
    while len(made) < count:
        birth = today - datetime.timedelta(days=dice.randrange(youngest * 365, oldest * 365))
        sequence = dice.randrange(1000)
        number = citizen_id(birth, sequence)
        if number in taken:
            continue
        taken.add(number)
        name = dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, dice.choice((1, 2, 2))))
        made.append(Someone(name, number, f"1990000{len(made) % 10000:04d}", birth, sequence % 2 == 0))
    return made
