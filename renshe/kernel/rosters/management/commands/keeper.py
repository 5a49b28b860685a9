"""`renshe keeper`: the platform's pulse. Sequences the ledger, settles waiting rosters, refreshes indicators, moves sealed
values to a new key, destroys what is past its time, looks for unusual readings, sweeps the city by night, resumes what a dead
worker left."""

import logging
import signal
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.db.utils import OperationalError
from django.utils import timezone

from renshe.kernel.alerts import actions as alerts
from renshe.kernel.cases import actions as cases
from renshe.kernel.cases import erasures
from renshe.kernel.indicators import actions as indicators
from renshe.kernel.ledger import actions as ledger
from renshe.kernel.privacy import retention, rotation
from renshe.kernel.rosters import actions, queries
from renshe.kernel.sweeps import actions as drafts
from renshe.kernel.sweeps import nightly

log = logging.getLogger("renshe.keeper")
TICK = 0.5
REMIND_EVERY = 60.0  # seconds; clocks count days, but a case may be taken over or suspended at any moment
TASKS = ("ledger", "rosters", "indicators", "cases", "privacy", "alerts", "sweeps")


class Command(BaseCommand):
    help = "后台值守：账本编序、办理名册、更新指标、换钥与到期销毁、夜间全市测算；被中断的自动续办"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", nargs="*", choices=[[], *TASKS], default=[], metavar="|".join(TASKS), help="值守哪几项，不写就是全部")
        parser.add_argument("--once", action="store_true", help="办完现有的就退出")

    def handle(self, *args: Any, **options: Any) -> None:
        self.going, self.look_again, self.retained_on, self.called_on = True, 0.0, None, None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        while self.going:
            busy = self.tick(options["what"] or TASKS)
            if options["once"] and not busy:
                return
            if not busy:
                time.sleep(TICK)

    def stop(self, *args: Any) -> None:
        self.going = False

    def tick(self, what: Sequence[str]) -> bool:
        """One round; True when there was something to do."""
        close_old_connections()
        today = timezone.localdate()
        try:
            waiting = queries.unattended() if "rosters" in what else []
            for roster_id in waiting:
                actions.settle(roster_id)
            sequenced = ledger.sequence() if "ledger" in what else None
            refreshed = indicators.refresh() if "indicators" in what else []
            if "cases" in what and time.monotonic() >= self.look_again:
                self.look_again = time.monotonic() + REMIND_EVERY
                cases.remind()
            resealed = rotation.advance() if "privacy" in what else None
            if "privacy" in what and self.retained_on != today:
                retention.retain()
                erasures.release_used()
                self.retained_on = today
            watched = alerts.detect() if "alerts" in what else False
            if "alerts" in what and self.called_on != today:
                alerts.remind()
                self.called_on = today
            swept = (drafts.weigh_waiting() or nightly.advance()) if "sweeps" in what else False
            return swept or watched or bool(waiting) or sequenced is not None or bool(refreshed) or resealed is not None
        except OperationalError:
            log.exception("database not reachable, trying again")
            time.sleep(TICK * 4)
            return False
