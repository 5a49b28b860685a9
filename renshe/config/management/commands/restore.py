"""`renshe restore FOLDER`: a backup and the journal in the place of a lost database. The platform must stand still."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from renshe.kernel.ledger import audit
from renshe.kernel.store import backup, journal


class Command(BaseCommand):
    help = "由备份和日志恢复（先停平台）"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--data", type=Path, help="PostgreSQL：新的数据目录，须为空")
        parser.add_argument("--only-backup", action="store_true", help="不重做日志，回到备份那一刻；日志移到一旁")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if connection.vendor == "sqlite":
                self.sqlite(options["folder"], options["only_backup"])
            else:
                self.postgres(options["folder"], options["data"])
        except (backup.Unsound, journal.Broken) as fault:
            raise CommandError(str(fault)) from None

    def sqlite(self, folder: Path, only_backup: bool) -> None:
        if only_backup and settings.RENSHE_JOURNAL and (aside := journal.put_aside()):
            self.stdout.write(f"日志已移到 {aside}")
        done = backup.restore_sqlite(folder)
        self.stdout.write(f"已放回备份，并按日志重做 {done} 笔")
        report = audit.audit()
        if not report.sound:
            raise CommandError("恢复后账本复核不过：" + "；".join(report.faults))
        self.stdout.write(f"账本 {report.size} 条全部复核，一致")

    def postgres(self, folder: Path, data: Path | None) -> None:
        if data is None:
            raise CommandError("请用 --data 给出新的PostgreSQL数据目录")
        backup.restore_postgres(folder, data)
        self.stdout.write(
            f"已铺好 {data}。请把它交给postgres用户，用它启动PostgreSQL：它会先把归档的日志重做完，再接受连接；"
            "然后执行 renshe ledger audit",
        )
