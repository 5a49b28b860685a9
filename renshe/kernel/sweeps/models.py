"""Drafts of a change of law, and what they would come to."""

from django.conf import settings
from django.db import models

from renshe.kernel.store import ids
from renshe.kernel.sweeps.terms import DraftState


class Draft(models.Model):
    """One dated value otherwise, or one formula of another day; weighed on the facts of the last sweep. Changes no law."""

    data_classes = {
        1: "id title policy output parameter place valid_from value rule rule_since state done of result fault sweep "
           "took_ms",
        2: "created_by created_at touched_at finished_at",
    }

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    title = models.CharField("名称", max_length=80)
    policy = models.CharField("政策", max_length=80)
    output = models.CharField("结果项", max_length=80)
    parameter = models.CharField("政策值", max_length=80, blank=True)
    place = models.CharField("适用区划", max_length=12)
    valid_from = models.DateField("起始日")
    value = models.CharField("改为", max_length=40, blank=True)
    rule = models.CharField("改用公式", max_length=80, blank=True)
    rule_since = models.DateField("公式起始日", null=True)
    state = models.CharField("状态", max_length=10, choices=DraftState.choices(), default=DraftState.WAITING)
    done = models.IntegerField("已算步数", default=0)
    of = models.IntegerField("总步数", default=0)
    result = models.JSONField("结果", null=True)
    fault = models.CharField("没有算成的原因", max_length=400, blank=True)
    sweep = models.CharField("所用测算", max_length=40, blank=True)
    took_ms = models.IntegerField("用时（毫秒）", default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="拟稿人")
    created_at = models.DateTimeField("拟稿时间")
    touched_at = models.DateTimeField("最近进展时间")
    finished_at = models.DateTimeField("算成时间", null=True)

    class Meta:
        verbose_name = "政策改动草案"
        indexes = [models.Index(fields=["state", "id"], name="draft_waiting")]
