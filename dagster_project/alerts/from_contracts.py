"""Causes that a release's contracts tell: payments that may still change, or are open again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from dagster_project.alerts import sql
from dagster_project.alerts.causes import Cause, Spoiled
from dagster_project.alerts.release_tables import Asked, Pair, Payment
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


FINAL = "final"
# What a payment is marked with once a value of it was taken back, or is hidden: whether it was
# final can't be seen of it any more.
MARKED = ("withdrawn", "suppressed")


def finals(asked: Asked) -> set[Payment]:
    """The payments that are final in the release that stands."""
    if not asked.has("contract_payments"):
        return set()
    rows = asked.rows(sql.PAYMENTS.format(release="now"))
    return {(row[0], row[1], row[2]) for row in rows if row[3] == FINAL}


def reopened(
    pair: Pair, asked: Asked, directory: Directory, open_causes: Mapping[str, Cause]
) -> Iterator[Cause]:
    """One cause a contract and period of which a payment was final, and isn't any more.

    It lasts until the payment is final again: what was told earlier is known by its alert.
    """
    if not asked.has("contract_statements"):
        return
    owners = {row["contract_id"]: row["owner"] for row in directory.registry.contracts}
    again: dict[tuple[str, str], list[tuple[str, str]]] = {}
    facts: dict[tuple[str, str], dict[str, object]] = {}
    settled = _settled_before(asked, pair.final, open_causes)
    for *key, status, title, provider, pay_by in asked.rows(sql.PAYMENTS.format(release="now")):
        contract, period, provider_id = key
        # A release is marked in its place: what it said before, alerts alone have kept.
        was_final = tuple(key) in settled or (status in MARKED and tuple(key) in pair.final)
        if was_final and status != FINAL:
            again.setdefault((contract, period), []).append((provider_id, provider))
            facts[contract, period] = {
                "title": f"{title}, {period}",
                "pay_by": pay_by.isoformat(),
                "contract_id": contract,
                "period": period,
            }
    for (contract, period), providers in again.items():
        named = {"provider_ids": [each for each, _ in providers]}
        yield Cause(
            "payment_reopened",
            f"{contract}/{period}",
            role=owners.get(contract, ""),
            parts=tuple(each for each, _ in providers),
            spoils=tuple(_open_again(asked, contract, period, {each for each, _ in providers})),
            facts={
                **facts[contract, period],
                **named,
                "providers": [each for _, each in providers],
            },
        )


def _settled_before(
    asked: Asked, kept: Set[Payment], open_causes: Mapping[str, Cause]
) -> set[Payment]:
    """The payments that were final in the release before, or of which it was told that they were.

    What is marked there was final if it is `kept` as such: many a payment is marked that never was.
    """
    known = {
        (str(each.facts["contract_id"]), str(each.facts["period"]), str(provider))
        for each in open_causes.values()
        if each.kind == "payment_reopened"
        for provider in each.facts["provider_ids"]
    }
    if not asked.has("contract_payments", of="before"):
        return known
    rows = asked.rows(sql.PAYMENTS.format(release="before"))
    statuses = {(row[0], row[1], row[2]): row[3] for row in rows}
    return known | {
        key
        for key, status in statuses.items()
        if status == FINAL or (status in MARKED and key in kept)
    }


def _open_again(asked: Asked, contract: str, period: str, providers: set[str]) -> Iterator[Spoiled]:
    found: dict[str, list[tuple[str, str, str, str]]] = {}
    for *key, indicator, outcome, title, area, state in asked.rows(sql.OPEN_AGAIN):
        if key[:2] == [contract, period] and key[2] in providers:
            found.setdefault(indicator, []).append((f"{key[2]}/{outcome}", title, area, state))
    for indicator, lines in found.items():
        parts, titles, areas, states = (sorted(set(each)) for each in zip(*lines, strict=True))
        yield Spoiled(
            indicator,
            tuple(parts),
            areas=len(areas),
            area_codes=tuple(areas),
            detail={"outcomes": titles, "states": states},
        )
