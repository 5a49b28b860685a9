"""Why not me: every benefit judged by its policy with what is known of the resident and what they answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from renshe.kernel.common.files import read_yaml
from renshe.kernel.policy.engine.evaluate import Evaluation, weigh
from renshe.kernel.policy.engine.policy import Policy
from renshe.kernel.policy.engine.why import Judged
from renshe.kernel.policy.queries import entered
from renshe.kernel.policy.registry import policy
from renshe.portals import trial
from renshe.portals.resident.facts import Life

ENTITLED, NOT_YET, OPEN = "entitled", "not_yet", "open"


@dataclass(frozen=True)
class Benefit:
    """One right as people ask for it; `facts` are the inputs of its policy that the platform can give."""

    policy: str
    title: str
    says: str
    facts: Mapping[str, str]
    act: str = ""
    guide: str = ""
    go: str = ""
    event: bool = False


@dataclass(frozen=True)
class Standing:
    """How a person stands to one benefit."""

    benefit: Benefit
    law: Policy
    evaluation: Evaluation
    conditions: tuple[Judged, ...]
    is_answered: bool

    @property
    def state(self) -> str:
        """Entitled when every condition holds, not yet when one does not, open while a fact is lacking."""
        if any(one.holds is False for one in self.conditions):
            return NOT_YET
        if not self.conditions or self._law_lacks or (self.benefit.event and not self.is_answered) or any(one.holds is None for one in self.conditions):
            return OPEN
        return ENTITLED

    @property
    def _law_lacks(self) -> bool:
        """Whether a condition waits for a value of law nobody has given yet."""
        return any(self.evaluation.law.rules[name].is_condition for name in self.evaluation.waiting)

    @property
    def unmet(self) -> list[Judged]:
        return [one for one in self.conditions if one.holds is False]

    @property
    def met(self) -> list[Judged]:
        return [one for one in self.conditions if one.holds]

    @property
    def asks(self) -> list[str]:
        """Labels of the facts that are still lacking."""
        return list(dict.fromkeys(label for one in self.conditions if one.holds is None for label in one.asks))


@cache
def benefits() -> dict[str, Benefit]:
    """Every benefit by the name of its policy."""
    rows: list[dict[str, Any]] = read_yaml(Path(__file__).parent / "benefits.yaml")
    return {row["policy"]: Benefit(**row) for row in rows}


def standing(benefit: Benefit, life: Life, known: Mapping[str, str], answers: Mapping[str, str]) -> Standing:
    """One benefit for one person; answers win over what is known. Raises BadInput."""
    law = policy(benefit.policy)
    said = {name: text for name, text in answers.items() if text.strip() and name in law.inputs}
    given = trial.given(law, {**inputs(benefit, known), **said})
    found = weigh(law, given, on=life.on, place=life.place, entered=entered(life.place))
    return Standing(benefit, law, found, tuple(found.conditions), bool(said))


def inputs(benefit: Benefit, known: Mapping[str, str]) -> dict[str, str]:
    """The inputs of a benefit's policy that are known."""
    return {name: known[fact] for name, fact in benefit.facts.items() if fact in known}
