"""`renshe plan`: read a plan document, remind owners of milestones."""

import csv
import datetime
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import timezone

from renshe.apps.planning.actions import plans, works
from renshe.apps.planning.models import Extract
from renshe.apps.planning.queries import review_progress
from renshe.apps.planning.terms import ExtractKind
from renshe.kernel.access.models import Account
from renshe.kernel.common.verdict import Refused
from renshe.kernel.indicators.territory import territory


class Command(BaseCommand):
    help = "规划：import 读取规划文件；remind 提醒将到期和逾期的节点（每周每节点只提醒一次）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        one = what.add_parser("import", help="读取 .txt、.md 或 .docx 规划")
        one.add_argument("file", type=Path)
        one.add_argument("--by", default="planner", help="导入人的用户名")
        one.add_argument("--division", default="", help="适用区划，默认本市")
        one.add_argument("--unread", type=Path, help="把没有读懂的写到这个 .csv")
        two = what.add_parser("remind", help="发出提醒")
        two.add_argument("--every", type=float, default=0, help="每隔多少秒再来一次；不写只做一次")
        two.add_argument("--on", type=datetime.date.fromisoformat, help="当作哪一天")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "import":
            self.take_in(options["file"], options["by"], options["division"] or territory().city, options["unread"])
            return
        while True:
            told = works.remind(options["on"] or timezone.localdate())
            if not options["every"]:
                self.stdout.write(f"提醒了{told}个节点")
                return
            time.sleep(options["every"])
            close_old_connections()

    def take_in(self, file: Path, username: str, division: str, unread: Path | None) -> None:
        account = Account.objects.filter(username=username).first()
        if account is None:
            raise CommandError(f"没有“{username}”这个账户，请用 --by 写明导入人")
        if division not in territory().names:
            raise CommandError(f"“{division}”不是本市或所辖县（市、区）的区划代码")
        try:
            data = file.read_bytes()
        except OSError as fault:
            raise CommandError(f"打不开 {file}：{fault.strerror}") from None
        try:
            plan, new = plans.take_in(data, file.name, division=division, account=account)
        except Refused as refused:
            raise CommandError("；".join(f"{one.text}{'。' + one.then if one.then else ''}" for one in refused.reasons)) from None
        progress = review_progress(plan)
        counts = "，".join(f"{kind.label}{count}" for kind, count, _ in progress.by_kind)
        self.stdout.write(f"{'读入' if new else '以前读过'}《{plan.title}》{plan.first_year}—{plan.last_year}：{counts}；不一致{plan.contradictions.count()}处")
        left = Extract.objects.filter(plan=plan, kind=ExtractKind.UNREAD).order_by("position")
        if unread is not None:
            with unread.open("w", encoding="utf-8-sig", newline="") as handle:
                table = csv.writer(handle)
                table.writerow(["行", "所在标题", "原因", "原文"])
                table.writerows([one.line, " › ".join(one.path), one.content["reason"], one.content["words"]] for one in left)
        for one in left[:20]:
            self.stdout.write(f"  没有读懂：第{one.line}行 {one.content['reason']}：{str(one.content['words'])[:60]}")
        self.stdout.write(f"请到 /desk/plans/{plan.pk}/review 审核")
