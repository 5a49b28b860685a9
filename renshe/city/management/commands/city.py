"""`renshe city build` and `renshe city demo`: the synthetic city, in columns or as records; the small one with its accounts."""

import re
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from renshe.city import columns, demo, records, report
from renshe.city.shape import City, city
from renshe.kernel.frames import folding

PEOPLE, DEMO, LEAST = 20_000, 6_000, 100


def _last_month() -> str:
    """The month before this one: the demonstration's history runs up to it."""
    today = timezone.localdate()
    return f"{today.year - (today.month == 1)}-{(today.month - 2) % 12 + 1:02d}"


class Command(BaseCommand):
    help = "合成城市：build 生成一座城市，demo 建立演示用的小城和账户（已有数据则不动），report 与规划并列"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["build", "demo", "report"])
        parser.add_argument("--people", type=int, help=f"参加基本养老保险的人数（缺省：build {PEOPLE}，demo {DEMO}）；儿童、学生、未参保的人另计")
        parser.add_argument("--seed", type=int, default=1, help="同一人数、同一种子，总是同一座城市")
        parser.add_argument("--frames", action="store_true", help="只写列式数据（Parquet），不写入数据库")
        parser.add_argument("--as-of", default="", help="历史到哪个月（YYYY-MM）")

    def handle(self, *args: Any, **options: Any) -> None:
        what, is_demo = options["what"], options["what"] == "demo"
        people = options["people"] if options["people"] is not None else DEMO if is_demo else PEOPLE
        one = _city(people, options["seed"], options["as_of"] or (_last_month() if is_demo else ""))
        if what == "report":
            for line in report.written(report.report(one)):
                self.stdout.write(line)
        elif what == "build" and options["frames"]:
            columns.build(one, self._progress)
            self._fold()
            call_command("frames", "list", stdout=self.stdout)
        else:
            made = (demo if is_demo else records).build(one, self._progress)
            if made:
                self._fold()
            self.stdout.write("、".join(f"{name}{count}" for name, count in made.items()) or "已有数据，没有改动")

    def _fold(self) -> None:
        self.stdout.write("  缴费折成年度")
        folding.fold(self._progress)

    def _progress(self, done: int, of: int) -> None:
        self.stdout.write(f"  {done}/{of} 分片", ending="\r" if done < of else "\n")
        self.stdout.flush()


def _city(people: int, seed: int, as_of: str) -> City:
    """The city asked for. Raises CommandError."""
    if people < LEAST or seed < 0:
        raise CommandError(f"人数至少{LEAST}，种子不为负")
    if as_of and not re.fullmatch(r"(199[3-9]|20[0-9]{2})-(0[1-9]|1[0-2])", as_of):
        raise CommandError(f"月份应写作 YYYY-MM，从1993-01起：{as_of}")
    return city(people, seed, as_of)
