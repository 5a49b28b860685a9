"""`renshe sweep`: every policy over every person of the columnar city. Safe to kill and to start again, or twice at once."""

import datetime
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from renshe.kernel.frames.reading import Absent, Damaged
from renshe.kernel.sweeps import running


class Command(BaseCommand):
    help = "全市测算：对列式数据中的每个人测算每一项政策；中断后再运行就接着做，同时运行几个就分着做"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=datetime.date.fromisoformat, help="按哪一天的政策和事实（缺省为今天）")
        parser.add_argument("--place", default="330800", help="区划代码")
        parser.add_argument("--list", action="store_true", help="只列出各项政策能否测算、缺什么")

    def handle(self, *args: Any, **options: Any) -> None:
        on = options["on"] or timezone.localdate()
        try:
            if options["list"]:
                self._list(running.prepared(on, options["place"]))
                return
            said = self._swept(on, options["place"])
        except (Absent, Damaged) as fault:
            raise CommandError(str(fault)) from None
        if said is None:
            self.stdout.write("其余分片由另一个进程在做，做完由它公布。")
            return
        for one in said["policies"]:
            self.stdout.write(f"{one['policy']}\t{one['title']}\t{_told(one)}")
        judged = [one for one in said["policies"] if one["totals"]]
        self.stdout.write(f"测算{len(judged)}项，没有测算{len(said['policies']) - len(judged)}项")

    def _swept(self, on: datetime.date, place: str) -> dict[str, Any] | None:
        """What the sweep came to; begun anew as often as tables or values of law change under it."""
        while True:
            running.folded(self._folding, on)
            try:
                return running.run(running.prepared(on, place), self._progress)
            except running.Moved as fault:
                self.stdout.write(str(fault))

    def _list(self, sweep: running.Sweep) -> None:
        for one in sweep.policies:
            reads = "、".join(f"{name}←{read.column or '测算日'}" for name, read in one.reads.items())
            self.stdout.write(
                f"{one.policy.name}\t{one.policy.title}\t{one.why_not or '可测算：' + reads}"
                + (f"\t缺少：{'、'.join(item.label for item in one.lacking)}" if one.lacking else "")
            )

    def _folding(self, name: str) -> None:
        self.stdout.write(f"历史已变，重新折算：{name}")

    def _progress(self, done: int, of: int) -> None:
        self.stdout.write(f"  {done}/{of} 分片", ending="\r" if done < of else "\n")
        self.stdout.flush()


def _told(one: dict[str, Any]) -> str:
    """What a policy came to, in a line: asked, entitled, not entitled, undecided, the time; or why it was not swept."""
    totals, word = one["totals"], one["counted_in"]
    if totals is None:
        return f"没有测算：{one['why_not']}"
    counts = [f"{totals['asked']}{word}"]
    if totals["entitled"] is not None:
        counts.append(f"符合{totals['entitled']}、不符合{totals['refused']}、待定{totals['undecided']}")
    counts.append(f"{totals.get('us', 0) / 1000:.1f}毫秒")
    if one["lacking"]:
        counts.append(f"缺少的事实：{'、'.join(one['lacking'])}")
    if one["values"]:
        counts.append(f"缺少的法定值：{'；'.join(one['values'])}")
    return "\t".join(counts)
