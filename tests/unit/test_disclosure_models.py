"""From values of a source that isn't public to what may be judged and published of them."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from dagster_project.disclosure import audit as auditing
from dagster_project.disclosure.in_duckdb import COLUMNS
from dagster_project.errors import PublicationRefused
from dagster_project.pipeline.tables import KEY
from tests.support.disclosure_place import EVIDENCE, SOURCE, candidates, place, value
from tests.support.macros import MACROS
from tests.support.models import GIVES, HIDDEN, model_sql

REGION, ENGLAND = "E12000001", "E92000001"
ONE, TWO, THREE = "E06000001", "E06000002", "E06000003"
FIGURES = tuple(HIDDEN)


def region(small: float = 3, denominators: float = 200) -> list[dict[str, Any]]:
    """A region of three areas, of which the first has few people."""
    numerators = (small, 23, 58)
    areas = [
        value(number, area, numerator, denominators)
        for number, (area, numerator) in enumerate(
            zip((ONE, TWO, THREE), numerators, strict=True), start=1
        )
    ]
    return [*areas, value(4, REGION, sum(numerators), 3 * denominators)]


def figures(row: dict[str, Any]) -> list[Any]:
    return [row[name] for name in FIGURES]


def as_released(rows: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    return list(rows.values())


def test_a_small_count_goes_with_all_that_gives_it_away_and_one_more():
    found = candidates(region())
    assert {number: row["status"] for number, row in found.items()} == {
        1: "suppressed",
        2: "suppressed",
        3: "published",
        4: "published",
    }
    for number in (1, 2):
        assert figures(found[number]) == [None] * 7
        # One mark for both, which doesn't tell which of the two is small.
        assert found[number]["status_reason"] == "suppressed_here"


def test_counts_are_rounded_and_value_and_limits_come_from_the_rounded():
    found = candidates(region(small=40))
    shown = found[2]
    assert (shown["numerator"], shown["denominator"], shown["value"]) == (25.0, 200.0, 12.5)
    # Wilson's limits of 25 in 200, not of 23.
    assert shown["lower_95"] == pytest.approx(8.6, abs=0.05)
    assert shown["upper_95"] == pytest.approx(17.8, abs=0.05)
    assert all(row["numerator"] % 5 == 0 for row in found.values())


def test_nearly_everybody_is_as_telling_as_nearly_nobody():
    rows = region(small=196)
    assert candidates(rows)[1]["status"] == "suppressed"


def test_few_people_asked_are_hidden_too():
    rows = [value(1, ONE, 0, 6), value(2, TWO, 60, 200), value(3, THREE, 70, 200)]
    assert candidates(rows)[1]["status"] == "suppressed"


def test_a_nought_is_shown_where_the_policy_shows_it():
    assert candidates(region(small=0))[1]["status"] == "published"
    assert candidates(region(small=0), policy="screening_0_to_7")[1]["status"] == "suppressed"


def test_a_spared_area_is_shown_with_its_own_figures():
    rows = [value(1, ENGLAND, 7, 1003)]
    found = candidates(rows, policy="hes_1_to_7")
    assert found[1]["status"] == "published"
    assert found[1]["numerator"] == 7.0


def test_a_reason_that_tells_of_few_people_is_hidden():
    few = value(1, ONE, 3, 200, value=None, status="not_calculated", status_reason="too_few_events")
    found = candidates([few])
    assert (found[1]["status"], found[1]["status_reason"]) == ("suppressed", "suppressed_here")
    assert figures(found[1]) == [None] * 7


def test_a_value_of_how_many_nobody_knows_is_hidden():
    unknown = value(1, ONE, 3, 200) | {"numerator": None, "denominator": None}
    found = candidates([unknown])
    assert found[1]["status_reason"] == "suppressed_size_unknown"
    assert figures(found[1]) == [None] * 7


def test_what_a_publisher_prints_passes_as_printed():
    printed = [row | {"origin": "published"} for row in region()]
    assert {row["status"] for row in candidates(printed).values()} == {"published"}


def test_counts_of_a_public_source_pass():
    found = candidates(region(), is_public=True)
    assert [row["numerator"] for row in found.values()] == [3.0, 23.0, 58.0, 84.0]


def test_where_all_sources_are_public_nothing_is_worked_out():
    with place(region(), is_public=True) as con:
        for table in ("int_disclosure_counts", "int_hidden_values", "int_disclosed_values"):
            assert con.execute(f"select count(*) from {table}").fetchall() == [(0,)]


def test_what_was_hidden_stays_hidden_where_showing_it_would_tell():
    first = as_released(candidates(region(small=3)))
    # The small count has grown; its neighbour, hidden for its sake, is what it was.
    second = candidates(region(small=30), before=first)
    assert {number for number, row in second.items() if row["status"] == "suppressed"} >= {1, 2}
    # A new definition makes other figures, of which the old ones tell nothing.
    other = [row | {"definition_version": "0"} for row in first]
    assert {row["status"] for row in candidates(region(small=30), before=other).values()} == {
        "published"
    }


def test_a_cell_that_was_shown_is_not_what_protects_another():
    """The second area was shown when the first had no count at all."""
    first = [row for row in as_released(candidates(region(small=3)[1:])) if row["row_id"] == 2]
    assert first[0]["status"] == "published"
    found = candidates(region(small=3), before=first)
    hidden = {number for number, row in found.items() if row["status"] == "suppressed"}
    assert hidden >= {1, 3}
    assert 2 not in hidden


def evidence_of(con: Any) -> dict[int, tuple[Any, ...]]:
    rows = con.execute(
        "select row_id, small_count_shown, rounding_gap, hidden_cell_told from"
        f" ({model_sql(EVIDENCE)})"
    ).fetchall()
    return {row[0]: row[1:] for row in rows}


def test_what_is_hidden_and_rounded_passes_its_checks():
    with place(region()) as con:
        found = evidence_of(con)
    assert set(found) == {1, 2, 3, 4}
    assert set(found.values()) == {(0.0, 0.0, None)}


def test_a_small_count_that_is_shown_and_one_that_is_not_rounded_fail_theirs():
    with place(region()) as con:
        con.execute("update candidate_values set numerator = 3.0 where row_id = 1")
        con.execute("update candidate_values set numerator = 58.0 where row_id = 3")
        found = evidence_of(con)
    assert found[1][0] == 1.0
    assert found[3][:2] == (0.0, 2.0)


@pytest.mark.parametrize(("also_hidden", "told"), [((), 1.0), ((2,), 0.0)])
def test_a_publisher_is_warned_of_a_cell_that_its_siblings_tell(also_hidden, told):
    rows = [row | {"origin": "published"} for row in region()]
    for row in rows:
        if row["row_id"] in (1, *also_hidden):
            row |= HIDDEN | {"status": "suppressed", "status_reason": "suppressed_by_publisher"}
    with place(rows) as con:
        found = evidence_of(con)
    assert found == dict.fromkeys((1, *also_hidden), (None, None, told))


def test_the_function_is_told_what_the_macro_lists():
    text = (MACROS / "disclosure.sql").read_text(encoding="utf-8")
    assert [ast.literal_eval(listed) for name, listed in GIVES.findall(text)] == [list(COLUMNS)]


def audit_of(con: Any) -> auditing.Audit:
    con.execute("create schema intermediate")
    for name in ("int_disclosure_counts", "int_chosen_values"):
        con.execute(f"create view intermediate.{name} as from main.{name}")
    return auditing.audit(con, "candidate_values", KEY)


def test_the_audit_passes_what_the_models_make():
    with place(region()) as con:
        found = audit_of(con)
    assert (found.guarded, found.small, found.hidden, found.found_out) == (4, 1, 2, ())
    assert found.proved >= 1
    auditing.refuse_found_out(found)


def test_nothing_is_published_if_a_hidden_count_can_be_worked_out():
    with place(region()) as con:
        con.execute(
            "update candidate_values set status = 'published', numerator = 23.0 where row_id = 2"
        )
        found = audit_of(con)
    assert found.found_out == ("smoking",)
    with pytest.raises(PublicationRefused, match="could be worked out"):
        auditing.refuse_found_out(found)


def test_the_audit_asks_nothing_where_all_sources_are_public():
    with place(region(), is_public=True) as con:
        assert audit_of(con) == auditing.Audit()


def test_the_source_of_these_tests_is_none_of_the_registry():
    from dagster_project.calendar import source_rows

    assert SOURCE not in {row["source_id"] for row in source_rows()}
