"""What is paid each month to an injured person who cannot live without help."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.units import Fen

ARTICLE = "工伤保险条例 第三十四条"


@condition(
    "经鉴定需要生活护理", article=ARTICLE,
    unmet="还没有经劳动能力鉴定委员会确认需要生活护理", then="请在申请劳动能力鉴定时一并申请生活自理障碍等级鉴定",
)
def confirmed(needs_care):
    return needs_care


@rule("生活完全不能自理的护理费", unit=Fen, article=ARTICLE, round="half_up")
def full(average_wage, care_share_full):
    return average_wage * care_share_full


@rule("生活大部分不能自理的护理费", unit=Fen, article=ARTICLE, round="half_up")
def most(average_wage, care_share_most):
    return average_wage * care_share_most


@rule("生活部分不能自理的护理费", unit=Fen, article=ARTICLE, round="half_up")
def part(average_wage, care_share_part):
    return average_wage * care_share_part


RULES = (confirmed, full, most, part)
