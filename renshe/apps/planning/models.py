"""Plans, what was read from them, and what is watched: targets, works, milestones. Figures live in kernel.indicators."""

from django.conf import settings
from django.db import models

from renshe.apps.planning.terms import (
    Bound,
    Conflict,
    ExtractKind,
    ExtractState,
    Nature,
    Nearness,
    PlanState,
    Resolution,
    SheetKind,
    WorkKind,
)
from renshe.kernel.indicators.terms import Frequency, Sense
from renshe.kernel.store import ids


class Office(models.Model):
    """Who answers for a target or a work: an office of the bureau or of a county, with its contact's account."""

    data_classes = {1: "id name division", 2: "account"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    name = models.CharField("单位名称", max_length=60)
    division = models.CharField("所在区划", max_length=12)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="联系人账户"
    )

    class Meta:
        verbose_name = "责任单位"
        constraints = [models.UniqueConstraint(fields=["name", "division"], name="office_once")]


class Plan(models.Model):
    """A plan document as read, and how far it is."""

    data_classes = {
        1: "id title document_number first_year last_year division filename digest text headings state work_points imported_at "
           "reviewed_at published_at",
        2: "imported_by reviewed_by published_by",
    }

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    title = models.CharField("名称", max_length=120)
    document_number = models.CharField("文号", max_length=60, blank=True)
    first_year = models.PositiveSmallIntegerField("起始年")
    last_year = models.PositiveSmallIntegerField("结束年")
    division = models.CharField("适用区划", max_length=12)
    filename = models.CharField("文件名", max_length=200)
    digest = models.CharField("文件摘要", max_length=64)
    text = models.TextField("正文")
    headings = models.JSONField("标题")
    state = models.CharField("状态", max_length=12, choices=PlanState.choices())
    work_points = models.PositiveSmallIntegerField("重点工作分值", default=30)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="导入人"
    )
    imported_at = models.DateTimeField("导入时间")
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="审核人"
    )
    reviewed_at = models.DateTimeField("审核时间", null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="发布人"
    )
    published_at = models.DateTimeField("发布时间", null=True)

    class Meta:
        verbose_name = "规划"
        constraints = [
            models.UniqueConstraint(fields=["digest", "division"], name="plan_file_once"),
            models.CheckConstraint(
                condition=models.Q(published_by=None) | ~models.Q(published_by=models.F("reviewed_by")),
                name="plan_reviewer_is_not_publisher", violation_error_message="审核人不能自己发布",
            ),
        ]


class PlanFile(models.Model):
    """The file itself, apart, since lists never need it."""

    data_classes = {1: "plan content"}

    plan = models.OneToOneField(Plan, on_delete=models.PROTECT, primary_key=True, related_name="file", verbose_name="规划")
    content = models.BinaryField("文件内容")

    class Meta:
        verbose_name = "规划文件"


class Extract(models.Model):
    """One thing read from a plan: as read, as corrected, and the stretch of the text it stands in."""

    data_classes = {
        1: "id plan position kind number title content correction path line start end quote state merged_into office judged_at",
        2: "judged_by",
    }

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="extracts", verbose_name="规划")
    position = models.PositiveIntegerField("次序")
    kind = models.CharField("种类", max_length=12, choices=ExtractKind.choices())
    number = models.CharField("编号", max_length=12, blank=True)
    title = models.CharField("名称", max_length=200)
    content = models.JSONField("读出的内容")
    correction = models.JSONField("更正", default=dict)
    path = models.JSONField("所在标题")
    line = models.PositiveIntegerField("原文行")
    start = models.PositiveIntegerField("起")
    end = models.PositiveIntegerField("止")
    quote = models.TextField("原文")
    state = models.CharField("审核状态", max_length=10, choices=ExtractState.choices(), default=ExtractState.READ)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", verbose_name="并入")
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="责任单位")
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="审核人"
    )
    judged_at = models.DateTimeField("审核时间", null=True)

    class Meta:
        verbose_name = "规划摘录"
        constraints = [models.UniqueConstraint(fields=["plan", "position"], name="extract_once")]

    @property
    def said(self) -> dict[str, object]:
        """The content with its corrections."""
        return {**self.content, **self.correction}


class Contradiction(models.Model):
    """Readings of one matter that differ, and what an officer decided about them."""

    data_classes = {1: "id plan position kind subject note resolution chosen decided_at", 2: "reason decided_by"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="contradictions", verbose_name="规划")
    position = models.PositiveIntegerField("次序")
    kind = models.CharField("种类", max_length=10, choices=Conflict.choices())
    subject = models.CharField("事项", max_length=200)
    note = models.CharField("说明", max_length=300)
    extracts = models.ManyToManyField(Extract, related_name="contradictions", verbose_name="各处读数")
    resolution = models.CharField("处理", max_length=10, choices=Resolution.choices(), default=Resolution.OPEN)
    chosen = models.ForeignKey(Extract, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="以此为准")
    reason = models.CharField("理由", max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="处理人"
    )
    decided_at = models.DateTimeField("处理时间", null=True)

    class Meta:
        verbose_name = "规划不一致处"
        constraints = [models.UniqueConstraint(fields=["plan", "position"], name="contradiction_once")]


class Target(models.Model):
    """An indicator of a published plan. `key` names the indicator whose figures it reads, each divided by `divisor`."""

    data_classes = {
        1: "id plan extract position number name unit group nature sense bound base base_year goal goal_year part_of key divisor "
           "definition formula source frequency points office",
    }

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="targets", verbose_name="规划")
    extract = models.OneToOneField(Extract, on_delete=models.PROTECT, related_name="target", verbose_name="出处")
    position = models.PositiveIntegerField("次序")
    number = models.CharField("编号", max_length=12)
    name = models.CharField("指标", max_length=120)
    unit = models.CharField("单位", max_length=20)
    group = models.CharField("分组", max_length=40, blank=True)
    nature = models.CharField("属性", max_length=10, choices=Nature.choices())
    sense = models.CharField("达标方式", max_length=12, choices=Sense.choices())
    bound = models.CharField("数的口径", max_length=10, choices=Bound.choices())
    base = models.DecimalField("基数", max_digits=18, decimal_places=4, null=True)
    base_year = models.PositiveSmallIntegerField("基期年", null=True)
    goal = models.DecimalField("目标", max_digits=18, decimal_places=4)
    goal_year = models.PositiveSmallIntegerField("目标年")
    part_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", verbose_name="其中项的上级")
    key = models.CharField("数据指标", max_length=80)
    divisor = models.DecimalField("换算除数", max_digits=18, decimal_places=4, default=1)
    definition = models.TextField("定义")
    formula = models.CharField("算法", max_length=300)
    source = models.CharField("数据来源", max_length=300)
    frequency = models.CharField("填报周期", max_length=10, choices=Frequency.choices())
    points = models.DecimalField("考核分值", max_digits=6, decimal_places=2)
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="责任单位")

    class Meta:
        verbose_name = "规划监测指标"


class Waypoint(models.Model):
    """A value the plan's carrying-out schedule asks for on a day between base and goal."""

    data_classes = {1: "id target on value document"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="waypoints", verbose_name="指标")
    on = models.DateField("日期")
    value = models.DecimalField("应达到", max_digits=18, decimal_places=4)
    document = models.CharField("依据文件", max_length=200)

    class Meta:
        verbose_name = "指标年度安排"
        constraints = [models.UniqueConstraint(fields=["target", "on"], name="waypoint_once")]


class Share(models.Model):
    """What a county is to reach of a target."""

    data_classes = {1: "id target division base goal document"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="shares", verbose_name="指标")
    division = models.CharField("区划", max_length=12)
    base = models.DecimalField("基数", max_digits=18, decimal_places=4, null=True)
    goal = models.DecimalField("目标", max_digits=18, decimal_places=4)
    document = models.CharField("分解依据", max_length=200)

    class Meta:
        verbose_name = "指标分解"
        constraints = [models.UniqueConstraint(fields=["target", "division"], name="share_once")]


class Work(models.Model):
    """A project, a task or a promise of a published plan, with its owner and milestones."""

    data_classes = {1: "id plan extract position kind number name office stopped_on", 2: "stopped_because"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="works", verbose_name="规划")
    extract = models.ForeignKey(Extract, on_delete=models.PROTECT, related_name="works", verbose_name="出处")
    position = models.PositiveIntegerField("次序")
    kind = models.CharField("种类", max_length=10, choices=WorkKind.choices())
    number = models.CharField("编号", max_length=12, blank=True)
    name = models.CharField("名称", max_length=200)
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="责任单位")
    stopped_on = models.DateField("终止日", null=True)
    stopped_because = models.CharField("终止原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "规划重点工作"


class Milestone(models.Model):
    """A step of a work with its day; done once somebody names the evidence."""

    data_classes = {1: "id work position name due_on goal unit done_on reached", 2: "evidence done_by"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="milestones", verbose_name="重点工作")
    position = models.PositiveIntegerField("次序")
    name = models.CharField("节点", max_length=300)
    due_on = models.DateField("期限")
    goal = models.DecimalField("应完成数", max_digits=18, decimal_places=4, null=True)
    unit = models.CharField("单位", max_length=20, blank=True)
    done_on = models.DateField("完成日", null=True)
    reached = models.DecimalField("实际完成数", max_digits=18, decimal_places=4, null=True)
    evidence = models.CharField("佐证材料", max_length=300, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="填报人"
    )

    class Meta:
        verbose_name = "工作节点"
        indexes = [models.Index(fields=["due_on"], condition=models.Q(done_on=None), name="milestone_open")]


class Reminder(models.Model):
    """That somebody was reminded of a milestone, so that nobody is twice."""

    data_classes = {1: "id milestone nearness week sent_at"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="+", verbose_name="节点")
    nearness = models.CharField("种类", max_length=10, choices=Nearness.choices())
    week = models.CharField("所在周", max_length=8)
    sent_at = models.DateTimeField("发出时间")

    class Meta:
        verbose_name = "节点提醒"
        constraints = [models.UniqueConstraint(fields=["milestone", "nearness", "week"], name="reminder_once")]


class Assessment(models.Model):
    """A sheet as issued: what it said then stays, whatever figures come later."""

    data_classes = {1: "id plan kind period division content digest issued_at", 2: "issued_by"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="assessments", verbose_name="规划")
    kind = models.CharField("种类", max_length=10, choices=SheetKind.choices())
    period = models.CharField("考核期", max_length=7)
    division = models.CharField("区划", max_length=12)
    content = models.JSONField("内容")
    digest = models.CharField("内容摘要", max_length=64)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="印发人"
    )
    issued_at = models.DateTimeField("印发时间")

    class Meta:
        verbose_name = "考核表"
        constraints = [
            models.UniqueConstraint(fields=["plan", "kind", "period", "division", "digest"], name="sheet_once")
        ]
