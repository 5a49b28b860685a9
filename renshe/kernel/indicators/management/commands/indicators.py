"""`renshe indicators list|refresh`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from renshe.kernel.indicators import actions, queries
from renshe.kernel.indicators.periods import Period
from renshe.kernel.indicators.registry import indicators


class Command(BaseCommand):
    help = "指标：列出（list）、更新（refresh）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("deed", choices=["list", "refresh"])
        parser.add_argument("--all", action="store_true", help="全部重新统计，不只是有变化的")
        parser.add_argument("--key", action="append", default=[], help="只统计这一指标，可重复")
        parser.add_argument("--since", default="", help="同时补算以前各期，从这一期起，如 2025-01")

    def handle(self, *args: Any, **options: Any) -> None:
        if unknown := set(options["key"]) - set(indicators()):
            raise CommandError(f"没有这样的指标：{'、'.join(sorted(unknown))}；用 renshe indicators list 查看")
        if options["deed"] == "list":
            self.list_all()
            return
        if options["since"]:
            try:
                since = Period.read(options["since"])
            except ValueError as fault:
                raise CommandError(str(fault)) from None
            self.stdout.write(f"已补算{actions.backfill(since)}个往期数")
        done = actions.refresh(everything=options["all"], keys=options["key"])
        faults = [f"{key}：{state.fault}" for key, state in queries.freshness().items() if key in done and state.fault]
        self.stdout.write(f"已更新{len(done) - len(faults)}项指标")
        if faults:
            raise CommandError("没有算出来的：\n" + "\n".join(faults))

    def list_all(self) -> None:
        latest = queries.latest()
        for key, one in indicators().items():
            figure = latest.get(key)
            shown = f"{one.show(figure.value)}{one.unit}（{figure.period}）" if figure else "还没有数"
            self.stdout.write(f"{key}\t{one.theme.label}\t{one.label}\t{shown}")
