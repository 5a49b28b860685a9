"""Who may draw unemployment benefit, and what ends it."""

from renshe.kernel.policy.engine.rule import condition, rule
from renshe.kernel.policy.engine.units import Bool

RIGHT = "社会保险法 第四十五条"
END = "社会保险法 第五十一条"


@condition(
    "非因本人意愿中断就业", article=RIGHT,
    unmet="是本人提出离职的，不属于非因本人意愿中断就业", then="如系单位违法在先而被迫离职，请带离职证明、工资记录等到窗口申请认定",
)
def not_own_will(by_own_will):
    return ~by_own_will


@condition(
    "已失业登记并有求职要求", article=RIGHT,
    unmet="还没有办理失业登记", then="请在网上或到社区、街道办理失业登记，当天即可办好，办好后再申领",
)
def is_registered(registered):
    return registered


@condition(
    "没有重新就业", article=f"{END} 第（一）项",
    unmet="已经重新就业，失业保险金从就业的次月起停发", then="没领完的月数保留，以后再失业时合并计算",
)
def not_employed(re_employed):
    return ~re_employed


@condition(
    "没有应征服兵役", article=f"{END} 第（二）项",
    unmet="应征服兵役期间不发失业保险金", then="没领完的月数保留；退役后失业的可以接着申领，服役年限视同缴费年限",
)
def not_enlisted(enlisted):
    return ~enlisted


@condition(
    "没有移居境外", article=f"{END} 第（三）项",
    unmet="已移居境外，不再领取失业保险金", then="回国定居并重新参保后，可按新的缴费月数计算",
)
def not_emigrated(emigrated):
    return ~emigrated


@condition(
    "没有享受基本养老保险待遇", article=f"{END} 第（四）项",
    unmet="已经领取基本养老金，不能同时领取失业保险金", then="两项待遇重叠的月份，失业保险金须退回",
)
def not_pensioner(drawing_pension):
    return ~drawing_pension


@condition(
    "没有拒绝适当的工作和培训", article=f"{END} 第（五）项",
    unmet="无正当理由拒不接受介绍的适当工作或者提供的培训", then="请联系就业服务机构；接受工作或培训后可以说明情况、申请恢复",
)
def accepts_work(refused_offers):
    return ~refused_offers


@condition(
    "没有服刑", article="失业保险条例 第十五条 第（五）项",
    unmet="被判刑收监执行期间不发失业保险金", then="没领完的月数保留，刑满后失业的可以接着申领",
)
def not_imprisoned(imprisoned):
    return ~imprisoned


@rule("可以领取失业保险金", unit=Bool, article=f"{RIGHT}；{END}；失业保险条例 第十五条")
def entitled(
    paid_enough, not_own_will, is_registered, not_employed, not_enlisted, not_emigrated, not_pensioner, accepts_work,
    not_imprisoned,
):
    has_right = paid_enough & not_own_will & is_registered
    nothing_ends_it = not_employed & not_enlisted & not_emigrated & not_pensioner & accepts_work & not_imprisoned
    return has_right & nothing_ends_it


RULES = (
    not_own_will, is_registered, not_employed, not_enlisted, not_emigrated, not_pensioner, accepts_work,
    not_imprisoned, entitled,
)
