"""When prices rise past a trigger, those drawing unemployment benefit get a temporary subsidy."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import greatest, when
from renshe.kernel.policy.engine.units import Fen

ARTICLE = "发改价格〔2021〕1553号"


@condition(
    "物价涨幅达到启动条件", article=ARTICLE,
    unmet="当月物价涨幅没有达到启动条件，不发价格临时补贴", then="不须申请；涨幅达到启动条件的月份会自动发放",
)
def triggered(cpi_rise, food_rise, price_trigger_cpi, price_trigger_food):
    return (cpi_rise >= price_trigger_cpi) | (food_rise >= price_trigger_food)


@condition(
    "当月领取失业保险金", article=ARTICLE,
    unmet="当月没有领取失业保险金，不从失业保险基金发放", then="低保、特困等对象由民政部门另行发放",
)
def is_receiver(drawing_benefit):
    return drawing_benefit


@rule("价格临时补贴", unit=Fen, article=ARTICLE, round="half_up")
def subsidy(triggered, is_receiver, subsistence, scpi_rise):
    return when(triggered & is_receiver, greatest(subsistence * scpi_rise, 0), 0)


RULES = (triggered, is_receiver, subsidy)
