"""What of insurance must be kept when a person asks for deletion."""

from renshe.apps.insurance.models import BasePeriod, Coverage, Enrolment, MonthCorrection
from renshe.kernel.cases.erasures import Erasable

ERASABLE = (
    Erasable(
        "insurance", "参保和缴费记录", (Enrolment, Coverage, BasePeriod, MonthCorrection),
        lambda pk: Enrolment.objects.filter(person_id=pk).count(), "社会保险的登记和缴费记录，法律要求妥善保管，关系到您以后的待遇",
        "社会保险法 第七十四条", used=lambda pk: Enrolment.objects.filter(person_id=pk, until=None).exists(),
    ),
)
