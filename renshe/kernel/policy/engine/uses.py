"""Policies that stand on others: `uses: [retirement_age]` brings in what a folder's formulas name and do not define.

Only what is named comes along, so a pension asks for a birth month when a formula needs the retirement age, and for
nothing else of that folder. What a folder defines itself wins over what it would bring in.
"""

import dataclasses
import hashlib
from collections.abc import Mapping

from renshe.kernel.policy.engine.policy import Policy
from renshe.kernel.policy.engine.tree import FormulaError


def joined(found: Mapping[str, Policy]) -> dict[str, Policy]:
    """Every policy with what it uses of the others. Raises FormulaError for an unknown policy or a circle."""
    done: dict[str, Policy] = {}
    while len(done) < len(found):
        ready = [one for name, one in found.items() if name not in done and set(one.uses) <= set(done)]
        if not ready:
            stuck = {name: one.uses for name, one in found.items() if name not in done}
            unknown = sorted({name for uses in stuck.values() for name in uses} - set(found))
            words = f"没有“{'、'.join(unknown)}”这一政策" if unknown else f"{'、'.join(sorted(stuck))}互相使用成环"
            raise FormulaError(f"uses：{words}")
        for one in ready:
            done[one.name] = _standing_on(one, [done[name] for name in one.uses])
    return {name: done[name] for name in found}


def _standing_on(policy: Policy, others: list[Policy]) -> Policy:
    """A policy with the inputs, values, tables and rules of others that it names, directly or through their rules."""
    for other in others:
        policy = _with(policy, other)
    return policy


def _with(policy: Policy, other: Policy) -> Policy:
    own = {*policy.inputs, *policy.parameters, *policy.tables, *(rule.name for rule in policy.rules)}
    shared = set(policy.inputs) - {rule.name for rule in policy.rules}  # an input may stand in for a rule of the other
    wanted = {name for rule in policy.rules for name in rule.arguments} | set(policy.outputs)
    needed: set[str] = set()
    waiting = [name for name in wanted if name not in own or name in shared]
    while waiting:
        name = waiting.pop()
        if name in needed or (name in own and name not in shared):
            continue
        needed.add(name)
        waiting.extend(argument for rule in other.rules if rule.name == name for argument in rule.arguments)
    rules = tuple(rule for rule in other.rules if rule.name in needed)
    return dataclasses.replace(
        policy,
        inputs={**{name: one for name, one in other.inputs.items() if name in needed}, **policy.inputs},
        parameters={**{name: one for name, one in other.parameters.items() if name in needed}, **policy.parameters},
        tables={**{name: one for name, one in other.tables.items() if name in needed}, **policy.tables},
        rules=(*rules, *policy.rules),
        digest=hashlib.sha256((policy.digest + other.digest).encode()).hexdigest(), _shelves={},
    )
