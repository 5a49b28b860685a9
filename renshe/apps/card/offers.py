"""What the card gives the platform: a step of the hire, and indicators."""

from renshe.apps.card import indicators
from renshe.apps.card.actions import Apply
from renshe.apps.card.models import Card
from renshe.apps.card.terms import CardState
from renshe.kernel.cases.erasures import Erasable

APPLY = Apply()
ERASABLE = (
    Erasable(
        "card", "社会保障卡", (Card,), lambda pk: Card.objects.filter(person_id=pk).count(),
        "卡的档案保管期限表尚未取得，取得以前不删除", "个人信息保护法 第四十七条第二款",
        used=lambda pk: Card.objects.filter(person_id=pk).exclude(state=CardState.CANCELLED).exists(),
    ),
)
INDICATORS = indicators.INDICATORS
