"""A proof bundle: one file with the record, its entry, the path to the root, the signed checkpoint and the keys.

Nothing in a bundle is left unchecked: every key it carries signed its checkpoint, every signature belongs to a key it
carries, and the words that tell a reader what to do are those of the format.
"""

import base64
import json
from dataclasses import dataclass
from typing import Any

from renshe_verify.note import Checkpoint, Key, decoded, open_checkpoint, split
from renshe_verify.sm2 import sm3
from renshe_verify.tree import Broken, leaf_hash, root_from_path
from renshe_verify.trust import Trust, listed, meets, names_successors

FORMAT = "renshe-proof/2"
FIELDS = {"format", "read", "origin", "keys", "leaf", "position", "size", "path", "checkpoint"}
READ = [
    "这是一份存在证明：证明“record”所载的记录，在某一时刻已写入一本只能追加、不能改动的公开账本，此后未被改动。",
    "record 是记录原文，其中 salt 是随机数，使别人不能从摘要猜出原文。leaf 是账本条目，其中 sm3 是 record 的国密摘要（GB/T 32905）。",
    "position 是条目在账本中的序号（从0起），path 是由条目算到根哈希的路径（RFC 9162）。",
    "checkpoint 是账本签发的检查点：账本名、条目总数、根哈希，其后是账本的签名（Ed25519、国密SM2）和见证机构的签名。keys 是这些签名的公钥。",
    "核验：在任何一台不联网的计算机上运行 renshe-verify 本文件 --trust 公钥清单。公钥清单应从账本以外的渠道取得，例如见证机构、公报，或本院留存的旧清单。",
    "只要有一个字被改动，核验程序就会说“不符”并指出是哪一处；各项都相符，才说“属实”。",
]


@dataclass(frozen=True)
class Verified:
    """What a sound bundle shows."""

    kind: str
    case_number: str
    at: str
    position: int
    checkpoint: Checkpoint
    record: dict[str, Any] | None

    @property
    def size(self) -> int:
        return self.checkpoint.size

    @property
    def origin(self) -> str:
        return self.checkpoint.origin


def verify(bundle: Any, trust: Trust | None = None) -> Verified:
    """Check a bundle against those you trust; without, only against the keys it carries. Raises Broken."""
    try:
        if set(bundle) - {"record"} != FIELDS or bundle["format"] != FORMAT or bundle["read"] != READ:
            raise ValueError("unknown format")
        leaf_text, note = bundle["leaf"], bundle["checkpoint"]
        position, size = bundle["position"], bundle["size"]
        if type(position) is not int or type(size) is not int or not isinstance(note, str):
            raise ValueError("not whole numbers")
        path = [decoded(step) for step in bundle["path"]]
        keys = [Key.parse(text) for text in bundle["keys"]]
        leaf = json.loads(leaf_text)
        claimed = leaf["sm3"]
        described = leaf["kind"], leaf["case"], leaf["at"]
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise Broken("证明文件的格式不对，或缺少内容") from None
    checkpoint = _opened(note, keys, trust)
    if checkpoint.origin != bundle["origin"]:
        raise Broken("证明文件写的账本名与检查点不符")
    if checkpoint.size != size:
        raise Broken("检查点的长度与证明不符")
    if root_from_path(leaf_hash(leaf_text.encode()), position, size, path) != checkpoint.root:
        raise Broken("条目不在检查点所签的账本中")
    opened = None
    if "record" in bundle:
        opened = _record(bundle["record"], claimed)
    return Verified(*described, position, checkpoint, opened)


def _opened(note: str, keys: list[Key], trust: Trust | None) -> Checkpoint:
    carried = open_checkpoint(note, keys)
    _, found = split(note)
    if len(carried.signed) != len(found) or len(keys) != len(found):
        raise Broken("检查点的签名与证明文件所带的公钥不一一对应")
    if trust is None:
        return carried
    trusted = open_checkpoint(note, trust.all())
    if len(trusted.by_witnesses) < trust.quorum:
        raise Broken(f"检查点只有{len(trusted.by_witnesses)}家见证机构签名，少于要求的{trust.quorum}家")
    return trusted


def _record(text: object, claimed: str) -> dict[str, Any]:
    if sm3(str(text).encode()).hex() != claimed:
        raise Broken("记录与账本条目的国密摘要不符：记录已被改动")
    try:
        opened = json.loads(str(text))
        if not isinstance(opened, dict):
            raise ValueError("not a record")
    except ValueError:
        raise Broken("记录不是规范的JSON") from None
    return opened


def follow(document: Any, *trusted: str) -> Trust:
    """The trust a key list describes, once each generation of keys was announced under the one before. Raises Broken.

    `trusted` are keys you know already; generations before the first of them are not vouched for and left out. A generation
    whose predecessor was lost has nobody to vouch for it: it is taken only if one of its keys is among the trusted.
    """
    generations, trust = listed(document)
    meets(generations)
    known = [bool({key.text for key in one["keys"]} & set(trusted)) for one in generations]
    if True not in known:
        raise Broken("公钥清单里没有您信任的公钥")
    start = known.index(True)
    for at in range(start + 1, len(generations)):
        before, after = generations[at - 1], generations[at]
        try:
            _announced(after, before["keys"])
        except Broken as fault:
            if not known[at] or not _announced(after, after["keys"]).get("lost"):
                raise Broken(
                    f"第{at + 1}代公钥没有前一代作证（{fault}）。旧私钥遗失时会这样：请从账本以外取得新公钥，与旧公钥一起用 --key 给出"
                ) from None
    kept = {key.text for one in generations[start:] for key in one["keys"]}
    return Trust(tuple(key for key in trust.keys if key.text in kept), trust.witnesses, trust.quorum)


def _announced(generation: dict[str, Any], signed_by: list[Key]) -> dict[str, Any]:
    """The record that announces a generation, in a checkpoint that these keys signed. Raises Broken."""
    found = verify(generation["announced"], Trust(tuple(signed_by)))
    if found.kind != "ledger.keys" or found.size != generation["since"] or found.record is None:
        raise Broken("检查点或条目不是换钥的那一个")
    if sorted(names_successors(found.record)) != sorted(key.text for key in generation["keys"]):
        raise Broken("清单上的新公钥不是换钥条目所写的公钥")
    return found.record


def names_a_loss(bundle: Any) -> bool:
    """Whether an announcement of keys, once opened under its own keys, says that those before were lost. Raises Broken."""
    found = verify(bundle)
    return found.kind == "ledger.keys" and bool((found.record or {}).get("lost"))


def tlog_proof(bundle: dict[str, Any]) -> str:
    """The same proof as C2SP tlog-proof text; the entry and the record travel as its extra data."""
    extra = json.dumps({key: bundle[key] for key in ("leaf", "record") if key in bundle}, ensure_ascii=False)
    lines = ["c2sp.org/tlog-proof@v1", f"extra {base64.b64encode(extra.encode()).decode()}", f"index {bundle['position']}"]
    return "\n".join([*lines, *bundle["path"], "", bundle["checkpoint"]])


def from_tlog_proof(text: str, trust: Trust) -> Verified:
    """Check a C2SP tlog-proof whose extra data carries the entry. Raises Broken."""
    head, _, note = text.partition("\n\n")
    try:
        first, *rest = head.split("\n")
        (said, extra_text), (named, position) = (rest.pop(0).split(" ") for _ in range(2))
        extra = json.loads(decoded(extra_text))
        if (first, said, named) != ("c2sp.org/tlog-proof@v1", "extra", "index") or str(int(position)) != position:
            raise ValueError("not a proof")
        if not {"leaf"} <= set(extra) <= {"leaf", "record"}:  # nobody signed these: they may add to the proof, not speak in its place
            raise ValueError("not our extra data")
        stated = open_checkpoint(note, trust.all())
        _, found = split(note)
        known = {(key.name, key.id): key.text for key in trust.all()}
        kept = [line for line in found if (line.name, line.id) in known]
        body = note[: note.rfind("\n\n") + 2] + "".join(line.text for line in kept)
        bundle = {
            "format": FORMAT, "read": READ, "origin": stated.origin, "keys": [known[line.name, line.id] for line in kept],
            "position": int(position), "size": stated.size, "path": rest, "checkpoint": body, **extra,
        }
    except (ValueError, IndexError, TypeError):
        raise Broken("不是 C2SP tlog-proof 格式的证明") from None
    return verify(bundle, trust)
