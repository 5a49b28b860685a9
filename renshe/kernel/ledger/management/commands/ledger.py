"""`renshe ledger sequence|audit|export`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from renshe.kernel.ledger import actions, export, queries


class Command(BaseCommand):
    help = "账本：编序（sequence）、全量复核（audit）、导出静态文件（export）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("deed", choices=["sequence", "audit", "export"])
        parser.add_argument("folder", nargs="?", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["deed"] == "sequence":
            while actions.sequence():
                self.stdout.write(f"已编序至 {queries.status().size} 条")
        elif options["deed"] == "audit":
            size, sound = queries.audit()
            if not sound:
                raise CommandError(f"账本与检查点不符：复核到第 {size} 条")
            self.stdout.write(f"{size} 条全部复核，与检查点一致")
        else:
            if options["folder"] is None:
                raise CommandError("请给出导出文件夹")
            self.stdout.write(f"已导出 {export.export(options['folder'])} 条")
