"""The employee pension of Zhejiang as a small OpenFisca country, fed the same figures of law as our policies.

openfisca-core (AGPL-3) is measured here and cross-checked here, and nowhere imported by the product.
"""

from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import MONTH, YEAR
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

FIRST, LAST = 2014, 2025
Person = build_entity(key="person", plural="persons", label="人", is_person=True)


def to_fen(yuan: Any) -> Any:
    return np.floor(yuan * 100 + 0.5) / 100


class contribution_base(Variable):
    value_type, entity, definition_period, label = float, Person, MONTH, "缴费基数"


class months_paid(Variable):
    value_type, entity, definition_period, label = float, Person, YEAR, "当年缴费月数"

    def formula(person, period):
        return sum((person("contribution_base", month) > 0) * 1.0 for month in period.get_subperiods(MONTH))


class index_sum(Variable):
    value_type, entity, definition_period, label = float, Person, YEAR, "当年各月缴费指数之和"

    def formula(person, period, parameters):
        wage = parameters(period.last_year).average_wage
        return sum(np.minimum(person("contribution_base", month) / wage, 3) for month in period.get_subperiods(MONTH))


class booked(Variable):
    value_type, entity, definition_period, label = float, Person, YEAR, "当年记入"

    def formula(person, period, parameters):
        share = parameters(period).share
        return sum(to_fen(person("contribution_base", month) * share) for month in period.get_subperiods(MONTH))


class balance(Variable):
    value_type, entity, definition_period, label = float, Person, YEAR, "年末储存额"

    def formula(person, period, parameters):
        paid, law = person("booked", period), parameters(period)
        before = person("balance", period.last_year) if period.start.year > FIRST else 0 * paid
        return before + to_fen(before * law.rate) + paid + to_fen(paid * law.rate * law.weight)


class avg_index(Variable):
    value_type, entity, definition_period, label = float, Person, YEAR, "平均缴费指数"

    def formula(person, period):
        years = [period.offset(-back) for back in range(LAST - FIRST + 1)]
        total = sum(person("index_sum", year) for year in years) / sum(person("months_paid", year) for year in years)
        return np.floor(total * 10000 + 0.5) / 10000


class pension(Variable):
    value_type, entity, definition_period, label = float, Person, YEAR, "每月基本养老金"

    def formula(person, period, parameters):
        law, index = parameters(period), person("avg_index", period)
        months = sum(person("months_paid", period.offset(-back)) for back in range(LAST - FIRST + 1))
        years = np.floor(months / 12 * 100 + 0.5) / 100
        basic = to_fen(law.base * (1 + index) / 2 * years * law.rate_per_year)
        account = to_fen(person("balance", period) / law.payout_months)
        adjustment = to_fen(law.adjustment_start + law.adjustment_factor * index * years)
        return np.ceil(np.round((basic + account + adjustment + law.subsidy) * 10, 3)) / 10


def country(law: dict[str, dict[str, float]]) -> TaxBenefitSystem:
    """The country with its parameters: name -> first day -> value."""
    made = TaxBenefitSystem([Person])
    for variable in (contribution_base, months_paid, index_sum, booked, balance, avg_index, pension):
        made.add_variable(variable)
    made.parameters = ParameterNode("", data={
        name: {"values": {day: {"value": value} for day, value in dated.items()}} for name, dated in law.items()
    })
    return made


def simulation(made: TaxBenefitSystem, bases: Any) -> Simulation:
    """A simulation of persons (rows) with their monthly bases in yuan (columns, from January of FIRST)."""
    found = SimulationBuilder().build_default_simulation(made, len(bases))
    found.max_spiral_loops = 100
    for month in range(bases.shape[1]):
        found.set_input("contribution_base", f"{FIRST + month // 12}-{month % 12 + 1:02d}", bases[:, month])
    return found
