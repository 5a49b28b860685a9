"""Agreements under which another department may ask about people."""

from django.db import models

from renshe.kernel.sharing.terms import AgreementState, Population
from renshe.kernel.store import ids
from renshe.kernel.subjects.models import Person


class Agreement(models.Model):
    """Who gets which columns about whom, for what, on what basis, from when until when (half-open)."""

    data_classes = {
        2: "id recipient purpose legal_basis columns clear division population valid_from valid_until state proposed_by_id "
           "proposed_by_name proposed_at decided_by_id decided_by_name decided_at ended_at",
        4: "token_digest",
    }

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    recipient = models.CharField("接收部门", max_length=80)
    purpose = models.CharField("用途", max_length=40)
    legal_basis = models.CharField("法律依据", max_length=200)
    columns = models.JSONField("字段")
    clear = models.JSONField("约定不遮盖的字段")
    division = models.CharField("区划范围", max_length=12)
    population = models.CharField("人员范围", max_length=12, choices=Population.choices())
    valid_from = models.DateField("起")
    valid_until = models.DateField("止")
    state = models.CharField("状态", max_length=10, choices=AgreementState.choices())
    proposed_by_id = models.BigIntegerField("提出账户")
    proposed_by_name = models.CharField("提出人", max_length=60)
    proposed_at = models.DateTimeField("提出时间")
    decided_by_id = models.BigIntegerField("批准账户", null=True)
    decided_by_name = models.CharField("批准人", max_length=60, blank=True)
    decided_at = models.DateTimeField("批准时间", null=True)
    ended_at = models.DateTimeField("终止时间", null=True)
    token_digest = models.CharField("令牌摘要", max_length=64, unique=True, null=True)

    class Meta:
        verbose_name = "数据共享协议"


class Corrected(models.Model):
    """A value that went out under an agreement and was wrong: the recipient asks for the right one and says it has it."""

    data_classes = {2: "id agreement person columns case_number at seen_at"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="corrected", verbose_name="协议")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="个人")
    columns = models.JSONField("更正的字段")
    case_number = models.CharField("办件编号", max_length=32)
    at = models.DateTimeField("更正时间")
    seen_at = models.DateTimeField("对方确认时间", null=True)

    class Meta:
        verbose_name = "共享数据更正"
        indexes = [models.Index(fields=["agreement", "seen_at"], name="corrected_unseen")]
