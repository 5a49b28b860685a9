"""Cards."""

from django.db import models

from renshe.apps.card.terms import CardState
from renshe.kernel.cases.models import Case
from renshe.kernel.store import ids
from renshe.kernel.subjects.models import Person


class Card(models.Model):
    data_classes = {2: "id person state applied_on issued_on case", 3: "number"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="持卡人")
    number = models.CharField("卡号", max_length=9, null=True, unique=True)
    state = models.CharField("状态", max_length=10, choices=CardState.choices())
    applied_on = models.DateField("申领日")
    issued_on = models.DateField("发卡日", null=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="办件")

    class Meta:
        verbose_name = "社会保障卡"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=~models.Q(state=CardState.CANCELLED), name="one_card_each",
                violation_error_message="该人员已有有效的社会保障卡",
            ),
        ]
