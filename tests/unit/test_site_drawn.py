"""The small charts of a page's rows: drawn by the engine as charts.js draws them in the browser."""

from __future__ import annotations

import re
from typing import Any

import duckdb
import pytest

from dagster_project.errors import PublicationRefused
from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.state_words import SAID
from dagster_project.registry.tables import STATUSES
from dagster_project.site import cells, drawing
from dagster_project.site.build import refuse_unmarked
from dagster_project.site.charts import draw
from dagster_project.site.explorer_cells import JUDGEMENT_LETTERS, STATUS_LETTERS
from dagster_project.site.reading import QUERIES, Tables
from dagster_project.site.rendering import HARMFUL

ASSETS = PROJECT_ROOT / "dagster_project" / "site" / "assets"
KEY = "indicator_id, area_type, period_type, period_start, period_end, sex, age, origin"
NUMBER = r"(-?[\d.]+)"
JUDGED = {"value": 72.4, "england": 65.4, "judgement": "better", "polarity": "higher_is_better"}
JUDGED |= {"lo": 50.0, "q1": 60.0, "q3": 70.0, "hi": 80.0, "points": [(1.0, False), (2.0, False)]}


def drawn(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its shapes, as the pages get it."""
    points = [{"v": value, "b": is_break} for value, is_break in row["points"]]
    with duckdb.connect() as con:
        key = ", ".join(f"'one' as {name}" for name in KEY.split(", "))
        figures = "cast(? as double) as value, cast(? as double) as england, ? as judgement"
        con.execute(
            f"create table glance as select {key}, {figures},"
            " cast(? as struct(v double, b boolean)[]) as points",
            [row["value"], row["england"], row["judgement"], points],
        )
        ends = ", ".join(f"cast(? as double) as {name}" for name in ("lo", "q1", "q3", "hi"))
        con.execute(
            f"create table spines as select {key}, {ends}",
            [row[name] for name in ("lo", "q1", "q3", "hi")],
        )
        con.execute(
            "create table indicators as select 'one' as indicator_id, ? as polarity",
            [row["polarity"]],
        )
        con.execute((QUERIES / "drawn.sql").read_text("utf-8"))
        found = con.execute("from drawn")
        names = [column[0] for column in found.description or ()]
        return dict(zip(names, found.fetchone() or (), strict=True))


def places(path: str) -> list[tuple[float, float, bool]]:
    """The points that a line goes through, by steps or places, and whether it starts there."""
    found: list[tuple[float, float, bool]] = []
    for letter, x, y in re.findall(rf"([MLl]){NUMBER} ?{NUMBER}", path):
        before = found[-1] if letter == "l" else (0.0, 0.0, False)
        found.append((before[0] + float(x), before[1] + float(y), letter == "M"))
    return found


@pytest.mark.parametrize(
    "points",
    [
        [(1.0, False), (2.0, False), (1.5, False)],
        [(3.0, False), (None, False), (4.0, False), (4.2, True), (-1.0, False)],
        [(None, False), (5.0, False), (5.0, False), (None, False)],
        [(float(n * n % 11), n == 7) for n in range(12)],
    ],
)
def test_a_line_goes_where_the_explorer_draws_it(points):
    found = drawn(JUDGED | {"points": points})["spark"]
    spec = {"label": "", "v": [value for value, _ in points], "j": "better"}
    svg = draw("spark", spec | {"b": [n for n, (_, is_break) in enumerate(points) if is_break]})
    theirs = places(re.findall(r'<path d="([^"]*)" stroke', svg)[0])
    # Half pixels against tenths of one.
    assert [(x / 2, y / 2) for x, y, _ in places(found)] == [
        (pytest.approx(x, abs=0.3), pytest.approx(y, abs=0.3)) for x, y, _ in theirs
    ]
    assert [starts for *_, starts in places(found)] == [starts for *_, starts in theirs]


def test_one_value_is_no_line_and_one_that_stands_alone_a_dot():
    assert drawn(JUDGED | {"points": [(1.0, False), (None, False)]})["spark"] is None
    assert drawn(JUDGED | {"points": []})["spark"] is None
    alone = drawn(JUDGED | {"points": [(1.0, False), (None, False), (2.0, False)]})["spark"]
    assert alone == "M8 38h.1M188 10h.1"


@pytest.mark.parametrize("polarity", ["higher_is_better", "lower_is_better", "none"])
@pytest.mark.parametrize("value", [50.0, 64.0, 72.4, 80.0])
def test_a_spine_lies_where_the_explorer_draws_it(polarity, value):
    row = JUDGED | {"polarity": polarity, "value": value}
    low, high, lower, upper, at = drawn(row)["spread"]
    spec = {"label": "", "v": value, "e": 65.4, "j": "similar", "flip": polarity[:5] == "lower"}
    svg = draw("spine", spec | {name: row[name] for name in ("lo", "q1", "q3", "hi")})
    bands = re.findall(rf'<rect class="\w+" x="{NUMBER}" y="6" width="{NUMBER}"', svg)
    [(left, width), (inner, wide)] = [tuple(map(float, band)) for band in bands]
    middle = float(re.findall(rf'<circle cx="{NUMBER}"', svg)[0])
    theirs = [left, left + width, inner, inner + wide, middle]
    assert [low, high, lower, upper, at] == [pytest.approx(each, abs=0.6) for each in theirs]


@pytest.mark.parametrize(
    "unknown",
    [
        # England's value may stand beside what isn't compared; a place on a spine would judge.
        {"judgement": "not_compared"},
        {"judgement": None},
        {"england": None},
        {"value": None},
        {"lo": None, "q1": None, "q3": None, "hi": None},
        {"lo": 60.0, "hi": 60.0},
    ],
)
def test_a_value_that_is_not_compared_has_no_spine(unknown):
    assert drawn(JUDGED | unknown)["spread"] is None
    assert cells.spine(drawn(JUDGED | unknown)) == "<td>"


def test_each_judgement_has_a_mark_that_rows_use():
    for kind, cell in (("spark", cells.spark), ("spine", cells.spine)):
        made = str(drawing.marks(kind))
        # What isn't compared has no place on a spine.
        for judgement in set(JUDGEMENT_LETTERS) - ({"not_compared"} if kind == "spine" else set()):
            shown = cell(drawn(JUDGED | {"judgement": judgement}))
            used = re.findall(r"#(\w+)", shown)
            assert used
            assert all(f' id="{name}"' in made for name in used)


@pytest.mark.parametrize(("judgement", "status"), [("best", "published"), ("better", "lost")])
def test_a_word_without_a_mark_is_refused_before_a_page_is_made(judgement, status):
    with duckdb.connect() as con:
        con.execute(
            "create table comparisons as select unnest(['better', ?]) as judgement", [judgement]
        )
        con.execute("create table indicator_values as select ? as status", [status])
        with pytest.raises(PublicationRefused) as refused:
            refuse_unmarked(Tables(con, manifest=None))
    unknown = {"best", "lost"} & {judgement, status}
    assert {refused.value.got} == unknown
    assert refused.value.place in (
        "table comparisons, column judgement",
        "table indicator_values, column status",
    )
    assert "better" in refused.value.expected or "published" in refused.value.expected


def test_each_word_that_a_release_may_say_has_a_mark():
    assert set(JUDGEMENT_LETTERS) == set(SAID["comparisons", "judgement"])
    assert set(STATUS_LETTERS) == set(STATUSES)


def test_each_letter_of_a_judgement_has_a_style_of_its_own():
    """A cell's mark is the stylesheet's: another letter there would be another judgement's."""
    style = (ASSETS / "site.css").read_text(encoding="utf-8")
    letters = {name: letter.upper() for name, letter in JUDGEMENT_LETTERS.items()}
    assert len(set(letters.values())) == len(letters)
    for name in set(letters) - {"not_compared"}:
        assert f".{name}::before, td.{letters[name]}::before" in style


def test_page_and_browser_leave_out_the_same_characters():
    script = (ASSETS / "charts.js").read_text(encoding="utf-8")
    ranges = re.search(r"HARMFUL =\s*/\[(.*?)\]/gu", script, re.DOTALL)
    assert ranges
    theirs = re.compile("[" + ranges[1] + "]")
    every = [chr(code) for code in range(0x10000)]
    assert [c for c in every if theirs.match(c)] == [c for c in every if HARMFUL.match(c)]
