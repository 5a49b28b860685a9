"""What the family of a person who died of work is paid each month: one amount a person, and what all get together."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import count, least, when
from renshe.kernel.policy.engine.units import Count, Fen

ARTICLE = "工伤保险条例 第三十九条"


@condition(
    "依靠职工生前提供主要生活来源", article="因工死亡职工供养亲属范围规定",
    unmet="不是依靠职工生前提供主要生活来源的亲属，不发供养亲属抚恤金", then="一次性工亡补助金由近亲属领取，不受影响",
)
def was_dependent(dependent):
    return dependent


@rule("配偶人数", unit=Count, article=ARTICLE)
def spouses(survivors):
    return count(survivors, lambda one: one == "spouse")


@rule("子女人数", unit=Count, article=ARTICLE)
def children(survivors):
    return count(survivors, lambda one: one == "child")


@rule("父母等其他亲属人数", unit=Count, article=ARTICLE)
def parents(survivors):
    return count(survivors, lambda one: one == "parent")


@rule("孤儿人数", unit=Count, article=ARTICLE)
def orphans(survivors):
    return count(survivors, lambda one: one == "orphan_child")


@rule("孤寡老人人数", unit=Count, article=ARTICLE)
def lonely(survivors):
    return count(survivors, lambda one: one == "lonely_parent")


@rule("配偶每月", unit=Fen, article=ARTICLE, round="half_up")
def spouse(spouses, own_wage, survivor_share_spouse):
    return when(spouses > 0, own_wage * survivor_share_spouse, 0)


@rule("子女每人每月", unit=Fen, article=ARTICLE, round="half_up")
def child(children, own_wage, survivor_share_other):
    return when(children > 0, own_wage * survivor_share_other, 0)


@rule("父母等其他亲属每人每月", unit=Fen, article=ARTICLE, round="half_up")
def parent(parents, own_wage, survivor_share_other):
    return when(parents > 0, own_wage * survivor_share_other, 0)


@rule("孤儿每人每月", unit=Fen, article=ARTICLE, round="half_up")
def orphan_child(orphans, own_wage, survivor_share_other, survivor_share_extra):
    return when(orphans > 0, own_wage * (survivor_share_other + survivor_share_extra), 0)


@rule("孤寡老人每人每月", unit=Fen, article=ARTICLE, round="half_up")
def lonely_parent(lonely, own_wage, survivor_share_other, survivor_share_extra):
    return when(lonely > 0, own_wage * (survivor_share_other + survivor_share_extra), 0)


@rule("各人合计", unit=Fen, article=ARTICLE)
def uncapped(
    spouse, spouses, child, children, parent, parents, orphan_child, orphans, lonely_parent, lonely,
):
    others = child * children + parent * parents + orphan_child * orphans + lonely_parent * lonely
    return spouse * spouses + others


@rule("每月实发合计（不高于职工本人工资）", unit=Fen, article=ARTICLE, round="half_up")
def total(uncapped, own_wage, survivor_share_most):
    return least(uncapped, own_wage * survivor_share_most)


RULES = (
    was_dependent, spouses, children, parents, orphans, lonely, spouse, child, parent, orphan_child, lonely_parent,
    uncapped, total,
)
