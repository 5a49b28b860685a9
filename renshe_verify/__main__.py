"""`renshe-verify BUNDLE.json [--key KEY]`: exit code 0 sound, 1 broken, 2 unreadable."""

import argparse
import json
import sys
from pathlib import Path

from renshe_verify import Broken, verify


def main() -> None:
    parser = argparse.ArgumentParser(prog="renshe-verify", description="核验人社账本开出的证明")
    parser.add_argument("bundle", type=Path, help="证明文件（JSON）")
    parser.add_argument("--key", default="", help="您事先取得并信任的账本公钥")
    options = parser.parse_args()
    try:
        bundle = json.loads(options.bundle.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        print(f"无法读取：{fault}")
        sys.exit(2)
    try:
        found = verify(bundle, options.key)
    except Broken as fault:
        print(f"不符：{fault}")
        sys.exit(1)
    print(f"属实：{found.origin} 账本第 {found.position} 条（共 {found.size} 条），办件 {found.case_number}，{found.at}")
    if not options.key:
        print("注意：未指定公钥，用的是证明文件自带的公钥；请与公开的账本公钥对照")
        print(f"公钥：{bundle['key']}")
    if found.record is not None:
        print(json.dumps(found.record, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
