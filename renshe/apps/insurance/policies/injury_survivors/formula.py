"""What the family of a person who died of work is paid each month: one amount a person, and what all get together."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import count, least, when
from renshe.kernel.policy.engine.units import Fen

ARTICLE = "工伤保险条例 第三十九条"


@condition(
    "依靠职工生前提供主要生活来源", article="因工死亡职工供养亲属范围规定",
    unmet="不是依靠职工生前提供主要生活来源的亲属，不发供养亲属抚恤金", then="一次性工亡补助金由近亲属领取，不受影响",
)
def was_dependent(dependent):
    return dependent


@rule("配偶每月", unit=Fen, article=ARTICLE, round="half_up")
def spouse(survivors, own_wage, survivor_share_spouse):
    return when(count(survivors, lambda one: one == "spouse") > 0, own_wage * survivor_share_spouse, 0)


@rule("子女每人每月", unit=Fen, article=ARTICLE, round="half_up")
def child(survivors, own_wage, survivor_share_other):
    return when(count(survivors, lambda one: one == "child") > 0, own_wage * survivor_share_other, 0)


@rule("父母等其他亲属每人每月", unit=Fen, article=ARTICLE, round="half_up")
def parent(survivors, own_wage, survivor_share_other):
    return when(count(survivors, lambda one: one == "parent") > 0, own_wage * survivor_share_other, 0)


@rule("孤儿每人每月", unit=Fen, article=ARTICLE, round="half_up")
def orphan_child(survivors, own_wage, survivor_share_other, survivor_share_extra):
    there = count(survivors, lambda one: one == "orphan_child") > 0
    return when(there, own_wage * (survivor_share_other + survivor_share_extra), 0)


@rule("孤寡老人每人每月", unit=Fen, article=ARTICLE, round="half_up")
def lonely_parent(survivors, own_wage, survivor_share_other, survivor_share_extra):
    there = count(survivors, lambda one: one == "lonely_parent") > 0
    return when(there, own_wage * (survivor_share_other + survivor_share_extra), 0)


@rule("各人合计", unit=Fen, article=ARTICLE)
def uncapped(survivors, spouse, child, parent, orphan_child, lonely_parent):
    return (
        spouse * count(survivors, lambda one: one == "spouse")
        + child * count(survivors, lambda one: one == "child")
        + parent * count(survivors, lambda one: one == "parent")
        + orphan_child * count(survivors, lambda one: one == "orphan_child")
        + lonely_parent * count(survivors, lambda one: one == "lonely_parent")
    )


@rule("每月实发合计（不高于职工本人工资）", unit=Fen, article=ARTICLE, round="half_up")
def total(uncapped, own_wage, survivor_share_most):
    return least(uncapped, own_wage * survivor_share_most)


RULES = (was_dependent, spouse, child, parent, orphan_child, lonely_parent, uncapped, total)
