"""`renshe-witness found|trust|serve|evidence`."""

import argparse
import json
import os
import sys
from pathlib import Path

from renshe_verify import Broken, Key, follow
from renshe_verify.page import moment
from renshe_witness.judge import public_text
from renshe_witness.memory import TWO_FACES, UNPROVED, Memory, evidence, trusted
from renshe_witness.server import serve


def _found(options: argparse.Namespace, memory: Memory) -> None:
    try:
        memory.found(options.name)
    except FileExistsError:
        raise Broken(f"{memory.folder} 里已有一个见证节点") from None
    print(public_text(memory))


def _trust(options: argparse.Namespace, memory: Memory) -> None:
    """Take a log's first key, or follow its key list from a key trusted already."""
    if options.key:
        key = Key.parse(options.key)
        origin, keys = key.name, [key]
        if options.list:
            keys = list(follow(_json(options.list), key.text).keys)
    else:
        document = _json(options.list)
        origin = str(document.get("origin", ""))
        with memory.open() as db:
            known = trusted(db, origin)
        if not known:
            raise Broken("本节点还没有信任这一账本的任何公钥：请先用 --key 给出")
        keys = list(follow(document, known[0].text).keys)
    memory.trust(origin, keys)
    for key in keys:
        print(f"信任 {key.text}（第{key.since}条至{'今' if key.until is None else f'第{key.until}条'}）")


def _json(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise Broken(f"无法读取 {path}：{fault}") from None
    if not isinstance(found, dict):
        raise Broken(f"{path} 不是公钥清单")
    return found


def _evidence(options: argparse.Namespace, memory: Memory) -> None:
    with memory.open() as db:
        found = {why: evidence(db, why) for why in (TWO_FACES, UNPROVED)}
    for why, rows in found.items():
        for origin, at, before, shown in rows:
            print(f"== {moment(at)} {origin}：{why}\n-- 此前见证的检查点\n{before}\n-- 后来出示的检查点\n{shown}")
    print(f"自相矛盾的证据 {len(found[TWO_FACES])} 件，没有得到证明的检查点 {len(found[UNPROVED])} 件")


def main() -> None:
    """Run one deed; exit code 1 with plain words when it cannot be done."""
    parser = argparse.ArgumentParser(prog="renshe-witness", description="透明账本的见证节点（C2SP tlog-witness）")
    parser.add_argument("--folder", type=Path, default=Path(os.environ.get("RENSHE_WITNESS_FOLDER", "witness")))
    deeds = parser.add_subparsers(required=True)
    one = deeds.add_parser("found", help="建立节点，生成私钥，打印公钥")
    one.add_argument("name", help="节点名，如 court.quzhou.example/witness，不含空格和加号")
    one.set_defaults(run=_found)
    one = deeds.add_parser("trust", help="信任一个账本：给出它的公钥，或已信任账本的新公钥清单")
    one.add_argument("--key", default="")
    one.add_argument("--list", type=Path)
    one.set_defaults(run=_trust)
    one = deeds.add_parser("serve", help="开始见证")
    one.add_argument("--host", default="127.0.0.1")
    one.add_argument("--port", type=int, default=8700)
    one.set_defaults(run=lambda options, memory: serve(memory, options.host, options.port))
    one = deeds.add_parser("evidence", help="列出账本自相矛盾的证据")
    one.set_defaults(run=_evidence)
    options = parser.parse_args()
    try:
        options.run(options, Memory(options.folder))
    except (Broken, FileNotFoundError) as fault:
        print(f"不能办理：{fault}")
        sys.exit(1)


if __name__ == "__main__":
    main()
