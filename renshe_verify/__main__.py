"""`renshe-verify FILE` and its further deeds: exit code 0 sound, 1 broken, 2 unreadable."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from renshe_verify import (
    Broken,
    Checkpoint,
    Trust,
    Verified,
    audit,
    compare,
    follow,
    from_tlog_proof,
    grew,
    listed,
    open_checkpoint,
    verify,
)
from renshe_verify.note import LABELS
from renshe_verify.page import bundle_of, moment

DEEDS = ("file", "keys", "compare", "audit", "grew")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as fault:
        print(f"无法读取 {path}：{fault}")
        sys.exit(2)


def _json(path: Path) -> Any:
    try:
        return json.loads(_text(path))
    except (ValueError, RecursionError) as fault:
        print(f"{path} 不是JSON：{fault}")
        sys.exit(2)


def _trust(options: argparse.Namespace) -> Trust | None:
    """Whom the caller trusts: a key list, followed from a first key if one is given, or bare keys."""
    if options.trust:
        document = _json(options.trust)
        trust = follow(document, *options.key) if options.key else listed(document)[1]
    elif options.key:
        trust = Trust.of(*options.key)
    else:
        return None
    return trust if options.quorum is None else Trust(trust.keys, trust.witnesses, options.quorum)


def _needed(options: argparse.Namespace) -> Trust:
    trust = _trust(options)
    if trust is None:
        print("请用 --key 或 --trust 给出您信任的公钥")
        sys.exit(2)
    return trust


def _signatures(checkpoint: Checkpoint) -> None:
    for one in checkpoint.signed:
        print(f"  {LABELS[one.key.kind]} {one.who}" + (f" {moment(one.at)}" if one.at else ""))


def _file(options: argparse.Namespace) -> None:
    trust, text = _trust(options), _text(options.what[0])
    if text.startswith("c2sp.org/tlog-proof@"):
        found = from_tlog_proof(text, _needed(options))
    else:
        page = text.lstrip().lower().startswith("<!doctype")
        found = verify(bundle_of(text) if page else _json(options.what[0]), trust)
    _told(found)
    if trust is None:
        print("注意：未指定您信任的公钥，只核对了证明文件自带的公钥；请与账本以外取得的公钥清单对照")
        for one in found.checkpoint.signed:
            print(f"公钥：{one.key.text}")


def _told(found: Verified) -> None:
    print(f"属实：{found.origin} 账本第 {found.position} 条（共 {found.size} 条），{found.kind}，"
          f"办件 {found.case_number or '（无）'}，{found.at}")
    print("检查点的有效签名：")
    _signatures(found.checkpoint)
    if found.record is not None:
        print(json.dumps(found.record, ensure_ascii=False, indent=1))


def _keys(options: argparse.Namespace) -> None:
    trust = follow(_json(options.what[0]), *(key.text for key in _needed(options).keys))
    for key in trust.keys:
        print(f"{key.label} {LABELS[key.kind]} 自第{key.since}条至{'今' if key.until is None else f'第{key.until}条'} {key.text}")
    for key in trust.witnesses:
        print(f"见证 {key.label} {key.text}")
    print("属实：每一代公钥都由前一代公钥签发的检查点作证，或是您自己给出的")


def _compare(options: argparse.Namespace) -> None:
    one, other = compare(_text(options.what[0]), _text(options.what[1]), _needed(options))
    print(f"两个检查点的签名有效：{one.size} 条、{other.size} 条")
    if one.size != other.size:
        print("长度不同。要证明后者由前者追加而来，请再运行 renshe-verify grew 旧检查点 账本文件夹或网址")


def _audit(options: argparse.Namespace) -> None:
    found = audit(str(options.what[0]), _needed(options))
    print(f"属实：{found.origin} 全部 {found.size} 条条目、每一片瓦片、根哈希都与检查点一致")
    _signatures(found)


def _grew(options: argparse.Namespace) -> None:
    trust = _needed(options)
    old = open_checkpoint(_text(options.what[0]), trust.all())
    new = grew(str(options.what[1]), old, trust)
    print(f"属实：账本由 {old.size} 条追加到 {new.size} 条，此前的条目没有改动")


def main() -> None:
    """Run one deed."""
    arguments = sys.argv[1:]
    deed = arguments.pop(0) if arguments and arguments[0] in DEEDS else "file"
    parser = argparse.ArgumentParser(
        prog="renshe-verify", description="核验人社账本开出的证明。不联网，不依赖账本的程序。",
        epilog="renshe-verify 证明文件（.json .html .tlog-proof） · keys 公钥清单 · compare 检查点 检查点 · "
        "audit 账本文件夹或网址 · grew 旧检查点 账本文件夹或网址",
    )
    parser.add_argument("what", nargs=2 if deed in ("compare", "grew") else 1, type=_place, metavar="文件")
    parser.add_argument("--key", action="append", default=[], help="您信任的公钥，可给多个")
    parser.add_argument("--trust", type=Path, help="您信任的公钥清单（renshe-keys/1）；同时给 --key 时，由这些公钥逐代查起")
    parser.add_argument("--quorum", type=int, help="至少须有几家见证机构签名")
    options = parser.parse_args(arguments)
    run: dict[str, Callable[[argparse.Namespace], None]] = {
        "file": _file, "keys": _keys, "compare": _compare, "audit": _audit, "grew": _grew,
    }
    try:
        run[deed](options)
    except Broken as fault:
        print(f"不符：{fault}")
        sys.exit(1)


def _place(text: str) -> Any:
    """A path, or an address as it is."""
    return text if text.startswith(("http://", "https://")) else Path(text)


if __name__ == "__main__":
    main()
