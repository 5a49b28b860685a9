"""`renshe ledger sequence|audit|export|attend|rotate|keys|anchor|confirm|deploy`."""

import json
import logging
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.db.utils import OperationalError
from django.utils.module_loading import import_string

from renshe.kernel.ledger import actions, anchors, audit, export, queries, witnesses

log = logging.getLogger("renshe.ledger")
HELP = (
    "账本：编序（sequence）、全量复核（audit）、导出静态文件（export 文件夹）、请见证机构签名并导出（attend）、"
    "换签名密钥（rotate）、公钥清单（keys）、锚定最新检查点（anchor）、核对一次锚定（confirm 条目数）、部署锚定合约（deploy）"
)


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("deed", choices=list(self.deeds()))
        parser.add_argument("what", nargs="?", default="")
        parser.add_argument("--once", action="store_true", help="attend：只做一轮")
        parser.add_argument("--lost", action="store_true", help="rotate：旧私钥已遗失，收录公告的检查点只由新钥签")

    def deeds(self) -> dict[str, Callable[[dict[str, Any]], None]]:
        return {
            "sequence": self.sequence, "audit": self.audit, "export": self.export, "attend": self.attend,
            "rotate": self.rotate, "keys": self.keys, "anchor": self.anchor, "confirm": self.confirm,
            "deploy": self.deploy,
        }

    def handle(self, *args: Any, **options: Any) -> None:
        self.deeds()[options["deed"]](options)

    def sequence(self, options: dict[str, Any]) -> None:
        while made := actions.sequence():
            self.stdout.write(f"已编序至 {made.size} 条")

    def audit(self, options: dict[str, Any]) -> None:
        report = audit.audit()
        for fault in report.faults:
            self.stderr.write(fault)
        if not report.sound:
            raise CommandError(f"账本不符：{len(report.faults)} 处（复核到第 {report.size} 条）")
        self.stdout.write(f"{report.size} 条记录、条目、瓦片和 {report.checkpoints} 个检查点全部复核，一致")

    def export(self, options: dict[str, Any]) -> None:
        folder = options["what"] or settings.RENSHE_LEDGER_FOLDER
        if not folder:
            raise CommandError("请给出导出文件夹，或设置 RENSHE_LEDGER_FOLDER")
        try:
            self.stdout.write(f"已导出 {export.export(Path(folder))} 条")
        except export.Unlike as fault:
            raise CommandError(str(fault)) from None

    def attend(self, options: dict[str, Any]) -> None:
        """Ask witnesses, anchor, export: round after round until stopped."""
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        while not stopped.is_set():
            close_old_connections()
            try:
                self.round()
            except OperationalError:
                log.exception("database not reachable, trying again")
            if options["once"]:
                return
            stopped.wait(settings.RENSHE_WITNESS_SECONDS)

    def round(self) -> None:
        witnesses.ask_all()
        try:
            anchors.anchor_latest(every=settings.RENSHE_ANCHOR_SECONDS)
        except anchors.Unanchored as fault:
            log.warning("not anchored: %s", fault)
        if settings.RENSHE_LEDGER_FOLDER:
            try:
                export.export(Path(settings.RENSHE_LEDGER_FOLDER))
            except export.Unlike as fault:
                log.error("not exported: %s", fault)

    def rotate(self, options: dict[str, Any]) -> None:
        generation = actions.rotate(lost=options["lost"])
        self.stdout.write(
            f"已公告第 {generation} 代公钥，旧私钥记为遗失；没有旧钥作证，请把新公钥当面交给每一家见证机构，并登公报：" if options["lost"]
            else f"已公告第 {generation} 代公钥；收录公告的检查点由新旧两代同签，此后只用新钥："
        )
        for text in actions.key_texts(generation):
            self.stdout.write(text)

    def keys(self, options: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(queries.key_list(), ensure_ascii=False, indent=1))

    def anchor(self, options: dict[str, Any]) -> None:
        try:
            made = anchors.anchor_latest()
        except anchors.Unanchored as fault:
            raise CommandError(str(fault)) from None
        for one in made:
            self.stdout.write(f"已锚定 {one.checkpoint.size} 条的检查点：{one.means} {one.reference}")
        if not made:
            self.stdout.write("没有新的检查点要锚定，或没有配置锚定方式（RENSHE_ANCHORS）")

    def deploy(self, options: dict[str, Any]) -> None:
        """Compile the contract and put it on the chain; needs the dependency group `anchors`."""
        compiled = import_string("renshe.kernel.ledger.anchors.contract.compiled")()
        try:
            address = import_string("renshe.kernel.ledger.anchors.evm.Evm")().deploy(compiled["bytecode"])
        except anchors.Unanchored as fault:
            raise CommandError(str(fault)) from None
        self.stdout.write(f"合约已部署，请设置 RENSHE_EVM_CONTRACT={address}")

    def confirm(self, options: dict[str, Any]) -> None:
        if not options["what"].isdigit():
            raise CommandError("请给出检查点的条目数")
        try:
            found = anchors.confirm(int(options["what"]))
        except anchors.Unanchored as fault:
            raise CommandError(str(fault)) from None
        for means, words in found:
            self.stdout.write(f"{means}：{words}")
