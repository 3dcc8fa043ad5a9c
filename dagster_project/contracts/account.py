"""A contract beside a release: paid, and its risk, or refused whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.contracts.judgement import Risk, risk_of
from dagster_project.contracts.peers import Peers, read_peers
from dagster_project.contracts.refusals import ContractRefused, refusal, refuse_bad
from dagster_project.contracts.statement import Statement, statement
from dagster_project.contracts.terms import Contract, Series
from dagster_project.contracts.values import Release, Values, read_values
from dagster_project.registry.registry import Registry

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Ground:
    """What contracts are worked out from: a release, its values, and how noisy these are."""

    release: Release
    values: Values
    peers: Mapping[tuple[Series, str], Peers]
    wished_false_pay: float

    def statement_of(self, contract: Contract) -> Statement:
        """What is earned; ContractRefused with every reason where it can't be said."""
        refuse_bad(contract, self.values, self.release)
        return statement(contract, self.values, self.release)

    def risk_of(self, contract: Contract, draws: int | None = None) -> Risk:
        """What may be earned; ContractRefused where the contract can't be worked out."""
        refuse_bad(contract, self.values, self.release)
        return self.risk_as_written(contract, draws)

    def risk_as_written(self, contract: Contract, draws: int | None = None) -> Risk:
        """The same of a contract that may be refused: whoever designs it wants to know."""
        return risk_of(contract, self.values, self.peers, self.wished_false_pay, draws)

    def refusal_of(self, contract: Contract) -> ContractRefused | None:
        """Why the contract would be refused; None where it wouldn't."""
        return refusal(contract, self.values, self.release)


def ground(
    con: duckdb.DuckDBPyConnection,
    registry: Registry,
    values: Path,
    release: Release,
    contracts: Iterable[Contract],
    hidden: str = "false",
    wished: float | None = None,
) -> Ground:
    """The values that the contracts look at, and their peers; `hidden` is SQL over the table."""
    every = tuple(contracts)
    kinds = {row["indicator_id"]: row["value_type"] for row in registry.indicators}
    pairs = [
        (series, provider.area_code)
        for contract in every
        for series in contract.all_series()
        for provider in contract.providers
    ]
    return Ground(
        release,
        read_values(con, values, kinds, every, hidden),
        read_peers(con, values, pairs, hidden),
        guided(registry, "false_pay") if wished is None else wished,
    )


def guided(registry: Registry, what: str) -> float:
    """The most that `seeds/contract_guidance.csv` advises of something."""
    return next(
        float(row["most"])
        for row in registry.contract_guidance
        if row["applies_to"] == what and row["most"]
    )
