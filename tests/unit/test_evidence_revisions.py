"""The figures of values that were published before: how far they moved and what they turned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import pytest

from tests.support import models
from tests.support.evidence import SOUND, share, year

MODELS = ("moves", "turned", "reasons", "revisions")
SEEDS = ("indicators", "methods", "revision_limits", "rounding")
KEY = ", ".join(models.given("key_columns"))
SERIES = ", ".join(models.given("series_columns"))
ENGLAND = {"area_type": "england", "area_code": "E92000001"}
LATEST, OLDER = "1.1.0-aaaaaaaaaaaa", "1.0.0-aaaaaaaaaaaa"
Row = Mapping[str, Any]


def value(number: float, width: float = 2.0, **said: Any) -> dict[str, Any]:
    """A share in per cent with limits `width` to either side."""
    return share(10 * number) | {"lower_95": number - width, "upper_95": number + width} | said


def reason(**said: Any) -> dict[str, Any]:
    """A reason for all that moves away from the latest release by the bytes `a`."""
    names = (*models.given("key_columns"), "period_label", "source_id")
    usual = {"extracts": ["a"], "away_from": [LATEST]}
    return {"reason_number": 1, **dict.fromkeys(names), **usual, **said}


@contextmanager
def revisions(
    before: Sequence[Row],
    now: Sequence[Row],
    *,
    judged: Sequence[tuple[str, str, float]] = (),
    trends: Sequence[tuple[str, str]] = (),
    reasons: Sequence[Row] = (),
    held: Sequence[str] = (),
    turned: bool = False,
    same_code: bool = True,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The evidence of values of `now` beside those of `before`; areas name what is said of a row.

    `judged` is what the release before said: area, judgement, England's value. `held` are areas
    whose value before was a last good one, of the older release; `turned` that it was held for a
    judgement that turned alone.
    """
    with duckdb.connect(config={"threads": "2"}) as con:
        for seed in SEEDS:
            models.load_seed(con, seed)
        con.execute("create table stg_framework_workbooks__measures as from indicators limit 0")
        con.execute(
            "create table int_defined__indicators as select *, null::text as meaning,"
            " null::text as why, null::text as sources, null::text as checked_by,"
            " null::text as reviewed_on,"
            " null::text as review_by, null::text as is_stand_in, null::text as lowest,"
            " null::text as highest from indicators limit 0"
        )
        con.execute("alter table stg_framework_workbooks__measures add column extract_id bigint")
        con.execute(
            "create table int_framework_workbooks"
            " (extract_id bigint, is_current boolean, as_of date, edition text)"
        )
        con.execute(
            f"create table int_indicators as {models.model_sql('intermediate/int_indicators.sql')}"
        )
        for name, rows in (("given_before", before), ("given_now", now)):
            _load(con, name, rows)
        con.execute(
            f"create table candidate_values as select hash({KEY}) as row_id, * from given_now"
        )
        con.execute("create view run_previous_values as from given_before")
        con.execute("create table stg_ledger__extracts as select 1 as extract_id, 'a' as sha256")
        con.execute("create table run_last_release (release_id text, is_same_code boolean)")
        con.execute("insert into run_last_release values (?, ?)", [LATEST, same_code])
        areas = ", ".join(f"'{area}'" for area in held) or "''"
        con.execute(
            f"create table run_last_good as select row_id, hash({SERIES}) as series_id,"
            f" '{OLDER}' as release_id, {turned} as is_turned"
            f" from candidate_values where area_code in ({areas})"
        )
        _say_before(con, judged, trends)
        _load_reasons(con, reasons)
        for model in MODELS:
            made = models.model_sql(f"evidence/evidence_{model}.sql")
            con.execute(f"create table evidence_{model} as {made}")
        yield con


def _load(con: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Row]) -> None:
    kinds = {column: "double" if column in models.HIDDEN else "text" for column in SOUND}
    kinds |= {"period_start": "date", "period_end": "date", "extract_id": "integer"}
    con.execute(f"create table {name} ({', '.join(f'{c} {k}' for c, k in kinds.items())})")
    marks = ", ".join("?" for _ in kinds)
    for row in rows:
        said = {**SOUND, **row}
        con.execute(f"insert into {name} values ({marks})", [said[column] for column in kinds])


def _say_before(
    con: duckdb.DuckDBPyConnection,
    judged: Sequence[tuple[str, str, float]],
    trends: Sequence[tuple[str, str]],
) -> None:
    con.execute(
        "create table run_previous_judgements"
        " (row_id ubigint, judgement text, comparator_value double)"
    )
    for area, judgement, comparator in judged:
        con.execute(
            f"insert into run_previous_judgements select hash({KEY}), ?, ? from given_before"
            " where area_code = ?",
            [judgement, comparator, area],
        )
    con.execute(
        "create table run_previous_trends (series_id ubigint, direction text, judgement text)"
    )
    for direction, judgement in trends:
        con.execute(
            f"insert into run_previous_trends select distinct hash({SERIES}), ?, ?"
            " from given_before",
            [direction, judgement],
        )


def _load_reasons(con: duckdb.DuckDBPyConnection, reasons: Sequence[Row]) -> None:
    columns = ", ".join(
        f"{name} {'text[]' if name in ('extracts', 'away_from') else 'text'}" for name in reason()
    )
    con.execute(f"create table run_revision_reasons ({columns})")
    for row in reasons:
        marks = ", ".join("?" for _ in row)
        con.execute(f"insert into run_revision_reasons values ({marks})", list(row.values()))


def figures(con: duckdb.DuckDBPyConnection, figure: str) -> dict[str, Any]:
    """A figure by area."""
    rows = con.execute(
        f"select area_code, {figure} from evidence_revisions"
        " inner join candidate_values using (row_id) order by all"
    ).fetchall()
    return dict(rows)


def test_a_move_is_told_in_steps_of_its_limit() -> None:
    before = [value(20.0), value(10.0, area_code="E08000007"), value(30.0, area_code="E09000030")]
    now = [value(22.0), value(10.1, area_code="E08000007"), value(30.0, area_code="E09000030")]
    with revisions(before, now) as con:
        sizes = figures(con, "revision_size")
    # A twentieth of 20 is 1; what stands where it stood isn't there at all.
    assert sizes == {"E06000023": pytest.approx(2.0), "E08000007": pytest.approx(0.2)}


def test_a_difference_near_nought_has_a_limit_of_its_own() -> None:
    gap = {"value_type": "gap", "indicator_id": "gap_in_employment_rate_learning_disability"}
    with revisions([value(0.1, **gap)], [value(0.6, **gap)]) as con:
        assert figures(con, "revision_size") == {"E06000023": pytest.approx(0.5)}


def test_what_a_source_prints_may_move_by_the_step_it_prints_in() -> None:
    low = {"source_id": "ascof"}
    with revisions([value(0.3, **low)], [value(0.4, **low)]) as con:
        assert figures(con, "revision_size") == {"E06000023": pytest.approx(1.0)}


@pytest.mark.parametrize(
    ("before", "now"),
    [
        # Nothing was published that could move.
        ([], [value(20.0)]),
        ([value(20.0, status="suppressed", value=None)], [value(30.0)]),
        ([value(20.0, status="withdrawn", value=None)], [value(30.0)]),
        # Nothing is published any more; the status says so.
        ([value(20.0)], [value(20.0, status="suppressed", value=None)]),
        ([value(20.0)], []),
    ],
)
def test_there_is_nothing_to_explain(before: list[Row], now: list[Row]) -> None:
    with revisions(before, now) as con:
        assert figures(con, "revision_size") == {}


def test_the_last_good_value_of_a_held_one_is_what_was_published() -> None:
    with revisions([value(20.0, status="held")], [value(30.0)]) as con:
        assert figures(con, "revision_size") == {"E06000023": pytest.approx(10.0)}


def test_not_a_number_is_another_checks() -> None:
    with revisions([value(20.0)], [value(float("nan"))]) as con:
        assert figures(con, "revision_size") == {}


def test_a_small_move_that_turns_a_judgement_is_told() -> None:
    england = value(23.0, 0.1, **ENGLAND)
    before = [value(20.8), value(15.0, area_code="E08000007"), england]
    now = [value(21.2), value(15.1, area_code="E08000007"), england]
    judged = [("E06000023", "better", 23.0), ("E08000007", "better", 23.0)]
    with revisions(before, now, judged=judged) as con:
        turned = figures(con, "judgement_turned")
    assert turned == {"E06000023": 1.0, "E08000007": 0.0}


def test_englands_own_move_turns_nobody_who_stood_still() -> None:
    before, now = value(23.0, 0.1, **ENGLAND), value(22.5, 0.1, **ENGLAND)
    area = value(20.8)
    with revisions([area, before], [area, now], judged=[("E06000023", "better", 23.0)]) as con:
        assert figures(con, "judgement_turned") == {"E92000001": None}


def test_what_is_not_compared_any_more_has_not_turned() -> None:
    england = value(23.0, 0.1, **ENGLAND)
    bare = value(20.9) | {"lower_95": None, "upper_95": None}
    judged = [("E06000023", "better", 23.0)]
    with revisions([value(20.8), england], [bare, england], judged=judged) as con:
        assert figures(con, "judgement_turned") == {"E06000023": None}


@pytest.mark.parametrize(
    ("same_code", "said", "found"),
    [
        # Judged better then and similar now, by figures that stand still: another rule.
        (False, "better", {"E06000023": 1.0}),
        (False, "similar", {"E06000023": 0.0}),
        # The same code judges the same.
        (True, "better", {}),
    ],
)
def test_a_judgement_that_turns_alone(same_code: bool, said: str, found: dict[str, Any]) -> None:
    rows = [value(22.0), value(23.0, 0.1, **ENGLAND)]
    judged = [("E06000023", said, 23.0)]
    with revisions(rows, rows, judged=judged, same_code=same_code) as con:
        assert figures(con, "turned_alone") == found


def test_a_judgement_whose_comparator_moved_did_not_turn_alone() -> None:
    before = [value(22.0), value(25.0, 0.1, **ENGLAND)]
    now = [value(22.0), value(23.0, 0.1, **ENGLAND)]
    judged = [("E06000023", "better", 25.0)]
    with revisions(before, now, judged=judged, same_code=False) as con:
        assert figures(con, "turned_alone") == {"E92000001": None}


def test_what_is_held_for_it_is_asked_about_until_there_is_a_reason() -> None:
    now = [value(22.0), value(23.0, 0.1, **ENGLAND)]
    before = [value(22.0, status="held"), now[1]]
    judged = [("E06000023", "better", 23.0)]
    with revisions(before, now, judged=judged, held=["E06000023"], turned=True) as con:
        assert figures(con, "turned_alone") == {"E06000023": 1.0}
    given = [reason(away_from=[OLDER])]
    with revisions(
        before, now, judged=judged, held=["E06000023"], turned=True, reasons=given
    ) as con:
        assert figures(con, "turned_alone") == {"E06000023": 0.0}


@pytest.mark.parametrize(("said", "turned"), [("increasing", 0.0), ("decreasing", 1.0)])
def test_a_trend_that_turns_alone(said: str, turned: float) -> None:
    rows = [
        share(count, 1000, **year(start))
        for start, count in zip(range(2016, 2021), (100, 150, 200, 250, 300), strict=True)
    ]
    # Fewer smokers are better.
    judgement = "worse" if said == "increasing" else "better"
    with revisions(rows, rows, trends=[(said, judgement)], same_code=False) as con:
        found = con.execute(
            "select period_start::varchar, turned_alone from evidence_revisions"
            " inner join candidate_values using (row_id)"
        ).fetchall()
        # It is told at the latest of its points.
        assert found == [("2020-04-01", turned)]
    moved = [*rows[:-1], share(299, 1000, **year(2020))]
    with revisions(rows, moved, trends=[(said, judgement)], same_code=False) as con:
        assert con.execute("select count(turned_alone) from evidence_revisions").fetchall() == [
            (0,)
        ]


@pytest.mark.parametrize(
    ("given", "size"),
    [
        (reason(), 0.0),
        (reason(indicator_id=SOUND["indicator_id"], period_label="2020/21"), 0.0),
        (reason(source_id="fingertips", period_start="2020-04-01"), 0.0),
        (reason(area_code="E08000007"), 2.0),
        # Of other bytes, or away from another release: given for something else.
        (reason(extracts=["b"]), 2.0),
        (reason(away_from=[OLDER]), 2.0),
    ],
)
def test_a_reason_answers_what_it_was_given_for(given: dict[str, Any], size: float) -> None:
    with revisions([value(20.0)], [value(22.0)], reasons=[given]) as con:
        assert figures(con, "revision_size") == {"E06000023": pytest.approx(size)}


@pytest.mark.parametrize(("away_from", "size"), [(OLDER, 0.0), (LATEST, 2.0)])
def test_a_held_value_moves_away_from_where_it_was_last_good(away_from: str, size: float) -> None:
    given = reason(away_from=[away_from])
    past = [value(20.0, status="held")]
    with revisions(past, [value(22.0)], reasons=[given], held=["E06000023"]) as con:
        assert figures(con, "revision_size") == {"E06000023": pytest.approx(size)}


def test_a_reason_answers_for_judgements_as_well() -> None:
    rows = [value(22.0), value(23.0, 0.1, **ENGLAND)]
    judged = [("E06000023", "better", 23.0)]
    with revisions(rows, rows, judged=judged, same_code=False, reasons=[reason()]) as con:
        assert figures(con, "turned_alone") == {"E06000023": 0.0}
