"""Published and illustrative payments, worked out from rows of data to the printed digit."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from dagster_project.contracts.arithmetic import decimal_text
from dagster_project.contracts.engine import Step, numbers, unknown_names, work_out
from dagster_project.home import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "seeds"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SCHEMES = {row["scheme_id"]: row for row in rows(SEEDS / "payment_schemes.csv")}
WORKED = rows(Path(__file__).with_name("payment_examples.csv"))


def steps_of(scheme_id: str) -> list[Step]:
    found = [row for row in rows(SEEDS / "payment_steps.csv") if row["scheme_id"] == scheme_id]
    return [Step.from_row(row) for row in sorted(found, key=lambda row: int(row["sort_order"]))]


def inputs_of(example: dict[str, str]) -> dict[str, Fraction]:
    return numbers(dict(pair.split("=") for pair in example["inputs"].split(";")))


@pytest.mark.parametrize("example", WORKED, ids=[row["case"] for row in WORKED])
def test_a_worked_figure_comes_out_to_the_printed_digit(example):
    lines = work_out(steps_of(example["scheme_id"]), inputs_of(example))
    shown = decimal_text(lines[example["step"]].amount, int(example["places"]))
    assert shown == example["expected"]


@pytest.mark.parametrize("scheme_id", SCHEMES)
def test_every_scheme_is_told_by_its_rows_and_has_an_example(scheme_id):
    scheme = SCHEMES[scheme_id]
    steps = steps_of(scheme_id)
    inputs = scheme["inputs"].split("|")
    assert unknown_names(steps, inputs) == {}
    assert set(scheme["result"].split("|")) <= {step.step for step in steps}
    examples = [row for row in WORKED if row["scheme_id"] == scheme_id]
    assert examples
    assert all(inputs_of(row).keys() == set(inputs) for row in examples)
