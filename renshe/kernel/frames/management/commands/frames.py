"""`renshe frames list|check|fold|merge`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from renshe.kernel.frames import folding, merging, reading
from renshe.kernel.frames.catalogue import LEVELS, UNITS, table, tables
from renshe.kernel.frames.manifest import manifest


class Command(BaseCommand):
    help = "列式数据：目录和数据量（list）、核查排列与清单（check）、缴费月归并（merge）、缴费折成年度（fold）"
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("deed", choices=["list", "check", "fold", "merge"])
        parser.add_argument("table", nargs="?", help="表名（list 给出其各列，merge 缺省为 contributions）")

    def handle(self, *args: Any, **options: Any) -> None:
        deed, name = options["deed"], options["table"]
        if deed == "list":
            self._columns(name) if name else self._tables()
        elif deed == "check":
            self._check([name] if name else list(tables()))
        elif deed == "merge":
            merging.merge(name or "contributions", self._progress)
        else:
            made = folding.fold(self._progress)
            self.stdout.write(f"{table('person_years').label}：{made.rows}行")

    def _progress(self, done: int, of: int) -> None:
        self.stdout.write(f"  {done}/{of} 分片", ending="\r" if done < of else "\n")
        self.stdout.flush()

    def _tables(self) -> None:
        for one in tables().values():
            now = manifest(one.name)
            size = sum(part.bytes for part in now.parts) / 2**20
            self.stdout.write(f"{one.name}\t{one.label}\t{one.grain}\t{now.rows}行\t{len(now.parts)}个文件\t{size:.1f} MB")

    def _columns(self, name: str) -> None:
        for column in table(name).columns.values():
            self.stdout.write(
                f"{column.name}\t{column.dtype}\t{column.label}\t{UNITS[column.unit]}\t{LEVELS[column.level]}"
                f"{'，可为空' if column.nullable else ''}"
            )

    def _check(self, names: list[str]) -> None:
        wrong = 0
        for name in names:
            if not manifest(name).parts:
                continue
            try:
                reading.scan(name)
                for one in reading.ranges(name):
                    reading.read(one, list(table(name).key))
            except reading.Damaged as fault:
                wrong += 1
                self.stderr.write(str(fault))
            else:
                self.stdout.write(f"{name}：{manifest(name).rows}行，排列与清单相符")
        if wrong:
            raise CommandError(f"{wrong}张表有问题")
