"""Which pages each door shows in its menu."""

from dataclasses import dataclass

from renshe.kernel.access.terms import Permission


@dataclass(frozen=True)
class Entry:
    """One line of a menu: shown to those who may open it."""

    label: str
    url: str
    permission: Permission


MENUS: dict[str, tuple[Entry, ...]] = {
    "resident": (
        Entry("我的", "resident:home", Permission.OWN_RECORD),
        Entry("参保", "resident:insurance", Permission.OWN_RECORD),
        Entry("待遇", "resident:benefits", Permission.OWN_RECORD),
        Entry("申请", "resident:requests", Permission.OWN_RECORD),
        Entry("通知", "resident:inbox", Permission.OWN_RECORD),
    ),
    "employer": (
        Entry("首页", "employer:home", Permission.DECLARE),
        Entry("批量名册", "employer:rosters", Permission.DECLARE),
        Entry("在册员工", "employer:staff", Permission.DECLARE),
        Entry("办件", "employer:cases", Permission.DECLARE),
        Entry("通知", "employer:inbox", Permission.DECLARE),
    ),
    "desk": (
        Entry("办件", "desk:queue", Permission.HANDLE),
        Entry("查人", "desk:person", Permission.HANDLE),
        Entry("政策值", "desk:values", Permission.SET_VALUES),
        Entry("政策试算", "desk:whatif", Permission.SET_VALUES),
        Entry("全市测算", "desk:sweeps", Permission.SET_VALUES),
        Entry("规划", "desk:plans", Permission.PLAN),
        Entry("规划任务", "desk:plan_duties", Permission.REPORT_PLAN),
        Entry("查阅审计", "desk:audit", Permission.AUDIT),
        Entry("查阅预警", "desk:alerts", Permission.AUDIT),
        Entry("保护名单", "desk:guarded", Permission.AUDIT),
        Entry("数据共享", "desk:sharings", Permission.SHARE),
        Entry("应急查阅", "desk:overrides", Permission.AUDIT),
        Entry("数据地图", "desk:data", Permission.AUDIT),
        Entry("密钥", "desk:keys", Permission.OPERATE),
        Entry("账户与岗位", "desk:accounts", Permission.OPERATE),
        Entry("账本见证", "desk:witnesses", Permission.OPERATE),
        Entry("磁盘空间", "desk:disks", Permission.OPERATE),
    ),
    "cockpit": (
        Entry("今日", "cockpit:daily", Permission.COCKPIT),
        Entry("大屏", "cockpit:wall", Permission.COCKPIT),
        Entry("指标", "cockpit:figures", Permission.COCKPIT),
        Entry("规划", "cockpit:plan", Permission.COCKPIT),
        Entry("发展指数", "cockpit:index", Permission.COCKPIT),
        Entry("填报", "cockpit:entries", Permission.SET_FIGURES),
    ),
    "open": (
        Entry("核验", "open:verify", Permission.OPEN),
        Entry("政策", "open:policies", Permission.OPEN),
        Entry("规划", "open:plans", Permission.OPEN),
        Entry("账本", "open:ledger", Permission.OPEN),
    ),
}
