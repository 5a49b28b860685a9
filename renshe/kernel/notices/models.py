"""A notice to a person, an organisation or an account."""

from django.conf import settings
from django.db import models

from renshe.kernel.store import ids
from renshe.kernel.subjects.models import Organisation, Person


class Notice(models.Model):
    data_classes = {2: "id person organisation account kind case_number made_at read_at", 3: "title body"}
    unsaid = "kind"

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="个人")
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="账户"
    )
    kind = models.CharField("种类", max_length=40)
    title = models.CharField("标题", max_length=120)
    body = models.TextField("内容")
    case_number = models.CharField("办件编号", max_length=32, blank=True)
    made_at = models.DateTimeField("发出时间")
    read_at = models.DateTimeField("阅读时间", null=True)

    class Meta:
        verbose_name = "通知"
