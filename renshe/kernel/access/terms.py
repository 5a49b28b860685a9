"""Roles and permissions, the one table that joins them, and the duties nobody may hold together."""

from renshe.kernel.common.terms import Terms


class Role(Terms):
    RESIDENT = "resident", "居民"
    EMPLOYER = "employer", "单位经办人"
    CLERK = "clerk", "窗口经办"
    REVIEWER = "reviewer", "复核人员"
    AUDITOR = "auditor", "审计人员"
    OPERATOR = "operator", "运行管理员"
    PLANNER = "planner", "规划编制人员"
    LEADER = "leader", "领导"


class Permission(Terms):
    OPEN = "open", "任何人"
    SIGNED_IN = "signed_in", "任何登录用户"
    OWN_RECORD = "own_record", "查看本人记录"
    DECLARE = "declare", "为单位申报"
    HANDLE = "handle", "经办办件"
    REVIEW = "review", "复核办件"
    SET_VALUES = "set_values", "录入或复核政策值"
    AUDIT = "audit", "查阅审计资料"
    SHARE = "share", "提出或批准数据共享"
    OPERATE = "operate", "维护参数与运行"
    PLAN = "plan", "审核、发布和监测规划"
    REPORT_PLAN = "report_plan", "查看规划进展，填报本单位的"
    COCKPIT = "cockpit", "查看驾驶舱和指标"
    SET_FIGURES = "set_figures", "填报或复核指标数"


GRANTS: dict[Role, frozenset[Permission]] = {
    Role.RESIDENT: frozenset({Permission.OWN_RECORD}),
    Role.EMPLOYER: frozenset({Permission.DECLARE}),
    Role.CLERK: frozenset({Permission.HANDLE, Permission.REPORT_PLAN}),
    Role.REVIEWER: frozenset({
        Permission.HANDLE, Permission.REVIEW, Permission.SET_VALUES, Permission.REPORT_PLAN, Permission.COCKPIT,
        Permission.SET_FIGURES,
    }),
    Role.AUDITOR: frozenset({Permission.AUDIT, Permission.SHARE}),
    Role.OPERATOR: frozenset({
        Permission.SHARE, Permission.OPERATE, Permission.SET_VALUES, Permission.COCKPIT, Permission.SET_FIGURES,
    }),
    Role.PLANNER: frozenset({
        Permission.PLAN, Permission.REPORT_PLAN, Permission.COCKPIT, Permission.SET_FIGURES,
    }),
    Role.LEADER: frozenset({Permission.COCKPIT, Permission.REPORT_PLAN}),
}
OUTSIDE = frozenset({Role.RESIDENT, Role.EMPLOYER})  # whoever is not an officer

# Duties one account may not hold on the same day (GB/T 22239-2019 8.1.4, 8.1.7: administration, handling and audit apart).
CONFLICTS: tuple[tuple[Role, Role, str], ...] = (
    (Role.AUDITOR, Role.CLERK, "审计的人不能同时经办"),
    (Role.AUDITOR, Role.REVIEWER, "审计的人不能同时复核"),
    (Role.AUDITOR, Role.OPERATOR, "审计的人不能同时管理系统"),
    (Role.OPERATOR, Role.CLERK, "管理系统的人不能同时经办"),
    (Role.OPERATOR, Role.REVIEWER, "管理系统的人不能同时复核"),
)


class FactorKind(Terms):
    """What an account proves itself by beside its password."""

    TOTP = "totp", "动态口令"
    PASSKEY = "passkey", "通行密钥"
    RECOVERY = "recovery", "备用码"


class VisitEnd(Terms):
    """How a visit ended."""

    LEFT = "left", "本人退出"
    REVOKED = "revoked", "本人在别处结束"
    REPLACED = "replaced", "被新的登录顶替"
    RESET = "reset", "管理员重置"


class AccessRefusal(Terms):
    """Why something about an account may not be done."""

    CONFLICT = "conflict", "不相容岗位"
    OWN_POST = "own_post", "不得给自己授岗"
    BAD_POST = "bad_post", "岗位填写不正确"
    TAKEN = "taken", "用户名已被使用"
    WRONG_CODE = "wrong_code", "验证码不对"
    TOO_OFTEN = "too_often", "尝试过多"
    WRONG_PASSWORD = "wrong_password", "密码不对"
    PROVE_AGAIN = "prove_again", "请再登录一次"
    NO_REASON = "no_reason", "没有写明事由"
    BAD_PASSKEY = "bad_passkey", "通行密钥未通过"
    LAST_FACTOR = "last_factor", "最后一种验证方式"
    UNKNOWN_SIGN_ON = "unknown_sign_on", "统一身份未绑定"


class Finding(Terms):
    """What the auditor found about an emergency."""

    JUSTIFIED = "justified", "确有必要"
    UNJUSTIFIED = "unjustified", "不当查阅，转纪检核查"
