"""Judgements on requests about one's own data: pure, with reasons."""

from renshe.apps.rights.terms import RightsRefusal
from renshe.kernel.common.verdict import YES, Reason, Verdict

SHORTEST = 3
CORRECTION = "个人信息保护法 第四十六条"
AUTOMATED = "个人信息保护法 第二十四条"
ERASURE = "个人信息保护法 第四十七条"


def _no(code: RightsRefusal, text: str, then: str, field: str, article: str) -> Verdict:
    return Verdict((Reason(code, text, article=article, then=then, field=field),))


def may_correct(*, now: str, right: str, reason: str, files: int, needs_proof: bool, open_case: str) -> Verdict:
    """Whether a correction can be asked for: something is to change, it says why, and an identity or money is shown proof."""
    if open_case:
        return _no(RightsRefusal.OPEN_ALREADY, f"这一项的更正正在办理（{open_case}）", "请等这一次办完，或先撤回", "", CORRECTION)
    verdict = YES
    if now == right:
        verdict += _no(RightsRefusal.SAME, "登记的就是您填的内容，不用更正", "如果您说的是另一项，请回上一页重选", "right", CORRECTION)
    if len(reason.strip()) < SHORTEST:
        verdict += _no(RightsRefusal.NO_WORDS, "请写一句为什么不对", "例如：身份证上是“明”，登记成了“朋”", "reason", CORRECTION)
    if needs_proof and not files:
        verdict += _no(RightsRefusal.NO_FILE, "这一项要附材料", "请拍一张证件或凭证的照片", "files", CORRECTION)
    return verdict


def may_ask_review(*, reason: str, open_case: str) -> Verdict:
    """Whether a human can be asked for: the person says why, and none is looking already."""
    if open_case:
        return _no(RightsRefusal.OPEN_ALREADY, f"这一决定正在人工复核（{open_case}）", "请等复核结果", "", AUTOMATED)
    if len(reason.strip()) < SHORTEST:
        return _no(RightsRefusal.NO_WORDS, "请写一句您觉得哪里不对", "例如：我在别的城市缴过五年，没有算进去", "reason", AUTOMATED)
    return YES


def may_erase(*, chosen: int, open_case: str) -> Verdict:
    """Whether deletion can be asked for: something is chosen, and no such request is open."""
    if open_case:
        return _no(RightsRefusal.OPEN_ALREADY, f"您的删除申请正在办理（{open_case}）", "请等这一次办完，或先撤回", "", ERASURE)
    if not chosen:
        return _no(RightsRefusal.NOTHING_HELD, "请至少选一项", "没有列出的，我们没有保存", "items", ERASURE)
    return YES
