"""Who looked at whose record; how far the sealed columns have moved to a new key; keys of single things."""

from django.db import models

from renshe.kernel.privacy.terms import ExportState
from renshe.kernel.store import ids


class Reading(models.Model):
    """One look at one person's record, as the person may later see it."""

    data_classes = {2: "id person_id reader_id reader_name reader_post what case_number at", 3: "purpose"}

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


class Resealing(models.Model):
    """One sealed column on its way to the leading key: how far it is, so that it goes on after a kill."""

    data_classes = {2: "id version column cursor done total begun_at finished_at"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    version = models.PositiveSmallIntegerField("密钥版本")
    column = models.CharField("字段", max_length=80)
    cursor = models.BigIntegerField("已到", default=0)
    done = models.BigIntegerField("已换", default=0)
    total = models.BigIntegerField("总数")
    begun_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = "换钥进度"
        constraints = [models.UniqueConstraint(fields=["version", "column"], name="resealing_once")]


class ShredKey(models.Model):
    """The own key of one thing, itself sealed. Without it the thing is noise, in every copy and backup that exists."""

    data_classes = {2: "id kind subject_id made_at destroyed_at rule sealed_by", 4: "key_sealed"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    kind = models.CharField("种类", max_length=40)
    subject_id = models.BigIntegerField("对象")
    key_sealed = models.BinaryField("密钥（密文）", null=True)
    made_at = models.DateTimeField("生成时间")
    destroyed_at = models.DateTimeField("销毁时间", null=True)
    rule = models.CharField("销毁依据", max_length=200, blank=True)
    sealed_by = models.PositiveSmallIntegerField("销毁前封存它的密钥版本", null=True)

    class Meta:
        verbose_name = "销毁密钥"
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id"], name="shred_key_once")]


class Export(models.Model):
    """One list with personal data taken out of the platform: what, how much, why, by whom, and who let it go."""

    data_classes = {
        2: "id listing title query count alone account_id account_name division state asked_at decided_by_id decided_by_name "
           "decided_at taken_at digest",
        3: "reason",
    }

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    listing = models.CharField("列表", max_length=60)
    title = models.CharField("名称", max_length=60)
    query = models.CharField("筛选条件", max_length=500, blank=True)
    reason = models.CharField("用途", max_length=200)
    count = models.PositiveIntegerField("行数")
    alone = models.BooleanField("自己的列表，不须另一人批准", default=False)
    account_id = models.BigIntegerField("导出账户")
    account_name = models.CharField("导出人", max_length=60)
    division = models.CharField("管辖区划", max_length=12, blank=True)
    state = models.CharField("状态", max_length=10, choices=ExportState.choices())
    asked_at = models.DateTimeField("申请时间")
    decided_by_id = models.BigIntegerField("批准账户", null=True)
    decided_by_name = models.CharField("批准人", max_length=60, blank=True)
    decided_at = models.DateTimeField("批准时间", null=True)
    taken_at = models.DateTimeField("取走时间", null=True)
    digest = models.CharField("文件摘要", max_length=64, blank=True)

    class Meta:
        verbose_name = "导出记录"
        indexes = [models.Index(fields=["account_id", "-id"], name="export_of_account")]


class Restriction(models.Model):
    """What a law keeps of a person who asked for its deletion: stored only, until `ended_at`; `tables` are not shared."""

    data_classes = {2: "id person_id item tables article case_number since ended_at"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    person_id = models.BigIntegerField("个人")
    item = models.CharField("内容", max_length=40)
    tables = models.JSONField("数据表")
    article = models.CharField("保存依据", max_length=200)
    case_number = models.CharField("办件编号", max_length=32)
    since = models.DateTimeField("起")
    ended_at = models.DateTimeField("止", null=True)

    class Meta:
        verbose_name = "限于存储"
        constraints = [
            models.UniqueConstraint(fields=["person_id", "item"], condition=models.Q(ended_at=None), name="restricted_once"),
        ]
