"""What dbt says of a failure is told so that it can be read, and names the file to mend."""

from __future__ import annotations

from types import SimpleNamespace

from dagster_project.pipeline import dbt_project

PATH = "models/indicators/care/falls.yml"
DIFFERS = (
    "\n\n\x1b[32mactual\x1b[0m differs from \x1b[31mexpected\x1b[0m:\n\n"
    "\x1b[0;1m@@\x1b[0m,numerator\r\n\x1b[31;1m2.0\x1b[34;1m→\x1b[32;1m1.0\x1b[0m\n"
)
UNKNOWN = (
    'Runtime Error\n  Binder Error: Referenced column "emergncy" not found\n'
    "  \n  LINE 24:     where age between 75 and 999\n               ^^^^^^^"
)
LACKS = (
    "Compilation Error in unit_test nobody (models/indicators/care/falls.yml)\n"
    "  Unit_Test 'unit_test.outcomes.falls.nobody' (models/indicators/care/falls.yml) depends on"
    " a node named 'int_people' which was not found"
)


def failure(message: str) -> str:
    node = SimpleNamespace(original_file_path=PATH)
    failed = SimpleNamespace(status="error", message=message, node=node)
    result = SimpleNamespace(exception=None, result=[failed])
    return str(dbt_project._failure("build", result))


def test_colours_and_line_ends_are_left_out() -> None:
    told = failure(DIFFERS)
    assert "got actual differs from expected: | @@,numerator | 2.0→1.0." in told
    assert "\\x1b" not in told
    assert told.startswith(f"dbt/{PATH}: ")


def test_a_line_of_sql_that_nobody_wrote_is_left_out_unless_its_syntax_is_wrong() -> None:
    assert failure(UNKNOWN).count("LINE 24") == 0
    syntax = UNKNOWN.replace("Referenced column", "syntax error at").replace("^", "")
    assert "where age between 75" in failure(syntax)


def test_a_worked_example_that_lacks_a_model_is_told_what_to_give() -> None:
    told = failure(LACKS)
    assert "the worked example gives no rows of a model that the SQL reads" in told
    assert "expected - input: ref('int_people') and its rows, below given" in told
