"""From a frame to outcomes, also where Great Expectations alone would pass too much."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project.errors import RegistryError
from dagster_project.judging.engine import (
    answer_checks,
    check_with_engine,
    great_expectations,
    judge_frame,
)
from dagster_project.judging.outcomes import Outcome, Verdict, worst
from dagster_project.judging.suites import EXPECTATIONS, Check, Suite, load_suites

SUITES = load_suites(Path(__file__).resolve().parents[2] / "expectations")
CHECKS = [
    pytest.param(suite, check, id=check.check_id) for suite in SUITES for check in suite.checks
]
NAN = float("nan")

(SUITE,) = [suite for suite in SUITES if suite.name == "plausibility"]
(C42,) = [check for check in SUITE.checks if check.check_id == "C42"]


def changed(check: Check, **arguments: Any) -> Check:
    """The check with other words for Great Expectations; None takes a word away."""
    words = {**check.arguments, **arguments}
    return replace(
        check, arguments={word: value for word, value in words.items() if value is not None}
    )


def one(check: Check, figures: list[Any], tested: list[Any], **more: Any) -> Verdict:
    """The verdict of one check on a frame with the keys 1, 2, …"""
    frame = pandas.DataFrame(
        {SUITE.key: range(1, len(figures) + 1), check.column: figures, check.tested: tested}
    )
    if check.applies:
        frame[check.applies] = False
    (found,) = judge_frame(frame, replace(SUITE, checks=(check,)), **more)
    return found


def outcomes(found: Verdict) -> list[str]:
    return list(found.by_key["outcome"])


def within(check: Check) -> Any:
    """A figure that the check lets pass: its very bound."""
    arguments = check.arguments
    if "value_set" in arguments:
        return arguments["value_set"][0]
    return arguments.get("max_value", arguments.get("min_value"))


def outside(check: Check) -> float:
    """A figure just beyond the bound."""
    if "max_value" in check.arguments:
        return math.nextafter(check.arguments["max_value"], math.inf)
    return math.nextafter(check.arguments["min_value"], -math.inf)


@pytest.mark.parametrize(("suite", "check"), CHECKS)
def test_a_figure_at_its_bound_passes(suite: Suite, check: Check) -> None:
    assert outcomes(one(check, [within(check)], [1])) == ["pass"]


@pytest.mark.parametrize(("suite", "check"), CHECKS)
def test_a_figure_just_beyond_its_bound_fails_and_its_neighbour_passes(
    suite: Suite, check: Check
) -> None:
    found = one(check, [outside(check), within(check)], [1, 1])
    assert outcomes(found) == ["fail" if check.blocks else "pass with failures", "pass"]
    assert found.outcome == ("fail" if check.blocks else "pass with failures")


@pytest.mark.parametrize(("suite", "check"), CHECKS)
def test_nothing_to_test_is_not_applicable(suite: Suite, check: Check) -> None:
    found = one(check, [NAN, within(check)], [0, 1])
    assert outcomes(found) == ["not applicable", "pass"]
    assert one(check, [NAN, NAN], [0, 0]).outcome == "not applicable"


@pytest.mark.parametrize(("suite", "check"), CHECKS)
@pytest.mark.parametrize("broken", ["text", "absent", "no tested", "count missing"])
def test_what_breaks_a_check_is_an_error(suite: Suite, check: Check, broken: str) -> None:
    frame = pandas.DataFrame({suite.key: [1, 2], check.column: [0.0, 0.0], check.tested: [1, 1]})
    if broken == "text":
        frame[check.column] = ["0", "none"]
    if broken == "absent":
        frame = frame.drop(columns=check.column)
    if broken == "no tested":
        frame = frame.drop(columns=check.tested)
    if broken == "count missing":
        frame[check.tested] = [NAN, NAN]
    (found,) = judge_frame(frame, replace(suite, checks=(check,)))
    assert outcomes(found) == ["error", "error"]
    told = {"text": "isn't numeric", "absent": "isn't in the frame"}.get(broken, "no count")
    assert found.by_key["note"].str.contains(told).all()


MUST_APPLY = [
    pytest.param(suite, check, id=check.check_id)
    for suite in SUITES
    for check in suite.checks
    if check.applies
]


@pytest.mark.parametrize(("suite", "check"), MUST_APPLY)
@pytest.mark.parametrize("said", [True, None, "absent"])
def test_nothing_to_test_where_the_registry_has_something_is_an_error(
    suite: Suite, check: Check, said: object
) -> None:
    frame = pandas.DataFrame(
        {suite.key: [1, 2], check.column: [NAN, within(check)], check.tested: [0, 1]}
    )
    if said != "absent":
        frame[str(check.applies)] = [said, True]
    (found,) = judge_frame(frame, replace(suite, checks=(check,)))
    assert outcomes(found) == ["error", "pass"]
    assert found.by_key["note"][0] == "nothing was tested where the registry has values"


# The table of situations, one test each: Great Expectations calls most of them a success.


@pytest.mark.parametrize(("expected", "outcome"), [(True, "error"), (False, "not applicable")])
def test_an_empty_frame_is_not_applicable_only_if_nothing_is_expected(
    expected: bool, outcome: str
) -> None:
    assert one(C42, [], [], expected=expected).outcome == outcome


@pytest.mark.filterwarnings("ignore:.*deprecated as of GX:DeprecationWarning")
def test_a_condition_that_selects_no_row_is_an_error() -> None:
    selective = changed(C42, row_condition=f"{C42.tested} > 99", condition_parser="pandas")
    assert outcomes(one(selective, [0.0, 0.0], [1, 1])) == ["error", "error"]


@pytest.mark.parametrize("missing", [NAN, None, pandas.NA])
def test_figures_that_are_all_missing(missing: object) -> None:
    assert outcomes(one(C42, [missing, missing], [3, 0])) == ["error", "not applicable"]


def test_a_missing_figure_among_others_is_an_error_for_its_key_alone() -> None:
    assert outcomes(one(C42, [0.0, NAN, -1.0], [1, 1, 1])) == ["pass", "error", "pass"]


@pytest.mark.parametrize("infinite", [math.inf, -math.inf])
def test_an_infinite_figure_fails_on_either_side_of_the_bound(infinite: float) -> None:
    assert outcomes(one(C42, [infinite, 0.0], [1, 1])) == ["fail", "pass"]


def test_an_empty_suite_is_refused() -> None:
    frame = pandas.DataFrame({SUITE.key: [1]})
    with pytest.raises(RegistryError, match="an empty suite passes everything"):
        judge_frame(frame, replace(SUITE, checks=()))


@pytest.mark.parametrize("keys", [None, [1, 1], [1, None]])
def test_keys_that_cannot_name_a_failure_are_an_error_even_if_nothing_fails(
    keys: list[Any] | None,
) -> None:
    frame = pandas.DataFrame({C42.column: [0.0, 0.0], C42.tested: [1, 1]})
    if keys:
        frame[SUITE.key] = keys
    (found,) = judge_frame(frame, replace(SUITE, checks=(C42,)))
    assert found.outcome == "error"
    assert SUITE.key in found.note


@pytest.mark.parametrize("tested", [[-1, 1], [0.5, 1], [math.inf, 1], ["many", "one"]])
def test_a_count_that_is_none_is_an_error(tested: list[Any]) -> None:
    assert outcomes(one(C42, [0.0, 0.0], tested))[0] == "error"


def test_a_broken_check_does_not_hurt_its_neighbours_and_order_does_not_matter() -> None:
    checks = (
        replace(C42, check_id="C01"),
        changed(replace(C42, check_id="C02"), column="text"),
        changed(replace(C42, check_id="C03"), column="absent"),
        changed(replace(C42, check_id="C04"), column="high"),
    )
    frame = pandas.DataFrame(
        {SUITE.key: [7], C42.column: [0.0], "text": ["x"], "high": [9.0], C42.tested: [1]}
    )
    found = judge_frame(frame, replace(SUITE, checks=checks))
    assert [verdict.check.check_id for verdict in found] == ["C01", "C02", "C03", "C04"]
    assert [verdict.of(7) for verdict in found] == ["pass", "error", "error", "fail"]


def test_bounds_that_no_figure_can_meet_are_an_error() -> None:
    # The loader refuses them. Great Expectations doesn't when they are given, but when it is run.
    found = one(changed(C42, min_value=2, max_value=1), [1.5, 0.0], [1, 1])
    assert outcomes(found) == ["error", "error"]


def test_no_expectation_compares_two_columns() -> None:
    # Of a pair of which one is not a number it says that it fails; a distance has no such pair.
    assert not [name for name in EXPECTATIONS if "pair" in name]
    pair = replace(C42, expect="column_pair_values_a_to_be_greater_than_b")
    with pytest.raises(RegistryError, match="Great Expectations refuses it"):
        check_with_engine([replace(SUITE, checks=(pair,))])


def test_an_expectation_that_cannot_be_run_is_an_error() -> None:
    # Lists can't be looked up in a set: Great Expectations answers with an empty result.
    in_set = replace(C42, expect="column_values_to_be_in_set", arguments={"column": "listed"})
    impossible = changed(in_set, value_set=[1])
    frame = pandas.DataFrame({SUITE.key: [1], "listed": [[1, 2]], C42.tested: [1]})
    (found,) = judge_frame(frame, replace(SUITE, checks=(impossible,)))
    assert outcomes(found) == ["error"]


def test_a_share_that_may_fail_softens_the_whole_and_rescues_no_key() -> None:
    found = one(changed(C42, mostly=0.5), [0.0, 9.0], [1, 1])
    assert found.outcome == "pass with failures"
    assert outcomes(found) == ["pass", "fail"]
    assert one(changed(C42, mostly=0.9), [0.0, 9.0], [1, 1]).outcome == "fail"


@pytest.mark.parametrize(
    "change", [{"severity": "warning"}, {"severity": "info"}, {"shadow": True}]
)
def test_only_a_critical_check_out_of_shadow_fails(change: dict[str, Any]) -> None:
    found = one(replace(C42, **change), [9.0], [1])
    assert found.outcome == "pass with failures"


def test_both_ends_of_a_bound_and_a_set_are_judged() -> None:
    both = changed(C42, min_value=1, max_value=2)
    assert outcomes(one(both, [0.5, 1, 2, 2.5], [1] * 4)) == ["fail", "pass", "pass", "fail"]
    kinds = replace(
        C42,
        expect="column_values_to_not_be_in_set",
        arguments={"column": "kind", "value_set": [3]},
    )
    assert outcomes(one(kinds, [3, 4], [1, 1])) == ["fail", "pass"]
    assert kinds.bound == "none of 3"


@pytest.mark.parametrize("kind", ["int64", "Int32", "float32", "bool", "boolean", "uint8"])
def test_a_figure_may_have_any_numeric_type(kind: str) -> None:
    figures = pandas.array([0, 1], dtype=kind)
    assert outcomes(one(C42, list(figures), [1, 1])) == ["pass", "fail"]


def test_words_that_great_expectations_does_not_know_are_refused_by_it_too() -> None:
    wrong = [changed(C42, max_vlaue=1), changed(replace(C42, check_id="C43"), max_value="x")]
    with pytest.raises(RegistryError) as caught:
        check_with_engine([replace(SUITE, checks=tuple(wrong))])
    assert "checks.C42" in caught.value.message
    assert "checks.C43" in caught.value.message


def test_an_unknown_expectation_is_refused_by_great_expectations_too() -> None:
    with pytest.raises(RegistryError, match="Great Expectations refuses it"):
        check_with_engine([replace(SUITE, checks=(replace(C42, expect="column_to_be_nice"),))])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"element_count": 1}, "doesn't speak of every row"),
        ({"missing_count": 1}, "doesn't speak of every row"),
        ({"unexpected_count": 2}, "doesn't name every failure"),
    ],
)
def test_a_result_that_is_not_whole_is_an_error(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, int], told: str
) -> None:
    from dagster_project.judging import engine

    real = engine._validate

    def altered(figures: Any, checks: Any) -> Any:
        found = real(figures, checks)
        found["C42"][0].result.update(change)
        return found

    monkeypatch.setattr(engine, "_validate", altered)
    frame = pandas.DataFrame({C42.column: [0.0, 9.0]})
    assert told in answer_checks(frame, [C42])["C42"].broken


@pytest.mark.parametrize("copies", [0, 2])
def test_a_check_with_no_result_or_two_is_an_error(
    monkeypatch: pytest.MonkeyPatch, copies: int
) -> None:
    from dagster_project.judging import engine

    real = engine._validate
    monkeypatch.setattr(
        engine, "_validate", lambda figures, checks: {"C42": real(figures, checks)["C42"] * copies}
    )
    frame = pandas.DataFrame({C42.column: [0.0]})
    assert f"{copies} results" in answer_checks(frame, [C42])["C42"].broken


def test_the_worst_of_nothing_is_an_error_and_not_applicable_hides_nobody() -> None:
    assert worst([]) is Outcome.ERROR
    assert worst(["not applicable", "pass"]) is Outcome.PASSED
    assert worst(["not applicable", "not applicable"]) is Outcome.NOT_APPLICABLE
    assert worst(["pass", "fail", "pass with failures"]) is Outcome.FAILED
    assert worst(["fail", "error"]) is Outcome.ERROR


def plain_outcome(figure: float, tested: float) -> str:
    """The rule for one key, said without numpy and without Great Expectations."""
    if math.isnan(tested) or tested < 0:
        return "error"
    if tested == 0:
        return "not applicable"
    if math.isnan(figure):
        return "error"
    return "pass" if figure <= 0 and math.isfinite(figure) else "fail"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([NAN, math.inf, -math.inf, 0.0, -0.0, 5e-324, 1e308]) | st.floats(),
            st.sampled_from([NAN, -1.0, 0.0, 1.0, 7.0]),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_every_key_gets_the_outcome_of_the_plain_rule(pairs: list[tuple[float, float]]) -> None:
    figures, tested = (list(column) for column in zip(*pairs, strict=True))
    assert outcomes(one(C42, figures, tested)) == [plain_outcome(*pair) for pair in pairs]


def test_great_expectations_shows_nothing_and_says_nothing(
    capfd: pytest.CaptureFixture[str],
) -> None:
    great_expectations()
    one(C42, [0.0, 9.0], [1, 1])
    shown = capfd.readouterr()
    assert shown.out + shown.err == ""
