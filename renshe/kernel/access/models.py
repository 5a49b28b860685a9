"""Accounts, the posts they hold, what they prove themselves by, their visits, the tokens their programs use."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import UserManager
from django.db import models

from renshe.kernel.access.terms import FactorKind, Finding, Role, VisitEnd
from renshe.kernel.store import ids


class Account(AbstractBaseUser):
    """A way in. Whom it acts for is a mandate (subjects); what it may do follows from its posts."""

    data_classes = {2: "id username is_active made_at last_login password_due password_until", 3: "name sign_on", 4: "password"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    username = models.CharField("用户名", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    is_active = models.BooleanField("启用", default=True)
    made_at = models.DateTimeField("开户时间", auto_now_add=True)
    password_due = models.BooleanField("须改密码", default=False)
    password_until = models.DateTimeField("初始密码失效时间", null=True)
    sign_on = models.CharField("统一身份", max_length=200, unique=True, null=True)

    USERNAME_FIELD = "username"
    objects = UserManager()

    class Meta:
        verbose_name = "账户"


class Post(models.Model):
    """A role held over a jurisdiction, from a day until a day (half-open)."""

    data_classes = {2: "id account role title division valid_from valid_until"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts", verbose_name="账户")
    role = models.CharField("角色", max_length=20, choices=Role.choices())
    title = models.CharField("岗位名称", max_length=60)
    division = models.CharField("管辖区划", max_length=12)
    valid_from = models.DateField("起")
    valid_until = models.DateField("止", null=True)

    class Meta:
        verbose_name = "岗位"


class Token(models.Model):
    """A key for a program. Only its digest is kept."""

    data_classes = {2: "id account label made_at valid_until revoked_at", 4: "digest"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="tokens", verbose_name="账户")
    digest = models.CharField("摘要", max_length=64, unique=True)
    label = models.CharField("用途", max_length=60)
    made_at = models.DateTimeField("签发时间")
    valid_until = models.DateTimeField("失效时间")
    revoked_at = models.DateTimeField("吊销时间", null=True)

    class Meta:
        verbose_name = "接口令牌"


class Factor(models.Model):
    """A second proof of one account: a TOTP secret, a passkey, or a recovery code usable once."""

    data_classes = {
        2: "id account kind label counter failures locked_until made_at confirmed_at used_at removed_at "
           "public_key",
        4: "secret_sealed credential",
    }

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="factors", verbose_name="账户")
    kind = models.CharField("种类", max_length=10, choices=FactorKind.choices())
    label = models.CharField("名称", max_length=60)
    secret_sealed = models.BinaryField("密钥（密文）", null=True)
    credential = models.CharField("凭据标识", max_length=1400, blank=True)
    public_key = models.BinaryField("公钥", null=True)
    counter = models.BigIntegerField("计数", default=0)
    failures = models.PositiveSmallIntegerField("连续失败", default=0)
    locked_until = models.DateTimeField("锁定至", null=True)
    made_at = models.DateTimeField("登记时间")
    confirmed_at = models.DateTimeField("启用时间", null=True)
    used_at = models.DateTimeField("最近使用", null=True)
    removed_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = "验证方式"
        constraints = [
            models.UniqueConstraint(
                fields=["credential"], condition=~models.Q(credential="") & models.Q(removed_at=None),
                name="factor_once_per_credential",
            ),
        ]


class Visit(models.Model):
    """One signing in, from a device. The session itself ends with its row in the session store."""

    data_classes = {2: "id account proved_by device began_at ended_at end", 3: "network", 4: "session_key"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="visits", verbose_name="账户")
    session_key = models.CharField("会话键", max_length=40)
    proved_by = models.CharField("验证方式", max_length=20)
    device = models.CharField("设备", max_length=120)
    network = models.CharField("网络地址", max_length=45)
    began_at = models.DateTimeField("登录时间")
    ended_at = models.DateTimeField("结束时间", null=True)
    end = models.CharField("结束方式", max_length=10, choices=VisitEnd.choices(), blank=True)

    class Meta:
        verbose_name = "登录"
        indexes = [models.Index(fields=["account", "-id"], name="visit_of_account")]


class Override(models.Model):
    """An emergency look at a record beyond one's jurisdiction: why, until when, and what the auditor found."""

    data_classes = {2: "id account person_id opened_at closes_at reviewed_by reviewed_at finding", 3: "reason note"}
    withheld = "应急查阅由审计人员逐条复查；每一次也在“谁看过”里，写着事由"

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", verbose_name="查阅账户")
    person_id = models.BigIntegerField("被查阅人")
    reason = models.CharField("事由", max_length=300)
    opened_at = models.DateTimeField("开启时间")
    closes_at = models.DateTimeField("失效时间")
    reviewed_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="复查人"
    )
    reviewed_at = models.DateTimeField("复查时间", null=True)
    finding = models.CharField("复查结论", max_length=12, choices=Finding.choices(), blank=True)
    note = models.CharField("复查说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "应急查阅"
        indexes = [models.Index(fields=["account", "person_id", "closes_at"], name="override_open")]
