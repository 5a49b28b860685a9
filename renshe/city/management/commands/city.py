"""`renshe city demo`: the small synthetic city with its accounts."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from renshe.city import demo


class Command(BaseCommand):
    help = "合成城市：demo 建立演示用的小城和账户（已有数据则不动）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["demo"])
        parser.add_argument("--people", type=int, default=300)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        made = demo.build(options["people"], options["seed"])
        self.stdout.write("、".join(f"{name}{count}" for name, count in made.items()) or "已有数据，没有改动")
