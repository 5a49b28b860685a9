"""`renshe city build` and `renshe city demo`: the synthetic city, in columns or as records; the small one with its accounts."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from renshe.city import columns, demo, records, report
from renshe.city.shape import city

PEOPLE, DEMO = 20_000, 6_000


def _last_month() -> str:
    """The month before this one: the demonstration's history runs up to it."""
    today = timezone.localdate()
    return f"{today.year - (today.month == 1)}-{(today.month - 2) % 12 + 1:02d}"


class Command(BaseCommand):
    help = "合成城市：build 生成一座城市，demo 建立演示用的小城和账户（已有数据则不动）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["build", "demo", "report"])
        parser.add_argument("--people", type=int, help=f"参加基本养老保险的人数（缺省：build {PEOPLE}，demo {DEMO}）；儿童、学生、未参保的人另计")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--frames", action="store_true", help="只写列式数据（Parquet），不写入数据库")
        parser.add_argument("--as-of", default="", help="历史到哪个月（YYYY-MM）")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "demo":
            made = demo.build(city(options["people"] or DEMO, options["seed"], options["as_of"] or _last_month()), self._progress)
            self.stdout.write("、".join(f"{name}{count}" for name, count in made.items()) or "已有数据，没有改动")
            return
        options["people"] = options["people"] or PEOPLE
        if options["what"] == "report":
            for line in report.written(report.report(city(options["people"], options["seed"], options["as_of"]))):
                self.stdout.write(line)
            return
        one = city(options["people"], options["seed"], options["as_of"])
        if not options["frames"]:
            made = records.build(one, self._progress)
            self.stdout.write("、".join(f"{name}{count}" for name, count in made.items()) or "已有数据，没有改动")
            return
        for name, manifest in columns.build(one, self._progress).items():
            self.stdout.write(f"{name}\t{manifest.rows}行\t{sum(part.bytes for part in manifest.parts) / 2**20:.1f} MB")

    def _progress(self, done: int, of: int) -> None:
        self.stdout.write(f"  {done}/{of} 分片", ending="\r" if done < of else "\n")
        self.stdout.flush()
