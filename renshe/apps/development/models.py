"""Weights that officers enter with their document, and a second officer confirms."""

from django.conf import settings
from django.db import models

from renshe.apps.development.terms import Dimension
from renshe.kernel.store import ids


class WeightEntry(models.Model):
    """The weight of a dimension from a day on. It counts only once confirmed."""

    data_classes = {
        1: "id dimension valid_from value document entered_at confirmed_at withdrawn_at", 2: "entered_by confirmed_by",
    }

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    dimension = models.CharField("维度", max_length=20, choices=Dimension.choices())
    valid_from = models.DateField("起始日")
    value = models.DecimalField("权重", max_digits=6, decimal_places=2)
    document = models.CharField("依据文件", max_length=200)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="录入人"
    )
    entered_at = models.DateTimeField("录入时间")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="复核人"
    )
    confirmed_at = models.DateTimeField("复核时间", null=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "指数权重"
