"""Alerts about readings, the list of people guarded especially, and how far the detectors have come."""

from django.db import models

from renshe.kernel.access.terms import Finding
from renshe.kernel.alerts.terms import AlertKind, AlertLevel, AlertState, GuardState
from renshe.kernel.store import ids


class Alert(models.Model):
    """Readings that somebody should look at again: `evidence` lists their identifiers, `scope` is what they share."""

    data_classes = {
        2: "id kind level state person_id reader_id reader_name scope evidence opened_at due_on reminded_at "
           "holder_id holder_name handled_by_id handled_by_name handled_at finding",
        3: "words answer",
    }
    withheld = "审计核查资料，提前公开会妨碍核查；您提出的疑问和答复见“谁看过”（个人信息保护法 第十八条、第四十五条）"

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    kind = models.CharField("种类", max_length=12, choices=AlertKind.choices())
    level = models.CharField("级别", max_length=8, choices=AlertLevel.choices())
    state = models.CharField("状态", max_length=10, choices=AlertState.choices())
    person_id = models.BigIntegerField("被查阅人", null=True)
    reader_id = models.BigIntegerField("查阅账户")
    reader_name = models.CharField("查阅人", max_length=60)
    scope = models.CharField("范围", max_length=40)
    evidence = models.JSONField("查阅记录标识")
    words = models.CharField("说明", max_length=500)
    opened_at = models.DateTimeField("提出时间")
    due_on = models.DateField("答复期限")
    reminded_at = models.DateTimeField("催办时间", null=True)
    holder_id = models.BigIntegerField("承办账户", null=True)
    holder_name = models.CharField("承办人", max_length=60, blank=True)
    handled_by_id = models.BigIntegerField("核查账户", null=True)
    handled_by_name = models.CharField("核查人", max_length=60, blank=True)
    handled_at = models.DateTimeField("核查时间", null=True)
    finding = models.CharField("结论", max_length=12, choices=Finding.choices(), blank=True)
    answer = models.CharField("答复", max_length=500, blank=True)

    class Meta:
        verbose_name = "查阅预警"
        indexes = [models.Index(fields=["state", "-id"], name="alert_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "reader_id", "scope"], condition=models.Q(state=AlertState.OPEN), name="alert_once_while_open"
            ),
            models.UniqueConstraint(fields=["scope"], condition=models.Q(kind=AlertKind.QUESTION), name="question_once"),
        ]


class Guarded(models.Model):
    """Somebody well known, whose record tempts: every reading without a case raises an alert."""

    data_classes = {2: "id person_id state asked_by_id asked_by_name asked_at confirmed_by_name changed_at", 3: "reason"}
    withheld = "保护您的记录不被好奇查看的内部名单，不公开（个人信息保护法 第五十一条）"

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    person_id = models.BigIntegerField("人员")
    reason = models.CharField("事由", max_length=200)
    state = models.CharField("状态", max_length=10, choices=GuardState.choices())
    asked_by_id = models.BigIntegerField("提出账户")
    asked_by_name = models.CharField("提出人", max_length=60)
    asked_at = models.DateTimeField("提出时间")
    confirmed_by_name = models.CharField("确认人", max_length=60, blank=True)
    changed_at = models.DateTimeField("变更时间")

    class Meta:
        verbose_name = "特别保护名单"
        constraints = [
            models.UniqueConstraint(
                fields=["person_id"], condition=~models.Q(state=GuardState.ENDED), name="guarded_once"
            ),
        ]


class Watch(models.Model):
    """Up to which reading the detectors have looked."""

    data_classes = {2: "id cursor looked_at"}

    id = models.PositiveSmallIntegerField("标识", primary_key=True)
    cursor = models.BigIntegerField("已看到", default=0)
    looked_at = models.DateTimeField("最近检查", null=True)

    class Meta:
        verbose_name = "预警检查进度"
