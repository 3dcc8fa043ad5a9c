"""The generated page of ways of paying: each scheme as its rows say it, with worked figures."""

from __future__ import annotations

import csv
from collections.abc import Callable
from itertools import groupby

from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.registry import load_registry

EXAMPLES = PROJECT_ROOT / "tests" / "spec" / "payment_examples.csv"
Table = Callable[[tuple[str, ...], list[tuple[str, ...]]], str]
SHAPE = ("better", "floor", "cap", "scale", "offset", "round_to", "reached", "missed", "minimum")


def page(table: Table) -> str:
    """The schemes of `seeds/payment_schemes.csv`, with what the tests assert of them."""
    registry = load_registry(PROJECT_ROOT / "seeds")
    steps = {
        scheme: list(rows)
        for scheme, rows in groupby(registry.payment_steps, key=lambda row: row["scheme_id"])
    }
    with EXAMPLES.open(encoding="utf-8", newline="") as file:
        examples = list(csv.DictReader(file))
    told = (
        "# Ways of paying\n\nMade from `seeds/payment_schemes.csv`, `seeds/payment_steps.csv` and\n"
        "`tests/spec/payment_examples.csv`. Each step is one shape: `position = (value - pays_from)"
        " /\n(pays_in_full - pays_from)`, clipped, times its pool. Figures are exact; money is"
        " rounded to the\npenny, a half away from nought, where `rounding` says so.\n"
    )
    for scheme in registry.payment_schemes:
        told += f"\n## {scheme['title']}\n\n{scheme['publisher']}, {scheme['certainty']}:"
        told += f" {scheme['evidence']}. {scheme['note']}.\n\n"
        told += table(
            ("step", "value", "from", "in full", "pool", "rounding", "otherwise"),
            [
                (
                    *(row[n] for n in ("step", "value", "pays_from", "pays_in_full", "pool")),
                    row["rounding"],
                    ", ".join(f"{name} {row[name]}" for name in SHAPE if row[name]),
                )
                for row in sorted(steps[scheme["scheme_id"]], key=lambda r: int(r["sort_order"]))
            ],
        )
        told += "\n" + table(
            ("worked", "inputs", "step", "comes to", "inputs are"),
            [
                (
                    row["case"],
                    row["inputs"].replace(";", "; "),
                    row["step"],
                    row["expected"],
                    row["inputs_are"],
                )
                for row in examples
                if row["scheme_id"] == scheme["scheme_id"]
            ],
        )
    return told
