"""What a resident pays a year, and what comes into the account with it."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.tree import when
from renshe.kernel.policy.engine.units import Bool, Fen

ARTICLE = "国务院关于建立统一的城乡居民基本养老保险制度的意见（国发〔2014〕8号）"


@condition(
    "年满十六周岁", article=ARTICLE, unmet="未满十六周岁，还不能参保", then="年满十六周岁、不是在校学生的，可以在户籍地参保",
)
def old_enough(age_years, resident_join_age):
    return age_years >= resident_join_age


@condition(
    "不是在校学生", article=ARTICLE, unmet="在校学生不参加城乡居民基本养老保险", then="毕业或离校后可以在户籍地参保",
)
def not_student(student):
    return ~student


@condition(
    "没有参加职工或机关事业单位养老保险", article=ARTICLE,
    unmet="已参加职工或机关事业单位基本养老保险，同一期间不重复参加", then="离职后没有继续缴职工养老保险的，可以改缴；重复缴的居民部分可以退还",
)
def not_in_staff_scheme(in_staff_scheme):
    return ~in_staff_scheme


@rule("可以参加城乡居民基本养老保险", unit=Bool, article=ARTICLE)
def may_join(old_enough, not_student, not_in_staff_scheme):
    return old_enough & not_student & not_in_staff_scheme


@condition(
    "选定的档次在规定范围内", article=f"{ARTICLE}；浙政发〔2014〕28号",
    unmet="选定的金额不在本市规定的缴费档次之内", then="请在本市公布的最低档次与最高档次之间选择",
)
def grade_offered(payment, lowest_grade, highest_grade):
    return (payment >= lowest_grade) & (payment <= highest_grade)


@rule("国家和省规定的补贴下限", unit=Fen, article=f"{ARTICLE}；浙政发〔2014〕28号")
def subsidy_least(payment, higher_subsidy_from, subsidy_least_lowest, subsidy_least_500):
    return when(payment >= higher_subsidy_from, subsidy_least_500, subsidy_least_lowest)


@rule("政府补贴", unit=Fen, article=f"{ARTICLE}；浙政发〔2014〕28号")
def subsidy(back_payment, government_subsidy):
    return when(back_payment, 0, government_subsidy)


@rule("当年记入个人账户", unit=Fen, article=ARTICLE)
def credited(payment, collective, subsidy):
    return payment + collective + subsidy


RULES = (old_enough, not_student, not_in_staff_scheme, may_join, grade_offered, subsidy_least, subsidy, credited)
