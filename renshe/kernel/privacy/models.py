"""Who looked at whose record. Rows are only added."""

from django.db import models

from renshe.kernel.store import ids


class Reading(models.Model):
    """One look at one person's record, as the person may later see it."""

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    person_id = models.BigIntegerField("被查阅人")
    reader_id = models.BigIntegerField("查阅账户")
    reader_name = models.CharField("查阅人", max_length=60)
    reader_post = models.CharField("查阅人岗位", max_length=80)
    purpose = models.CharField("目的", max_length=60)
    what = models.CharField("查阅内容", max_length=120)
    case_number = models.CharField("办件编号", max_length=32, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "查阅记录"
        indexes = [models.Index(fields=["person_id", "-at"], name="reading_of_person")]
