"""What humans found of automated decisions."""

from django.db import models

from renshe.apps.rights.terms import Outcome
from renshe.kernel.cases.models import Case
from renshe.kernel.store import ids
from renshe.kernel.subjects.models import Person


class Reviewed(models.Model):
    """A human's finding on one automated decision; of several on one, the latest counts."""

    data_classes = {2: "id person decision outcome case by_name at", 3: "words"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="个人")
    decision = models.CharField("自动化决定", max_length=80)
    outcome = models.CharField("复核结论", max_length=10, choices=Outcome.choices())
    words = models.CharField("理由", max_length=500)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", verbose_name="办件")
    by_name = models.CharField("复核人", max_length=60)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "人工复核结论"
        indexes = [models.Index(fields=["person", "decision", "-id"], name="reviewed_of_person")]
