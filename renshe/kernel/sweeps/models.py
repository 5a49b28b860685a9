"""Drafts of a change of law, and what they would come to."""

from django.conf import settings
from django.db import models

from renshe.kernel.store import ids
from renshe.kernel.sweeps.terms import DraftState


class Draft(models.Model):
    """Dated values, formulas or table rows otherwise; weighed on the facts of the last sweep. Changes no law."""

    data_classes = {
        1: "id title policy output place valid_from changes state done of result fault sweep took_ms",
        2: "created_by created_at touched_at finished_at",
    }

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    title = models.CharField("名称", max_length=80)
    policy = models.CharField("政策", max_length=80)
    output = models.CharField("结果项", max_length=80)
    place = models.CharField("适用区划", max_length=12)
    valid_from = models.DateField("起始日")
    changes = models.JSONField("改动", default=list)
    state = models.CharField("状态", max_length=10, choices=DraftState.choices(), default=DraftState.EDITING)
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
