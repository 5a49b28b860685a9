"""`renshe backup FOLDER [--keys FOLDER] [--frames] [--prune]`: while the platform runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from renshe.kernel.ledger import audit
from renshe.kernel.store import backup, journal


class Command(BaseCommand):
    help = "备份到一个空文件夹（平台照常运行）；密钥另存一处"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--keys", type=Path, help="密钥镜像到这里：不能与备份放在一起")
        parser.add_argument("--frames", action="store_true", help="连同列式数据一起备份（也可由记录重新生成）")
        parser.add_argument("--prune", action="store_true", help="清掉这次备份已经包含的旧日志（仅SQLite）")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["folder"]
        try:
            backup.take(folder)
            if options["frames"] and Path(settings.FRAMES).exists():
                backup.add(folder, "frames", Path(settings.FRAMES))
            keys = backup.mirror_keys(options["keys"], folder) if options["keys"] else 0
        except backup.Unsound as fault:
            raise CommandError(str(fault)) from None
        self.audit(folder)
        self.stdout.write(f"已备份到 {folder}" + (f"；{keys} 把密钥已镜像到 {options['keys']}" if keys else "；密钥未备份"))
        if options["prune"] and settings.RENSHE_JOURNAL and connection.vendor == "sqlite":
            self.stdout.write(f"已清理 {journal.prune(backup.checked(folder)['number'])} 个旧日志文件")

    def audit(self, folder: Path) -> None:
        """The whole ledger of the copy, worked out anew."""
        with backup.looking_at(folder):
            report = audit.audit()
        if not report.sound:
            raise CommandError("备份里的账本复核不过，这份备份不要用：" + "；".join(report.faults))
        backup.checked(folder)
        self.stdout.write(f"账本 {report.size} 条全部复核，一致")
