"""`renshe glossary`: the words of the trade, English and Chinese, as the code has them."""

from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand

from renshe.config.settings import ROOT
from renshe.kernel.common.terms import Terms

TARGET = ROOT / "docs" / "glossary.md"


def _lists(parent: type[Terms]) -> list[type[Terms]]:
    found = []
    for child in parent.__subclasses__():
        found += [child, *_lists(child)]
    return found


def glossary() -> str:
    """The glossary's text."""
    import_module(settings.ROOT_URLCONF)  # the words of pages are known once their addresses are
    lines = ["# Glossary", "", "Made by `renshe glossary` from terms and field names; a test keeps it true.", ""]
    lines += ["## Tables", "", "| English | 中文 |", "| --- | --- |"]
    for model in sorted(apps.get_models(), key=lambda one: one.__name__):
        if model.__module__.startswith("renshe."):
            lines.append(f"| {model.__name__} | {model._meta.verbose_name} |")
    lines += ["", "## Words", "", "| list | English | 中文 |", "| --- | --- | --- |"]
    for terms in sorted(_lists(Terms), key=lambda one: (one.__module__, one.__name__)):
        lines += [f"| {terms.__name__} | {one.name.lower()} | {one.label} |" for one in terms]
    return "\n".join(lines) + "\n"


class Command(BaseCommand):
    help = "由代码生成术语表 docs/glossary.md"

    def handle(self, *args: Any, **options: Any) -> None:
        Path(TARGET).write_text(glossary(), encoding="utf-8")
        self.stdout.write(f"已写入 {TARGET.name}")
