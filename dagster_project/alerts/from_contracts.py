"""Causes that a release's contracts tell: payments that rest on what may still change."""

from __future__ import annotations

from collections.abc import Iterator

from dagster_project.alerts import sql
from dagster_project.alerts.causes import Cause, Spoiled
from dagster_project.alerts.release_tables import Asked
from dagster_project.alerts.routing import Directory


def may_change(asked: Asked, directory: Directory) -> Iterator[Cause]:
    """One cause a contract and period, told to the contract's owner; never an amount or a value."""
    if not asked.has("contract_statements"):
        return
    owners = {row["contract_id"]: row["owner"] for row in directory.registry.contracts}
    spoils: dict[tuple[str, str], list[Spoiled]] = {}
    facts: dict[tuple[str, str], dict[str, object]] = {}
    for contract, period, title, pay_by, indicator, outcomes, areas, why, parts in asked.rows(
        sql.MAY_CHANGE
    ):
        key = (contract, period)
        facts[key] = {
            "title": f"{title}, {period}",
            "pay_by": pay_by.isoformat(),
            "contract_id": contract,
        }
        spoils.setdefault(key, []).append(
            Spoiled(
                indicator,
                tuple(parts),
                areas=len(areas),
                area_codes=tuple(areas),
                detail={"outcomes": outcomes, "why": why},
            )
        )
    for key, spoiled in spoils.items():
        yield Cause(
            "payment_may_change",
            "/".join(key),
            role=owners.get(key[0], ""),
            spoils=tuple(spoiled),
            facts=facts[key],
        )
