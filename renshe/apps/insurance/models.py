"""Enrolments, coverages, bases."""

from django.db import models

from renshe.apps.insurance.terms import HireKind, LeaveReason, Scheme
from renshe.kernel.cases.models import Case
from renshe.kernel.store import ids
from renshe.kernel.subjects.models import Organisation, Person


class Enrolment(models.Model):
    """A spell of one person with one employer, open while `until` is empty (half-open)."""

    data_classes = {2: "id person organisation kind hired_on since until leave_reason case"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="个人")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    kind = models.CharField("用工形式", max_length=10, choices=HireKind.choices())
    hired_on = models.DateField("用工之日")
    since = models.DateField("参保起始")
    until = models.DateField("参保终止", null=True)
    leave_reason = models.CharField("停保原因", max_length=4, choices=LeaveReason.choices(), blank=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", verbose_name="办件")

    class Meta:
        verbose_name = "参保登记"
        indexes = [
            models.Index(fields=["person", "since"], name="enrolment_of_person"),
            models.Index(fields=["organisation", "-since", "-id"], name="enrolment_of_employer"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"], condition=models.Q(until=None), name="one_open_enrolment",
                violation_error_message="该人员已由本单位参保",
            ),
        ]


class Coverage(models.Model):
    """One scheme within an enrolment."""

    data_classes = {2: "id enrolment person scheme since until"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="coverages", verbose_name="参保登记"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="个人")
    scheme = models.CharField("险种", max_length=20, choices=Scheme.choices())
    since = models.DateField("起始")
    until = models.DateField("终止", null=True)

    class Meta:
        verbose_name = "险种参保"
        constraints = [
            # Injury cover is owed by every employer of a person (浙江省工伤保险条例); the others only once.
            models.UniqueConstraint(
                fields=["person", "scheme"],
                condition=models.Q(until=None) & ~models.Q(scheme=Scheme.INJURY),
                name="one_open_coverage_per_scheme",
                violation_error_message="该人员此险种已由其他单位参保",
            ),
        ]


class BasePeriod(models.Model):
    """The wage declared and the contribution base that follows from it, from a month on (half-open)."""

    data_classes = {2: "id enrolment valid_from valid_until case", 3: "wage_fen base_fen"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="bases", verbose_name="参保登记")
    valid_from = models.DateField("起始月")
    valid_until = models.DateField("终止月", null=True)
    wage_fen = models.BigIntegerField("申报工资（分）")
    base_fen = models.BigIntegerField("缴费基数（分）")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", verbose_name="办件")

    class Meta:
        verbose_name = "缴费基数"
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=models.Q(valid_until=None), name="one_open_base"
            ),
        ]


class MonthCorrection(models.Model):
    """What officers found of one month of one scheme, where the records had it wrong; the latest of a month counts.

    `base_fen` 0: not paid in that month.
    """

    data_classes = {2: "id person scheme month case at", 3: "base_fen"}

    id = models.BigIntegerField("标识", primary_key=True, default=ids.new)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="个人")
    scheme = models.CharField("险种", max_length=20, choices=Scheme.choices())
    month = models.IntegerField("月份（年×12＋月－1）")
    base_fen = models.BigIntegerField("核定的缴费基数（分）")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", verbose_name="办件")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "缴费月份更正"
        indexes = [models.Index(fields=["person", "scheme", "id"], name="month_correction_of_person")]
