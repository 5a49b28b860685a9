"""What the ledger keeps: leaves, the tiles of their tree, signed checkpoints."""

from django.db import models

from renshe.kernel.store import ids

# Kinds of record that tell who read, took or was given what of whom: kept as long as the city's retention.yaml says.
TRACES = (
    "privacy.copy", "privacy.export", "privacy.export_decided", "privacy.export_taken", "sharing.disclose", "access.override",
    "access.override_review", "alerts.raise", "alerts.find",
)


class Leaf(models.Model):
    """One entry. The body names no person: it carries the SM3 digest of the record, which the record's owner holds."""

    data_classes = {1: "body position made_at", 2: "id kind case_number", 3: "record"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    kind = models.CharField("事由", max_length=60)
    case_number = models.CharField("办件编号", max_length=32, blank=True, db_index=True)
    record = models.TextField("记录（规范JSON，含随机盐）")
    body = models.BinaryField("叶子内容")
    made_at = models.DateTimeField("写入时间")
    position = models.BigIntegerField("序号", null=True, unique=True)

    class Meta:
        verbose_name = "账本条目"
        indexes = [
            models.Index(fields=["id"], condition=models.Q(position=None), name="leaf_unsequenced"),
            models.Index(fields=["id"], condition=models.Q(kind__in=TRACES) & ~models.Q(record=""), name="leaf_of_traces"),
        ]


class Tile(models.Model):
    """Up to 256 hashes of one level of the tree."""

    data_classes = {1: "id level number hashes"}

    id = models.BigAutoField("标识", primary_key=True)
    level = models.PositiveSmallIntegerField("层")
    number = models.BigIntegerField("瓦片号")
    hashes = models.BinaryField("哈希值串")

    class Meta:
        verbose_name = "瓦片"
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="tile_once")]


class Checkpoint(models.Model):
    """A signed statement: at this size the tree had this root."""

    data_classes = {1: "id size root note made_at"}

    id = models.BigAutoField("标识", primary_key=True)
    size = models.BigIntegerField("条目数", unique=True)
    root = models.BinaryField("根哈希")
    note = models.TextField("签名文本")
    made_at = models.DateTimeField("签发时间")

    class Meta:
        verbose_name = "检查点"


class LogKey(models.Model):
    """A public key with which the log signs, and the sizes between which it does."""

    data_classes = {1: "id generation key since until announced made_at"}

    id = models.BigAutoField("标识", primary_key=True)
    generation = models.PositiveSmallIntegerField("代")
    key = models.TextField("公钥", unique=True)
    since = models.BigIntegerField("启用时条目数", null=True)
    until = models.BigIntegerField("停用时条目数", null=True)
    announced = models.ForeignKey(Leaf, models.PROTECT, null=True, related_name="+", verbose_name="公告条目")
    made_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "账本公钥"


class Witness(models.Model):
    """Somebody outside who cosigns checkpoints: a court, a bank, a union, a partner city."""

    data_classes = {1: "id label key added_at retired_at size seen_at asked_at fault alarm", 2: "address"}

    id = models.BigAutoField("标识", primary_key=True)
    label = models.CharField("机构", max_length=60)
    key = models.TextField("公钥", unique=True)
    address = models.URLField("见证节点地址", max_length=200)
    added_at = models.DateTimeField("登记时间")
    retired_at = models.DateTimeField("停用时间", null=True)
    size = models.BigIntegerField("最近见证的条目数", default=0)
    seen_at = models.DateTimeField("最近见证时间", null=True)
    asked_at = models.DateTimeField("最近询问时间", null=True)
    fault = models.CharField("最近一次未签的原因", max_length=300, blank=True)
    alarm = models.BooleanField("见证机构指出账本不一致", default=False)

    class Meta:
        verbose_name = "见证机构"


class Cosignature(models.Model):
    """A witness's signature on one checkpoint."""

    data_classes = {1: "id checkpoint witness line at"}

    id = models.BigAutoField("标识", primary_key=True)
    checkpoint = models.ForeignKey(Checkpoint, models.CASCADE, related_name="cosignatures", verbose_name="检查点")
    witness = models.ForeignKey(Witness, models.PROTECT, related_name="+", verbose_name="见证机构")
    line = models.TextField("签名行")
    at = models.DateTimeField("见证时间")

    class Meta:
        verbose_name = "见证签名"
        constraints = [models.UniqueConstraint(fields=["checkpoint", "witness"], name="cosigned_once")]


class Anchoring(models.Model):
    """A checkpoint's root written where others keep it, and how to find it there."""

    data_classes = {1: "id checkpoint means reference at"}

    id = models.BigAutoField("标识", primary_key=True)
    checkpoint = models.ForeignKey(Checkpoint, models.CASCADE, related_name="anchorings", verbose_name="检查点")
    means = models.CharField("锚定方式", max_length=30)
    reference = models.CharField("凭据", max_length=200)
    at = models.DateTimeField("锚定时间")

    class Meta:
        verbose_name = "锚定"
        constraints = [models.UniqueConstraint(fields=["checkpoint", "means"], name="anchored_once")]
