"""Accounts, the posts they hold, the tokens their programs use."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import UserManager
from django.db import models

from renshe.kernel.access.terms import Role
from renshe.kernel.store import ids


class Account(AbstractBaseUser):
    """A way in. Whom it acts for is a mandate (subjects); what it may do follows from its posts."""

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    username = models.CharField("用户名", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    is_active = models.BooleanField("启用", default=True)
    made_at = models.DateTimeField("开户时间", auto_now_add=True)

    USERNAME_FIELD = "username"
    objects = UserManager()

    class Meta:
        verbose_name = "账户"


class Post(models.Model):
    """A role held over a jurisdiction, from a day until a day (half-open)."""

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

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="tokens", verbose_name="账户")
    digest = models.CharField("摘要", max_length=64, unique=True)
    label = models.CharField("用途", max_length=60)
    made_at = models.DateTimeField("签发时间")
    valid_until = models.DateTimeField("失效时间")
    revoked_at = models.DateTimeField("吊销时间", null=True)

    class Meta:
        verbose_name = "接口令牌"
