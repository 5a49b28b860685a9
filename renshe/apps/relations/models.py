"""Labour contracts on record."""

from django.db import models

from renshe.apps.relations.terms import ContractKind
from renshe.kernel.cases.models import Case
from renshe.kernel.store import ids
from renshe.kernel.subjects.models import Organisation, Person


class LabourContract(models.Model):
    data_classes = {2: "id person organisation kind starts_on ends_on ended_on case", 3: "position"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="劳动者")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    kind = models.CharField("合同类型", max_length=2, choices=ContractKind.choices())
    starts_on = models.DateField("起始日")
    ends_on = models.DateField("终止日", null=True)
    position = models.CharField("岗位", max_length=60, blank=True)
    ended_on = models.DateField("解除或终止日", null=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", verbose_name="办件")

    class Meta:
        verbose_name = "劳动合同备案"
        indexes = [models.Index(fields=["person", "-starts_on"], name="contract_of_person")]
