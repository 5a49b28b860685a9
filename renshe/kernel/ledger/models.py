"""What the ledger keeps: leaves, the tiles of their tree, signed checkpoints."""

from django.db import models

from renshe.kernel.store import ids


class Leaf(models.Model):
    """One entry. The body names no person: it carries the SM3 digest of the record, which the record's owner holds."""

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
        ]


class Tile(models.Model):
    """Up to 256 hashes of one level of the tree."""

    id = models.BigAutoField("标识", primary_key=True)
    level = models.PositiveSmallIntegerField("层")
    number = models.BigIntegerField("瓦片号")
    hashes = models.BinaryField("哈希值串")

    class Meta:
        verbose_name = "瓦片"
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="tile_once")]


class Checkpoint(models.Model):
    """A signed statement: at this size the tree had this root."""

    id = models.BigAutoField("标识", primary_key=True)
    size = models.BigIntegerField("条目数", unique=True)
    root = models.BinaryField("根哈希")
    note = models.TextField("签名文本")
    made_at = models.DateTimeField("签发时间")

    class Meta:
        verbose_name = "检查点"
