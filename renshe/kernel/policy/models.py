"""Values of law that the operator of a city enters with their document, and a second officer confirms."""

from django.conf import settings
from django.db import models

from renshe.kernel.store import ids


class EnteredValue(models.Model):
    """A dated value for a parameter that the policy folder leaves empty. It applies only once confirmed."""

    data_classes = {
        1: "id parameter place valid_from value document article",
        2: "entered_by entered_at confirmed_by confirmed_at withdrawn_at",
    }

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    parameter = models.CharField("参数", max_length=80)
    place = models.CharField("适用区划", max_length=12)
    valid_from = models.DateField("起始日")
    value = models.CharField("值", max_length=40)
    document = models.CharField("依据文件", max_length=200)
    article = models.CharField("条款", max_length=60, blank=True)
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
        verbose_name = "录入的政策值"
