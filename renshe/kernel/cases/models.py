"""Cases and their events."""

from django.conf import settings
from django.db import models

from renshe.kernel.cases.terms import Channel, Deed, FileKind, State
from renshe.kernel.store import ids
from renshe.kernel.subjects.models import Organisation, Person


class Case(models.Model):
    """One request of one applicant about one person, from submission to rating. Without an organisation the person asks."""

    data_classes = {
        2: "id number kind state channel person organisation applicant holder first_officer division "
           "policy_version idempotency_key roster_id line opened_at due_on stopped_on closed_at reason_code "
           "rating rated_at",
        3: "findings rating_note answers",
        4: "declared",
    }
    in_words = {
        "kind": "renshe.kernel.cases.kinds.label_of", "declared": "renshe.kernel.cases.kinds.told",
        "policy_version": "renshe.kernel.cases.kinds.policies_of", "division": "renshe.kernel.subjects.queries.home_of",
    }

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    number = models.CharField("办件编号", max_length=32, unique=True)
    kind = models.CharField("事项", max_length=40)
    state = models.CharField("状态", max_length=20, choices=State.choices())
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices())
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="当事人")
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="申请人"
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="经办人"
    )
    first_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="初审人"
    )
    division = models.CharField("区划", max_length=12)
    declared = models.BinaryField("申报内容（密文）")
    findings = models.JSONField("判定理由")
    answers = models.JSONField("经办结论", default=dict)
    policy_version = models.CharField("政策版本", max_length=200, blank=True)
    idempotency_key = models.CharField("幂等键", max_length=80, null=True)
    roster_id = models.BigIntegerField("名册", null=True)
    line = models.PositiveIntegerField("名册行号", null=True)
    opened_at = models.DateTimeField("提交时间")
    due_on = models.DateField("办结期限", null=True)
    stopped_on = models.DateField("停表日", null=True)
    closed_at = models.DateTimeField("办结时间", null=True)
    reason_code = models.CharField("结论代码", max_length=40, blank=True)
    rating = models.PositiveSmallIntegerField("评价", null=True)
    rating_note = models.CharField("评价留言", max_length=300, blank=True)
    rated_at = models.DateTimeField("评价时间", null=True)

    class Meta:
        verbose_name = "办件"
        indexes = [
            models.Index(fields=["state", "due_on"], name="case_queue"),
            models.Index(fields=["organisation", "-id"], name="case_of_organisation"),
            models.Index(fields=["person", "-id"], name="case_of_person"),
            models.Index(fields=["roster_id", "line"], condition=~models.Q(roster_id=None), name="case_of_roster"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "idempotency_key"],
                condition=~models.Q(idempotency_key=None),
                name="case_once_per_key",
            ),
            models.UniqueConstraint(
                fields=["person", "idempotency_key"],
                condition=models.Q(organisation=None) & ~models.Q(idempotency_key=None),
                name="own_case_once_per_key",
            ),
        ]

    @property
    def party(self) -> str:
        """Who asked, as a list shows it."""
        return self.organisation.name if self.organisation else "本人"


class CaseEvent(models.Model):
    """What happened to a case: who, when, what, why. Rows are only added."""

    data_classes = {2: "id case deed from_state to_state actor_id actor_name at", 3: "note"}
    in_words = {"deed": "deed_label", "from_state": "from_label", "to_state": "to_label"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events", verbose_name="办件")
    deed = models.CharField("动作", max_length=40)
    from_state = models.CharField("原状态", max_length=20, blank=True)
    to_state = models.CharField("新状态", max_length=20)
    actor_id = models.BigIntegerField("操作账户", null=True)
    actor_name = models.CharField("操作人", max_length=60)
    note = models.CharField("说明", max_length=500, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "办件事件"

    @property
    def deed_label(self) -> str:
        """The deed in Chinese."""
        return Deed(self.deed).label

    @property
    def from_label(self) -> str:
        """The state before, in Chinese; "" of the first event."""
        return State(self.from_state).label if self.from_state else ""

    @property
    def to_label(self) -> str:
        """The state after, in Chinese."""
        return State(self.to_state).label


class CaseFile(models.Model):
    """A document put to a case, sealed under a key of its own so that it can be destroyed alone; empty after that."""

    data_classes = {2: "id case kind size digest put_by_id put_at", 3: "name", 4: "sealed"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="files", verbose_name="办件")
    name = models.CharField("文件名", max_length=120)
    kind = models.CharField("格式", max_length=20, choices=FileKind.choices())
    size = models.PositiveIntegerField("字节数")
    digest = models.CharField("摘要（SHA-256）", max_length=64)
    put_by_id = models.BigIntegerField("提交账户")
    put_at = models.DateTimeField("提交时间")
    sealed = models.BinaryField("文件（密文）", null=True)

    class Meta:
        verbose_name = "办件材料"
