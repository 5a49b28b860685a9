"""What a judgement answers: yes, no, or "an officer must look", always with reasons."""

from dataclasses import dataclass, field

from renshe.kernel.common.terms import Terms


class Outcome(Terms):
    ACCEPT = "accept", "准予"
    REFER = "refer", "转人工核实"
    REFUSE = "refuse", "不予办理"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, as public text: what is wrong, by which article, what to do next.

    `code` is a member of the app's list of refusals; `field` names the input it is about ("" if the whole).
    """

    code: str
    text: str
    article: str = ""
    then: str = ""
    field: str = ""
    outcome: Outcome = Outcome.REFUSE

    def as_json(self) -> dict[str, str]:
        return {
            "code": str(self.code), "text": self.text, "article": self.article,
            "then": self.then, "field": self.field, "outcome": str(self.outcome),
        }


class Refused(Exception):
    """A deed that may not be done. Carries its reasons to the page or the API."""

    def __init__(self, *reasons: Reason) -> None:
        self.reasons = reasons
        super().__init__("；".join(reason.text for reason in reasons))


@dataclass(frozen=True, slots=True)
class Verdict:
    """The reasons found; none means yes."""

    reasons: tuple[Reason, ...] = field(default=())

    @property
    def outcome(self) -> Outcome:
        if not self.reasons:
            return Outcome.ACCEPT
        if any(reason.outcome is Outcome.REFUSE for reason in self.reasons):
            return Outcome.REFUSE
        if any(reason.outcome is Outcome.REFER for reason in self.reasons):
            return Outcome.REFER
        return Outcome.ACCEPT

    def __bool__(self) -> bool:
        return self.outcome is Outcome.ACCEPT

    def __add__(self, other: "Verdict") -> "Verdict":
        return Verdict(self.reasons + other.reasons) if other.reasons else self

    def or_raise(self) -> None:
        if self.outcome is Outcome.REFUSE:
            raise Refused(*self.reasons)


YES = Verdict()
