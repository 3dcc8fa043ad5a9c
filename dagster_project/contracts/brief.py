"""What a board reads first: what is earned, how firm that is, and what waits in which period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dagster_project.contracts.shown import pounds, rests_on
from dagster_project.contracts.statement import MAY_CHANGE

Row = Mapping[str, Any]
AMOUNTS = ("stake", "earned", "waiting", "not_earned")


@dataclass(frozen=True)
class Brief:
    """All providers in one period, in pounds; `soft` is the stake on what may still change."""

    period: str
    stake: float
    earned: float
    waiting: float
    not_earned: float
    soft: float
    rests_on: tuple[str, ...]

    @property
    def earned_word(self) -> str:
        """How what is earned is earned."""
        return "provisionally earned" if self.soft else "earned"

    @property
    def softness(self) -> str:
        """How much of the stake may still change, in words; empty where none may."""
        if not self.soft:
            return ""
        what = ", ".join(rests_on(self.rests_on))
        return f"{pounds(self.soft)} of the stake may still change, resting on: {what}"


def briefs(payments: Sequence[Row], lines: Sequence[Row]) -> list[Brief]:
    """Each period whose payments all have a figure, the earliest first."""
    found: dict[str, list[Row]] = {}
    for row in payments:
        found.setdefault(str(row["contract_period"]), []).append(row)
    return [
        _brief(period, rows, [row for row in lines if row["contract_period"] == period])
        for period, rows in sorted(found.items())
        if all(row[name] is not None for row in rows for name in AMOUNTS)
    ]


def _brief(period: str, payments: Sequence[Row], lines: Sequence[Row]) -> Brief:
    # What waits rests on nothing yet.
    paid = [row for row in lines if row["amount"] is not None]
    soft = [row for row in paid if MAY_CHANGE & set(row["rests_on"] or ())]
    codes = sorted({code for row in soft for code in row["rests_on"] if code in MAY_CHANGE})
    # Of pennies, which floats don't add up to exactly.
    stake, earned, waiting, not_earned = (
        round(sum(row[name] for row in payments), 2) for name in AMOUNTS
    )
    softly = round(sum(row["stake"] for row in soft), 2)
    return Brief(period, stake, earned, waiting, not_earned, softly, tuple(codes))


def in_short(found: Sequence[Brief]) -> Iterator[str]:
    """Each period in a sentence, and what waits in all of them."""
    for each in found:
        rest = f"; {each.softness}" if each.softness else ""
        yield (
            f"In {each.period} providers {'provisionally ' if each.soft else ''}earned"
            f" {pounds(each.earned)} of {pounds(each.stake)}{rest}."
        )
    if found:
        yield waiting_in_all(found)


def waiting_in_all(found: Sequence[Brief]) -> str:
    """What waits for values in all periods together, and of which ones it is."""
    waiting = [each for each in found if each.waiting]
    where = f"its {len(found)} periods that have ended" if len(found) > 1 else found[0].period
    if not waiting:
        return f"Nothing waits for values in {where}."
    total = pounds(round(sum(each.waiting for each in waiting), 2))
    of = ", ".join(f"{pounds(each.waiting)} of {each.period}" for each in waiting)
    return f"In {where} {total} waits for values" + (f": {of}." if len(found) > 1 else ".")
