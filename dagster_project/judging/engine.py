"""Great Expectations, run on pandas frames: the only module that imports it.

Every run has a context of its own, because a context keeps every frame that it was given.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import ModuleType
from typing import TYPE_CHECKING, Any

from dagster_project.errors import RegistryError
from dagster_project.judging.outcomes import Answer, Outcome, Verdict, no_verdict, verdict
from dagster_project.judging.suite_rules import raise_problems
from dagster_project.judging.suites import BETWEEN, Check, Suite

if TYPE_CHECKING:
    import pandas

DISTRIBUTION = "great_expectations"
# No key columns: positions in the frame cost next to nothing, a key column about 60 us a failure.
RESULT_FORMAT = {"result_format": "COMPLETE", "return_unexpected_index_query": False}


def great_expectations() -> ModuleType:
    """The library, imported now. Deprecations inside it aren't ours to mend."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import great_expectations
        import great_expectations.expectations
    return great_expectations


def engine_versions() -> str:
    """The versions of what judges and of what computes the digest, without importing the former."""
    from importlib.metadata import version

    return f"{DISTRIBUTION} {version(DISTRIBUTION)}; duckdb {version('duckdb')}"


def check_with_engine(suites: Iterable[Suite]) -> None:
    """Nothing happens if Great Expectations takes every check; otherwise RegistryError with all."""
    found = []
    for suite in suites:
        if not suite.checks:
            found.append(_refused(suite, "checks", "an empty suite passes everything", "no checks"))
        for check in suite.checks:
            try:
                _expectation(check)
            except (ValueError, TypeError, AttributeError) as error:
                told = " ".join(str(error).split())
                place = f"checks.{check.check_id}"
                found.append(_refused(suite, place, "Great Expectations refuses it", told))
    raise_problems(found)


def _refused(suite: Suite, place: str, problem: str, got: str) -> RegistryError:
    return RegistryError(
        problem,
        file=suite.file or suite.name,
        place=place,
        got=got,
        expected="a check in Great Expectations' own words",
        fix="correct the check",
    )


def _expectation(check: Check) -> Any:
    """The check as Great Expectations' own object; it raises on what it doesn't know."""
    kind = "Expect" + "".join(part.capitalize() for part in check.expect.split("_"))
    make = getattr(great_expectations().expectations, kind)
    return make(**check.arguments, severity=check.severity, meta={"check": check.check_id})


def judge_frame(frame: pandas.DataFrame, suite: Suite, *, expected: bool = True) -> list[Verdict]:
    """One verdict a check, in the suite's order, whatever state the frame is in.

    `expected` says whether the registry expects the frame to hold anything: an empty one is not
    applicable only if it doesn't.
    """
    check_with_engine([suite])
    unusable = _unusable_key(frame, suite.key)
    if unusable:
        return [no_verdict(check, Outcome.ERROR, unusable) for check in suite.checks]
    if frame.empty:
        outcome = Outcome.ERROR if expected else Outcome.NOT_APPLICABLE
        return [no_verdict(check, outcome, "the frame is empty") for check in suite.checks]
    answers = answer_checks(frame, suite.checks)
    return [
        verdict(
            check,
            frame[suite.key].to_numpy(),
            _numbers(frame, check.column),
            _numbers(frame, check.tested),
            answers[check.check_id],
            _applies(frame, check),
        )
        for check in suite.checks
    ]


def _unusable_key(frame: pandas.DataFrame, key: str) -> str:
    """Why the key can't name failures; empty if it can.

    Great Expectations notices a missing key column only when something fails.
    """
    if key not in frame.columns:
        return f"the key column {key} isn't in the frame"
    if frame[key].isna().any() or frame[key].duplicated().any():
        return f"the key column {key} has gaps or repeats"
    return ""


def _applies(frame: pandas.DataFrame, check: Check) -> Any:
    """Where there must be something to test: everywhere that isn't plainly said to be excused."""
    import numpy

    if check.applies is None:
        return numpy.zeros(len(frame), dtype=bool)
    if check.applies not in frame.columns:
        return numpy.ones(len(frame), dtype=bool)
    return ~frame[check.applies].eq(False).fillna(False).to_numpy(dtype=bool)


def _numbers(frame: pandas.DataFrame, column: str) -> Any:
    """The column as floats, NaN for what is missing; all NaN if it isn't there or isn't numeric."""
    import numpy

    if not _is_numeric(frame, column):
        return numpy.full(len(frame), numpy.nan)
    return frame[column].to_numpy(dtype="float64", na_value=numpy.nan)


def _is_numeric(frame: pandas.DataFrame, column: str) -> bool:
    """Whether the column holds numbers; one that holds nothing at all has no other kind."""
    import pandas

    if column not in frame.columns:
        return False
    held = frame[column]
    return bool(pandas.api.types.is_numeric_dtype(held.dtype) or held.isna().all())


def answer_rows(figures: Any, check: Check) -> Answer:
    """The answer for row figures under the very bound that the check puts on its groups."""
    import pandas

    assert_rows = replace(check, arguments={**check.arguments, "column": check.rows})
    frame = pandas.DataFrame({check.rows: figures}, copy=False)
    return answer_checks(frame, [assert_rows])[check.check_id]


def answer_checks(frame: pandas.DataFrame, checks: Sequence[Check]) -> dict[str, Answer]:
    """What Great Expectations says of every check, by check id, positions counted in the frame."""
    import pandas

    wanted = {check.column for check in checks if check.column in frame.columns}
    figures = pandas.DataFrame(
        {
            column: _numbers(frame, column) if _is_numeric(frame, column) else frame[column].array
            for column in sorted(wanted)
        },
        index=pandas.RangeIndex(len(frame)),
    )
    results = _validate(figures, checks)
    return {check.check_id: _read(check, results[check.check_id], figures) for check in checks}


def _validate(figures: pandas.DataFrame, checks: Sequence[Check]) -> dict[str, list[Any]]:
    """The results by check id: they come back in another order than they were asked."""
    gx = great_expectations()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    asset = context.data_sources.add_pandas("evidence").add_dataframe_asset("frame")
    definition = asset.add_batch_definition_whole_dataframe("whole")
    batch = definition.get_batch(batch_parameters={"dataframe": figures})
    expectations = [_expectation(check) for check in checks]
    asked = gx.ExpectationSuite(name="asked", expectations=expectations)
    found: dict[str, list[Any]] = {check.check_id: [] for check in checks}
    for result in batch.validate(asked, result_format=RESULT_FORMAT).results:
        found[result.expectation_config.meta["check"]].append(result)
    return found


def _read(check: Check, results: list[Any], figures: pandas.DataFrame) -> Answer:
    """One check's answer; `broken` unless the result is whole and speaks of every row."""
    import numpy

    none = numpy.empty(0, dtype="int64")
    if check.column not in figures.columns:
        return Answer(none, broken=f"the figure {check.column} isn't in the frame")
    if check.expect == BETWEEN and not _is_numeric(figures, check.column):
        return Answer(none, broken=f"the figure {check.column} isn't numeric")
    if len(results) != 1:
        return Answer(none, broken=f"{len(results)} results came for one check")
    found: Mapping[str, Any] = results[0].result
    if not found:
        return Answer(none, broken=f"it could not be run: {_reason(results[0].exception_info)}")
    missing = int(figures[check.column].isna().sum())
    if found["element_count"] != len(figures) or found["missing_count"] != missing:
        return Answer(none, broken="the result doesn't speak of every row")
    positions = numpy.asarray(found["unexpected_index_list"], dtype="int64")
    if len(positions) != found["unexpected_count"]:
        return Answer(none, broken="the result doesn't name every failure")
    return Answer(positions, tolerated=bool(results[0].success) and len(positions) > 0)


def _reason(exception_info: Mapping[str, Any]) -> str:
    """The first message: a broken expectation's are keyed by metric, a sound one's aren't."""
    messages = [
        str(told.get("exception_message"))
        for _, told in sorted(exception_info.items())
        if isinstance(told, Mapping)
    ]
    return messages[0].splitlines()[0][:200] if messages else "no reason was given"
