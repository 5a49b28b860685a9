"""By when a request about one's own data is answered."""

from renshe.kernel.policy.engine.rule import rule
from renshe.kernel.policy.engine.units import Day


@rule("应当答复之日", unit=Day, article="个人信息保护法 第五十条")
def answer_due(received, rights_answer_days):
    return received + rights_answer_days


RULES = (answer_due,)
