"""What must hold between the rows that say how schemes pay, and those of a decision record."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dagster_project.contracts.engine import Step, unknown_names
from dagster_project.errors import OutcomesError
from dagster_project.registry.forms import Finding, Tables, numbered

STEPS, DECISIONS = "payment_steps.csv", "contract_decisions.csv"


def fault(
    file: str,
    row: int,
    column: str,
    problem: str,
    got: str,
    expected: str,
    fix: str = "mend the cell",
) -> Finding:
    return Finding(file, row, column, problem, got, expected, fix)


def schemes_can_be_worked_out(tables: Tables) -> Iterator[Finding]:
    """Each cell of a step is arithmetic over inputs and earlier steps, with both thresholds."""
    inputs = {
        row["scheme_id"]: row["inputs"].split("|")
        for _, row in numbered(tables, "payment_schemes.csv")
    }
    rows = sorted(
        numbered(tables, STEPS), key=lambda pair: (pair[1]["scheme_id"], len(pair[1]["sort_order"]))
    )
    earlier: dict[str, list[Step]] = {}
    for number, row in rows:
        scheme = row["scheme_id"]
        step = Step.from_row(row)
        try:
            unknown = unknown_names([*earlier.setdefault(scheme, []), step], inputs.get(scheme, []))
        except OutcomesError as problem:
            yield fault(
                STEPS, number, "", problem.problem, problem.got or "", problem.expected or ""
            )
            continue
        earlier[scheme].append(step)
        if step.step in unknown:
            names = ", ".join(unknown[step.step])
            expected = "inputs of its scheme and earlier steps"
            yield fault(STEPS, number, "", "names what isn't known", names, expected)
        for column in ("pays_from", "pays_in_full"):
            if bool(row["value"]) != bool(row[column]):
                expected = "a value with both thresholds, or none of the three"
                got = row[column] or "nothing"
                yield fault(STEPS, number, column, "doesn't go with value", got, expected)


def decisions_name_fitting_mechanisms(tables: Tables) -> Iterator[Finding]:
    """A way of paying is named where one is decided, and is of the part's kind."""
    kinds = {
        row["mechanism_id"]: row["kind"] for _, row in numbered(tables, "contract_mechanisms.csv")
    }
    for number, row in numbered(tables, DECISIONS):
        wanted = row["part"] if row["part"] in ("allocate", "improve") else ""
        if kinds.get(row["mechanism_id"], "") != wanted:
            yield fault(
                DECISIONS,
                number,
                "mechanism_id",
                f"doesn't go with the part {row['part']}",
                row["mechanism_id"] or "nothing",
                f"a mechanism to {wanted}" if wanted else "nothing",
            )
        if (row["part"] == "driver") != bool(row["acts"]):
            yield fault(
                DECISIONS,
                number,
                "acts",
                f"doesn't go with the part {row['part']}",
                row["acts"] or "nothing",
                "because of the mechanisms or regardless of them, beside a driver alone",
            )


PAYMENT_RULES: tuple[Callable[[Tables], Iterator[Finding]], ...] = (
    schemes_can_be_worked_out,
    decisions_name_fitting_mechanisms,
)
