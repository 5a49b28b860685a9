"""Writes labour contracts: the part of each journey that labour relations do."""

from renshe.apps.relations import queries, rules
from renshe.apps.relations.models import LabourContract
from renshe.kernel.cases.journey import Chunk, Item, Rows
from renshe.kernel.common.verdict import Verdict
from renshe.kernel.store import ids


class File:
    """Put the contract of a hire on record."""

    def facts(self, chunk: Chunk) -> None:
        return None

    def judge(self, item: Item, facts: None) -> Verdict:
        declaration = item.declaration
        return rules.judge_contract(
            declaration.contract_kind, declaration.hired_on, declaration.contract_ends_on,
            is_employee=declaration.kind == "employee",
        )

    def write(self, chunk: Chunk, accepted: list[Item], facts: None, rows: Rows) -> None:
        for item in accepted:
            declaration = item.declaration
            rows[LabourContract].append({
                "id": ids.new(), "person_id": item.person_id, "organisation_id": chunk.organisation.pk,
                "kind": str(declaration.contract_kind), "starts_on": declaration.hired_on,
                "ends_on": declaration.contract_ends_on, "position": declaration.position, "ended_on": None,
                "case_id": item.case_id,
            })
            item.told.append(f"{declaration.contract_kind.label}合同已备案。")

    def version(self, facts: None) -> str:
        return ""


class End:
    """Note the end of a contract when its worker leaves."""

    def facts(self, chunk: Chunk) -> None:
        return None

    def judge(self, item: Item, facts: None) -> Verdict:
        return Verdict()

    def write(self, chunk: Chunk, accepted: list[Item], facts: None, rows: Rows) -> None:
        for item in accepted:
            queries.running(chunk.organisation.pk, [item.person_id]).update(ended_on=item.declaration.left_on)

    def version(self, facts: None) -> str:
        return ""
