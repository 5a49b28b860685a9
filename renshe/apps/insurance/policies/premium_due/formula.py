"""By when a month's premiums are due, and how late they are on a day."""

from renshe.kernel.policy.engine.rule import rule
from renshe.kernel.policy.engine.tree import greatest
from renshe.kernel.policy.engine.units import Day, Days

ARTICLE = "社会保险法 第六十条"


@rule("应缴之日", unit=Day, article=ARTICLE)
def premium_due(month_end, premium_grace_days):
    return month_end + premium_grace_days


@rule("欠缴天数", unit=Days, article="社会保险法 第八十六条")
def owed_days(paid, premium_due):
    return greatest(0, paid - premium_due)


RULES = (premium_due, owed_days)
