"""What an installation must have, checked whenever a command of the platform starts."""

from typing import Any

import typst
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.checks import CheckMessage, Error, Warning, register

from renshe.kernel.common.digest import sm3_source

RECEIPT_FONT = "Noto Sans CJK SC"  # named in portals/open/receipt.typ
ASSETS = ("tabler/css/tabler.min.css", "htmx/htmx.min.js", "echarts/echarts.min.js")


@register("renshe")
def digests(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """The ledger cannot write an entry without SM3."""
    if sm3_source():
        return []
    return [Error(
        "本机没有国密SM3算法，账本无法记账", id="renshe.E001",
        hint="请使用Debian 12自带的Python 3.11，或安装带SM3的OpenSSL 3；也可执行 script/setup 装齐 cryptography",
    )]


@register("renshe")
def fonts(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Receipts without a Chinese font show boxes."""
    if RECEIPT_FONT in typst.Fonts().families():
        return []
    return [Warning(
        f"没有中文字体“{RECEIPT_FONT}”，回执上的汉字会印成方框", id="renshe.W001",
        hint="请安装Debian软件包 fonts-noto-cjk：apt-get install fonts-noto-cjk",
    )]


@register("renshe", deploy=True)
def leaks(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """What leaks have made known is tried first: the list is too large to ship, and older than a month it misses the newest."""
    if settings.RENSHE_LEAKED is not None and (settings.RENSHE_LEAKED / "00000.txt").exists():
        return []
    return [Warning(
        "没有泄露密码库，换密码时查不出在别处泄露过的密码", id="renshe.W003",
        hint="请下载 Pwned Passwords 的分段文件（00000.txt 到 FFFFF.txt）到一个文件夹，并设 RENSHE_LEAKED",
    )]


@register("renshe")
def assets(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Pages without their style and scripts are readable, but nobody should have to."""
    missing = [name for name in ASSETS if finders.find(name) is None]
    return [Warning(f"缺少页面资源：{'、'.join(missing)}", id="renshe.W002", hint="请执行 script/setup")] if missing else []
