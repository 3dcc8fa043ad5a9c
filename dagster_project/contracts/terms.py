"""A contract as its seeds say it, read once and with exact numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from dagster_project.contracts.arithmetic import exact
from dagster_project.contracts.shapes import Shape
from dagster_project.errors import UsageError
from dagster_project.nearest import instead
from dagster_project.registry.forms import Row
from dagster_project.registry.registry import Registry

HUNDRED = Fraction(100)


@dataclass(frozen=True)
class Series:
    """Which values of a release an outcome or a gate looks at; the area is the provider's."""

    indicator_id: str
    sex: str
    age: str
    segment: str = "all"
    breakdown_type: str = "all"
    breakdown: str = "all"


@dataclass(frozen=True)
class Term:
    """What is paid for: a level, or a change from the baseline in points, per cent or gap to goal.

    An outcome may have several; the one that gives most counts.
    """

    name: str
    measured_in: str
    pays_from: Fraction
    pays_in_full: Fraction
    goal: Fraction | None
    floor: Fraction
    cap: Fraction
    minimum: Fraction | None

    @property
    def needs_baseline(self) -> bool:
        return self.measured_in != "level"

    def shape(self, baseline: Fraction | None, better: str) -> Shape:
        """The shape in the measure's own unit, for a baseline."""
        start, full = (self._level(end, baseline) for end in (self.pays_from, self.pays_in_full))
        minimum = None if self.minimum is None else self._level(self.minimum, baseline)
        return Shape(start, full, better, self.floor, self.cap, minimum=minimum)

    def _level(self, end: Fraction, baseline: Fraction | None) -> Fraction:
        if self.measured_in == "level" or baseline is None:
            return end
        if self.measured_in == "points":
            return baseline + end
        if self.measured_in == "percent":
            return baseline * (1 + end / HUNDRED)
        return baseline + end * ((self.goal or baseline) - baseline)


@dataclass(frozen=True)
class Outcome:
    """One outcome of a contract: what it weighs, where its values are, and what is paid for."""

    outcome_id: str
    title: str
    series: Series | None
    weight: Fraction
    better: str
    baseline_rule: str
    baseline_from: str
    baseline_to: str
    minimum_cases: int
    if_missing: str
    if_provisional: str
    between_year_cv: float
    late_share: float
    revision_cv: float
    is_stand_in: bool
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Provider:
    """Who is paid: for which area, out of how much, with how much of the area's activity.

    `provider_code` is its code in linked hospital records; empty where it has none.
    """

    provider_id: str
    title: str
    area_code: str
    annual_value: Fraction
    activity_share: Fraction
    reserve: Fraction
    provider_code: str = ""


@dataclass(frozen=True)
class Period:
    """A stretch of the contract that is paid for by itself."""

    contract_period: str
    starts: str
    ends: str
    pay_by: str
    share_of_year: Fraction


@dataclass(frozen=True)
class Gate:
    """What must hold, or else a share of what was earned is lost."""

    gate: str
    title: str
    series: Series
    must_be: str
    threshold: Fraction
    lost_share: Fraction

    @property
    def better(self) -> str:
        return "higher" if self.must_be == "at_least" else "lower"


@dataclass(frozen=True)
class Contract:
    """One contract, whole."""

    contract_id: str
    title: str
    commissioner: str
    configuration: str
    basis: str
    share_linked: Fraction
    starts: str
    ends: str
    least_share: Fraction
    most_share: Fraction
    correlation: float
    draws: int
    seed: int
    is_made_up: bool
    note: str
    periods: tuple[Period, ...]
    providers: tuple[Provider, ...]
    outcomes: tuple[Outcome, ...]
    gates: tuple[Gate, ...]

    @property
    def has_stand_ins(self) -> bool:
        return self.is_made_up or any(outcome.is_stand_in for outcome in self.outcomes)

    def stake(self, provider: Provider, period: Period) -> Fraction:
        """What a provider can earn in a period: all of it is linked, in theory."""
        return provider.annual_value * self.share_linked * period.share_of_year

    def all_series(self) -> tuple[Series, ...]:
        """Every series that the contract looks at, each once."""
        of_outcomes = (outcome.series for outcome in self.outcomes if outcome.series)
        return tuple(dict.fromkeys((*of_outcomes, *(gate.series for gate in self.gates))))


def contracts(registry: Registry) -> tuple[Contract, ...]:
    """Every contract of the seeds, by its id."""
    return tuple(_contract(registry, row) for row in registry.contracts)


def contract_named(registry: Registry, name: str) -> Contract:
    """The contract of that id; UsageError that names those that there are."""
    titles = {row["contract_id"]: row["title"] for row in registry.contracts}
    known = list(titles)
    if name not in known:
        raise UsageError(
            "there is no such contract",
            got=name,
            expected=instead(name, titles, "a row of seeds/contracts.csv"),
            fix="seeds/contracts.csv lists them; see docs/how-to/write-a-contract.md",
        )
    return _contract(registry, registry.contracts[known.index(name)])


def _contract(registry: Registry, row: Row) -> Contract:
    name = row["contract_id"]
    periods = sorted(_of(name, registry.contract_periods), key=lambda each: each["starts"])
    return Contract(
        contract_id=name,
        title=row["title"],
        commissioner=row["commissioner"],
        configuration=row["configuration"],
        basis=row["basis"],
        share_linked=exact(row["share_linked"]),
        starts=row["starts"],
        ends=row["ends"],
        least_share=exact(row["least_share"]),
        most_share=exact(row["most_share"]),
        correlation=float(row["correlation"]),
        draws=int(row["draws"]),
        seed=int(row["seed"]),
        is_made_up=row["is_made_up"] == "true",
        note=row["note"],
        periods=tuple(_period(each) for each in periods),
        providers=tuple(_provider(each) for each in _of(name, registry.contract_providers)),
        outcomes=tuple(
            _outcome(each, _of(name, registry.contract_terms))
            for each in _of(name, registry.contract_outcomes)
        ),
        gates=tuple(_gate(each) for each in _of(name, registry.contract_gates)),
    )


def _of(contract_id: str, rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["contract_id"] == contract_id]


def _period(row: Row) -> Period:
    return Period(
        row["contract_period"],
        row["starts"],
        row["ends"],
        row["pay_by"],
        exact(row["share_of_year"]),
    )


def _provider(row: Row) -> Provider:
    return Provider(
        row["provider_id"],
        row["title"],
        row["area_code"],
        exact(row["annual_value"]),
        exact(row["activity_share"]),
        exact(row["reserve"]),
        row["provider_code"],
    )


def _outcome(row: Row, terms: Iterable[Row]) -> Outcome:
    series = Series(
        *(row[name] for name in ("indicator_id", "sex", "age")),
        *(row[name] for name in ("segment", "breakdown_type", "breakdown")),
    )
    return Outcome(
        outcome_id=row["outcome_id"],
        title=row["title"],
        series=series if row["indicator_id"] else None,
        weight=exact(row["weight"]),
        better=row["better"],
        baseline_rule=row["baseline_rule"],
        baseline_from=row["baseline_from"],
        baseline_to=row["baseline_to"],
        minimum_cases=int(row["minimum_cases"] or 0),
        if_missing=row["if_missing"],
        if_provisional=row["if_provisional"],
        between_year_cv=float(row["between_year_cv"]),
        late_share=float(row["late_share"]),
        revision_cv=float(row["revision_cv"]),
        is_stand_in=row["is_stand_in"] == "true",
        terms=tuple(_term(each) for each in terms if each["outcome_id"] == row["outcome_id"]),
    )


def _term(row: Row) -> Term:
    return Term(
        name=row["term"],
        measured_in=row["measured_in"],
        pays_from=exact(row["pays_from"]),
        pays_in_full=exact(row["pays_in_full"]),
        goal=exact(row["goal"]) if row["goal"] else None,
        floor=exact(row["floor"]),
        cap=exact(row["cap"]),
        minimum=exact(row["minimum"]) if row["minimum"] else None,
    )


def _gate(row: Row) -> Gate:
    return Gate(
        gate=row["gate"],
        title=row["title"],
        series=Series(row["indicator_id"], row["sex"], row["age"]),
        must_be=row["must_be"],
        threshold=exact(row["threshold"]),
        lost_share=exact(row["lost_share"]),
    )
