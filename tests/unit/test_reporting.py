"""What the command says of the checks that failed."""

from __future__ import annotations

import pytest

from dagster_project.reporting import _failing_line


@pytest.mark.parametrize(
    ("values", "groups", "said"),
    [
        (1, 1, "1 value"),
        (1_234, 7, "1,234 values"),
        (0, 1, "1 group of values"),
        (0, 462, "462 groups of values"),
    ],
)
def test_values_are_counted_where_they_can_be_named_and_else_groups(
    values: int, groups: int, said: str
) -> None:
    failing = {"check": "C32", "title": "It is so", "values": values, "groups": groups}
    assert _failing_line(failing) == f"  C32 failed for {said}; what should be true: It is so"
