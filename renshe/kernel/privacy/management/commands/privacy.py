"""`renshe privacy rotate|retire|reindex|retire-index|retain|fields`."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from renshe.kernel.common.verdict import Refused
from renshe.kernel.privacy import keys, reindexing, retention, rotation
from renshe.kernel.privacy.classes import columns

SYSTEM = 0  # the account noted for what the installation's operator does at the console


class Command(BaseCommand):
    help = "数据保护：换密钥并逐批换封（rotate）、销毁旧密钥（retire 版本号）、换盲索引的密钥（reindex）、销毁旧的（retire-index 版本号）、按保存期限销毁（retain）、列出数据字段与级别（fields）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("deed", choices=["rotate", "retire", "reindex", "retire-index", "retain", "fields"])
        parser.add_argument("version", nargs="?", type=int)
        parser.add_argument("--continue", action="store_true", dest="go_on", help="接着上次没有换完的")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["deed"] in ("rotate", "reindex"):
            self.rotate(options["go_on"], options["deed"] == "reindex")
        elif options["deed"] in ("retire", "retire-index"):
            if options["version"] is None:
                raise CommandError("请给出要销毁的密钥版本号")
            try:
                (rotation if options["deed"] == "retire" else reindexing).retire(options["version"], by=SYSTEM)
            except Refused as fault:
                raise CommandError(f"{fault.reasons[0].text}。{fault.reasons[0].then}") from None
            self.stdout.write(f"密钥第{options['version']}版已销毁")
        elif options["deed"] == "retain":
            for kind, count in retention.retain().items():
                self.stdout.write(f"{kind}：销毁{count}")
        else:
            for one in columns():
                self.stdout.write(f"{one.rule.label}\t{one.table}\t{one.label}\t{one.column}")

    def rotate(self, go_on: bool, indexes: bool) -> None:
        if not go_on and indexes:
            version = reindexing.begin(by=SYSTEM)
            self.stdout.write(f"索引密钥第{version}版已生成，{keys.SETTLE_SECONDS:.0f}秒后开始使用")
            time.sleep(max(keys.settles_in(version, keys.INDEX), 0))
        elif not go_on:
            self.stdout.write(f"密钥第{rotation.begin(by=SYSTEM)}版开始使用")
        while job := rotation.advance():
            self.stdout.write(f"{job.column}：{job.done}/{job.total}{'，完成' if job.finished_at else ''}")
