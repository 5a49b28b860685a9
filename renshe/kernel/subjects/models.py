"""Persons, organisations, places, and who may act for them."""

from django.conf import settings
from django.db import models

from renshe.kernel.common.terms import Terms
from renshe.kernel.store import ids


class Sex(Terms):
    MALE = "1", "男"
    FEMALE = "2", "女"


class Mandating(Terms):
    SELF = "self", "本人"
    STAFF = "staff", "单位经办人"
    OFFICER = "officer", "工作人员本人"


class Relation(Terms):
    """What somebody is to the head of the household."""

    HEAD = "head", "户主"
    SPOUSE = "spouse", "配偶"
    CHILD = "child", "子女"
    PARENT = "parent", "父母"
    OTHER = "other", "其他成员"


class Kin(Terms):
    """What somebody is to whoever declares it."""

    SPOUSE = "spouse", "配偶"
    PARENT = "parent", "父母"
    CHILD = "child", "子女"
    SIBLING = "sibling", "兄弟姐妹"
    OTHER = "other", "其他近亲属"


class Place(models.Model):
    """A division of the country (GB/T 2260 and statistical codes)."""

    data_classes = {1: "code name parent level"}

    code = models.CharField("区划代码", max_length=12, primary_key=True)
    name = models.CharField("名称", max_length=40)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", verbose_name="上级")
    level = models.CharField("级别", max_length=20)

    class Meta:
        verbose_name = "区划"


class Person(models.Model):
    """A natural person. The citizen ID (AAC002) and phone (AAC067) are sealed; lists use the masks."""

    data_classes = {
        2: "id sex division deceased_on made_at",
        3: "name citizen_id_mask phone_mask birth_on",
        4: "citizen_id_sealed citizen_id_index phone_sealed",
    }
    in_words = {"division": "renshe.kernel.subjects.queries.home_of"}
    unsaid = "citizen_id_mask phone_mask"  # the numbers stand there whole

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    name = models.CharField("姓名", max_length=60)
    citizen_id_sealed = models.BinaryField("公民身份号码（密文）")
    citizen_id_index = models.CharField("公民身份号码（盲索引）", max_length=64, unique=True)
    citizen_id_mask = models.CharField("公民身份号码（掩码）", max_length=20)
    sex = models.CharField("性别", max_length=1, choices=Sex.choices())
    birth_on = models.DateField("出生日期")
    phone_sealed = models.BinaryField("手机号码（密文）", null=True)
    phone_mask = models.CharField("手机号码（掩码）", max_length=20, blank=True)
    division = models.CharField("居住区划", max_length=12, blank=True)
    deceased_on = models.DateField("死亡日期", null=True)
    made_at = models.DateTimeField("建档时间")

    class Meta:
        verbose_name = "个人"


class NameChange(models.Model):
    """A name the register held before, and the case in which two officers changed it. Rows are only added."""

    data_classes = {2: "id person case_number proposed_by decided_by at", 3: "before after"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="个人")
    before = models.CharField("原姓名", max_length=60)
    after = models.CharField("新姓名", max_length=60)
    case_number = models.CharField("办件编号", max_length=32)
    proposed_by = models.BigIntegerField("初审账户")
    decided_by = models.BigIntegerField("复核账户")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "姓名变更"


class HouseholdMember(models.Model):
    """That somebody belongs to a household, from when until when (half-open), and who says so. One at a time."""

    data_classes = {2: "id person since until noted_at", 3: "household relation source"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="个人")
    household = models.CharField("户号", max_length=32)
    relation = models.CharField("与户主关系", max_length=10, choices=Relation.choices())
    source = models.CharField("来源", max_length=80)
    since = models.DateField("起")
    until = models.DateField("止", null=True)
    noted_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "户成员"
        indexes = [models.Index(fields=["household"], condition=models.Q(until=None), name="household_now")]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(until=None), name="one_household_each"),
        ]


class Kinship(models.Model):
    """Near relatives who need not live together, as one of them has declared, from when until when (half-open)."""

    data_classes = {2: "id person relative since until noted_by_id noted_at", 3: "relation source"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="申报人")
    relative = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="近亲属")
    relation = models.CharField("关系", max_length=10, choices=Kin.choices())
    source = models.CharField("来源", max_length=80)
    since = models.DateField("起")
    until = models.DateField("止", null=True)
    noted_by_id = models.BigIntegerField("登记账户")
    noted_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "近亲属申报"
        constraints = [
            models.UniqueConstraint(fields=["person", "relative"], condition=models.Q(until=None), name="kinship_once"),
            models.CheckConstraint(condition=~models.Q(person=models.F("relative")), name="kinship_of_two",
                                   violation_error_message="近亲属是另一个人"),
        ]


class Organisation(models.Model):
    """An employer or other body, named by its unified social credit code (AAB998)."""

    data_classes = {1: "id name uscc kind division industry made_at", 2: "risk_class injury_float"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    name = models.CharField("单位名称", max_length=120)
    uscc = models.CharField("统一社会信用代码", max_length=18, unique=True)
    kind = models.CharField("单位性质代码", max_length=3)
    division = models.CharField("所在区划", max_length=12)
    industry = models.CharField("行业代码", max_length=6)
    risk_class = models.PositiveSmallIntegerField("工伤风险类别")
    injury_float = models.DecimalField("工伤浮动系数", max_digits=3, decimal_places=1)
    made_at = models.DateTimeField("建档时间")

    class Meta:
        verbose_name = "单位"


class Mandate(models.Model):
    """Who may act for a subject: exactly one of person and organisation is set."""

    data_classes = {2: "id account kind person organisation valid_from valid_until"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mandates", verbose_name="账户"
    )
    kind = models.CharField("代表关系", max_length=10, choices=Mandating.choices())
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="个人")
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    valid_from = models.DateField("起")
    valid_until = models.DateField("止", null=True)

    class Meta:
        verbose_name = "代表关系"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person=None) ^ models.Q(organisation=None),
                name="mandate_for_one_subject",
                violation_error_message="一条代表关系只能指向一个个人或一个单位",
            )
        ]
