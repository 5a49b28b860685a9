"""`renshe space`: room on the disks, for people and for what watches the machine."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from renshe.kernel.store import space


class Command(BaseCommand):
    help = "磁盘空间：退出码 0 够用，1 不多，2 将满（供监控程序读取）"

    def handle(self, *args: Any, **options: Any) -> None:
        disks = space.disks()
        for one in disks:
            self.stdout.write(one.in_words)
        if code := list(space.Room).index(disks[0].room):
            sys.exit(code)
