"""`renshe policy list|evaluate|check`."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from renshe.kernel.policy.engine.check import check
from renshe.kernel.policy.engine.units import BadInput
from renshe.kernel.policy.models import EnteredValue
from renshe.kernel.policy.publish import described, evaluated, parsed, problem
from renshe.kernel.policy.queries import entered
from renshe.kernel.policy.registry import policies


class Command(BaseCommand):
    help = "政策：列出（list）、测算（evaluate，逐行JSON）、核查（check）"
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("deed", choices=["list", "evaluate", "check"])
        parser.add_argument("--json", action="store_true", help="list 以JSON输出")
        parser.add_argument("--place", default="330800", help="区划代码")

    def handle(self, *args: Any, **options: Any) -> None:
        {"list": self.do_list, "evaluate": self.do_evaluate, "check": self.do_check}[options["deed"]](options)

    def do_list(self, options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps([described(one) for one in policies().values()], ensure_ascii=False, indent=1))
            return
        for one in policies().values():
            self.stdout.write(f"{one.name}\t{one.title}\t{one.basis}")

    def do_evaluate(self, options: dict[str, Any]) -> None:
        stored = EnteredValue._meta.db_table in connection.introspection.table_names()
        if not stored:
            self.stderr.write("尚未建库（renshe migrate）：只按随程序发布的政策值测算，没有本地录入的值")
        for number, line in enumerate(getattr(sys.stdin, "buffer", sys.stdin), 1):
            if not line.strip():
                continue
            request: object = None
            try:
                request = parsed(line)
                answer = evaluated(
                    request, place=options["place"], confirmed=entered if stored else lambda place: ()
                )
            except BadInput as fault:
                answer = problem(request, fault)
                answer["error"] = f"第{number}行：{answer['error']}"
            text = json.dumps(answer, ensure_ascii=False)
            self.stdout.write(text.encode("utf-8", "backslashreplace").decode())  # a lone surrogate stops nothing

    def do_check(self, options: dict[str, Any]) -> None:
        found = [f"{one.name}：{line}" for one in policies().values() for line in check(one, timezone.localdate())]
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"发现{len(found)}处问题")
        self.stdout.write(f"{len(policies())}项政策，没有发现问题")
