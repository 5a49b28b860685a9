"""Roles and permissions, and the one table that joins them."""

from renshe.kernel.common.terms import Terms


class Role(Terms):
    RESIDENT = "resident", "居民"
    EMPLOYER = "employer", "单位经办人"
    CLERK = "clerk", "窗口经办"
    REVIEWER = "reviewer", "复核人员"
    AUDITOR = "auditor", "审计人员"
    OPERATOR = "operator", "运行管理员"


class Permission(Terms):
    OPEN = "open", "任何人"
    SIGNED_IN = "signed_in", "任何登录用户"
    OWN_RECORD = "own_record", "查看本人记录"
    DECLARE = "declare", "为单位申报"
    HANDLE = "handle", "经办办件"
    REVIEW = "review", "复核办件"
    SET_VALUES = "set_values", "录入或复核政策值"
    AUDIT = "audit", "查阅审计资料"
    OPERATE = "operate", "维护参数与运行"


GRANTS: dict[Role, frozenset[Permission]] = {
    Role.RESIDENT: frozenset({Permission.OWN_RECORD}),
    Role.EMPLOYER: frozenset({Permission.DECLARE}),
    Role.CLERK: frozenset({Permission.HANDLE}),
    Role.REVIEWER: frozenset({Permission.HANDLE, Permission.REVIEW, Permission.SET_VALUES}),
    Role.AUDITOR: frozenset({Permission.AUDIT}),
    Role.OPERATOR: frozenset({Permission.OPERATE, Permission.SET_VALUES}),
}
