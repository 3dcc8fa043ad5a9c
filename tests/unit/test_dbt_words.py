"""What dbt says of a failure is told so that it can be read, and names the file to mend."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from dagster_project.home import PROJECT_ROOT
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


def failure(message: str, kind: str = "model", path: str = PATH) -> str:
    node = SimpleNamespace(original_file_path=path, resource_type=kind, model=Path(path).stem)
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


WRONG = (
    "Runtime Error in unit_test older (models/indicators/{path})\n"
    "  An error occurred during execution of unit test 'older'. There may be an error in the unit"
    " test definition: check the data types.\n   Runtime Error\n"
    '    Parser Error: syntax error at or near "{word}"\n    \n'
    "    LINE 197:     {line}\n                  ^"
)


def test_wrong_sql_is_told_of_the_sql_and_not_of_its_worked_example() -> None:
    path = "long_term_conditions/hba1c_controlled.yml"
    sql = f"dbt/models/indicators/{path.removesuffix('yml')}sql"
    lines = (PROJECT_ROOT / sql).read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines, 1) if "where people." in line)
    line = lines[number - 1].strip()
    wrong = WRONG.format(path=path, word=line, line=line)
    told = failure(wrong, "unit_test", f"models/indicators/{path}")
    assert told.startswith(f"{sql}: line {number}: this SQL can't be run. got Parser Error: ")
    assert f"| {line}. To mend it: mend the SQL" in told
    # A line that dbt made out of a macro stands in no file: no number is better than a wrong one.
    made = WRONG.format(path=path, word="x", line="x from y")
    told = failure(made, "unit_test", f"models/indicators/{path}")
    assert told.startswith(f"{sql}: this SQL can't be run. ")
    assert "197" not in told
    # What an example gives and expects is its own.
    assert failure(DIFFERS, "unit_test").startswith(f"dbt/{PATH}: dbt build")
