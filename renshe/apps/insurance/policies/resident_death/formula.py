"""What the family of a resident of the scheme receives: the whole account, and a funeral grant where the place has one."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import when
from renshe.kernel.policy.engine.units import Fen

ACCOUNT = "国发〔2014〕8号 第五条"
GRANT = "国发〔2014〕8号 第六条"


@condition(
    "参加城乡居民基本养老保险", article=GRANT,
    unmet="没有参加城乡居民基本养老保险", then="参加职工养老保险的，请申领职工的丧葬补助金和抚恤金",
)
def insured(in_scheme):
    return in_scheme


@rule("可继承的个人账户余额", unit=Fen, article=ACCOUNT)
def inheritance(account_balance):
    return account_balance


@rule("丧葬补助费", unit=Fen, article=GRANT)
def funeral(in_scheme, funeral_grant):
    return when(in_scheme, funeral_grant, 0)


RULES = (insured, inheritance, funeral)
