"""Each statement of method gives its source, and its examples come out as they are shown."""

from __future__ import annotations

import pytest

from tests.support.examples import Example, Table, modules

MODULES = modules()
EXAMPLES = [
    pytest.param(example, id=f"{name}: {example.title}")
    for name, module in MODULES.items()
    for example in module.EXAMPLES
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_comes_out_as_it_is_shown(example):
    example.work()


@pytest.mark.parametrize("name", MODULES)
def test_a_statement_of_method_has_a_title_a_source_and_an_example(name):
    statement = MODULES[name].__doc__ or ""
    assert statement.partition("\n")[0].endswith("."), "the first line is the page's title"
    assert "\nSource: " in statement, "say who published the method"
    assert MODULES[name].EXAMPLES


@pytest.mark.parametrize(
    "wrong", ["a | total\nA | 2.1", "a | total\nA | 2\nB | 3", "a | total\nB | 2"]
)
def test_an_example_that_comes_out_otherwise_is_told(wrong):
    example = Example(
        "sums",
        {"t": "a | x\nA | 1.5\nA | 0.5"},
        "'select a, sum(x) total from t group by a'",
        wrong,
    )
    with pytest.raises(AssertionError, match="sums"):
        example.work()


def test_a_figure_holds_to_the_decimals_shown_and_an_empty_cell_is_null():
    given = {"t": "name | x\nA | 2\nB |"}
    Example("thirds", given, {"third": "'x / 3'"}, "name | x | third\nA | 2 | 0.667\nB | | ").work()
    with pytest.raises(AssertionError, match="thirds"):
        Example("thirds", given, {"third": "'x / 3'"}, "name | third\nA | 0.666\nB | ").work()


def test_a_row_with_too_many_cells_is_told():
    with pytest.raises(ValueError, match="expected 2"):
        Table.of("a | b\n1 | 2 | 3")
