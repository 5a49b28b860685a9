"""Premiums as pages show them."""

from dataclasses import dataclass

from renshe.apps.insurance.queries import Premium
from renshe.apps.insurance.terms import Scheme
from renshe.kernel.common.money import yuan_label
from renshe.kernel.policy.engine.explain import Step


@dataclass(frozen=True)
class Shown:
    """One premium with its amount in words people read."""

    scheme: Scheme
    payer: str
    amount_fen: int | None
    amount: str
    missing: str
    steps: tuple[Step, ...]


def shown(premiums: list[Premium]) -> list[Shown]:
    """Premiums ready for `parts/premiums.html`."""
    return [
        Shown(one.scheme, one.payer, one.amount_fen, yuan_label(one.amount_fen or 0), one.missing, one.steps)
        for one in premiums
    ]
