"""`renshe city build` and `renshe city demo`: the synthetic city, in columns or as records; the small one with its accounts."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from renshe.city import columns, demo, report
from renshe.city.shape import city


class Command(BaseCommand):
    help = "合成城市：build 生成一座城市，demo 建立演示用的小城和账户（已有数据则不动）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["build", "demo", "report"])
        parser.add_argument("--people", type=int, default=300, help="参加基本养老保险的人数；儿童、学生、未参保的人另计")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--frames", action="store_true", help="只写列式数据（Parquet），不写入数据库")
        parser.add_argument("--as-of", default="", help="历史到哪个月（YYYY-MM）")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "demo":
            made = demo.build(options["people"], options["seed"])
            self.stdout.write("、".join(f"{name}{count}" for name, count in made.items()) or "已有数据，没有改动")
            return
        if options["what"] == "report":
            for line in report.written(report.report(city(options["people"], options["seed"], options["as_of"]))):
                self.stdout.write(line)
            return
        if not options["frames"]:
            raise CommandError("请加 --frames")
        one = city(options["people"], options["seed"], options["as_of"])
        for name, manifest in columns.build(one, self._progress).items():
            self.stdout.write(f"{name}\t{manifest.rows}行\t{sum(part.bytes for part in manifest.parts) / 2**20:.1f} MB")

    def _progress(self, done: int, of: int) -> None:
        self.stdout.write(f"  {done}/{of} 分片", ending="\r" if done < of else "\n")
        self.stdout.flush()
