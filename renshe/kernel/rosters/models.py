"""Uploaded rosters, how far they are, and the rows that were refused."""

from django.conf import settings
from django.db import models

from renshe.kernel.common.terms import Terms
from renshe.kernel.store import ids
from renshe.kernel.subjects.models import Organisation


class RosterState(Terms):
    WAITING = "waiting", "排队中"
    WORKING = "working", "办理中"
    DONE = "done", "已办完"
    UNREADABLE = "unreadable", "无法读取"


class Roster(models.Model):
    """One uploaded workbook. `cursor` is the last line settled; a worker holds it by a lease."""

    data_classes = {
        2: "id kind organisation uploaded_by filename digest state rows cursor accepted referred refused "
           "fault lease_until uploaded_at finished_at",
    }

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    kind = models.CharField("事项", max_length=40)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="上传人"
    )
    filename = models.CharField("文件名", max_length=200)
    digest = models.CharField("文件摘要", max_length=64)
    state = models.CharField("状态", max_length=20, choices=RosterState.choices())
    rows = models.PositiveIntegerField("行数")
    cursor = models.PositiveIntegerField("已办行数", default=0)
    accepted = models.PositiveIntegerField("准予", default=0)
    referred = models.PositiveIntegerField("转人工", default=0)
    refused = models.PositiveIntegerField("未通过", default=0)
    fault = models.CharField("无法读取的原因", max_length=300, blank=True)
    lease_until = models.DateTimeField("占用至", null=True)
    uploaded_at = models.DateTimeField("上传时间")
    finished_at = models.DateTimeField("办完时间", null=True)

    class Meta:
        verbose_name = "名册"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind", "digest"], name="roster_same_file_once"),
        ]


class RosterFile(models.Model):
    """The workbook itself, sealed, since it names people."""

    data_classes = {2: "roster", 4: "sealed"}

    roster = models.OneToOneField(
        Roster, primary_key=True, on_delete=models.CASCADE, related_name="file", verbose_name="名册"
    )
    sealed = models.BinaryField("文件（密文）")

    class Meta:
        verbose_name = "名册文件"


class RosterRefusal(models.Model):
    """A line that was not accepted, with every reason. Accepted and referred lines are cases."""

    data_classes = {2: "id roster line", 3: "reasons"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="refusals", verbose_name="名册")
    line = models.PositiveIntegerField("行号")
    reasons = models.JSONField("理由")

    class Meta:
        verbose_name = "名册未通过行"
        constraints = [models.UniqueConstraint(fields=["roster", "line"], name="refusal_once_per_line")]
