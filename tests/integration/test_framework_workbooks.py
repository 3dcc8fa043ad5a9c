"""Workbooks of a local framework, landed one after the other: what is new, and what was before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project import warehouse
from dagster_project.home import Home
from dagster_project.refresh import Outcome, refresh, request_for
from tests.support.framework_forms import changed, content, form, put
from tests.support.small_inbox import HEADER

pytestmark = [pytest.mark.xdist_group("framework_workbooks"), pytest.mark.slow]

Rows = list[tuple[Any, ...]]
SMOKING, WELLBEING = 7, 8
BNSSG = "framework = 'bnssg'"


def line(area: str, value: float) -> str:
    """How many adults smoke in an area, as Fingertips has it."""
    return (
        f"92443,Smoking Prevalence in adults,,,{area},Name,UA,Persons,18+ yrs,,,2021,{value},"
        f"{value - 1},{value + 1},,,,,,,Similar,Not compared,20210000,,,1y"
    )


def _second_version(book: Any) -> None:
    """A year later: one indicator retired, one added in its place, one reworded, one left out."""
    put(book, "Framework", 3, As_of=date(2027, 11, 22))
    put(
        book,
        "Indicators",
        SMOKING,
        Life_cycle="retired",
        Counted_until=date(2027, 3, 31),
        Reason="Vaping is asked for too",
        Followed_by="BNSSG-M22",
        Owning_partner="Bristol City Council",
        Programmes="tobacco",
    )
    put(book, "Indicators", WELLBEING, Title="Everybody is well in mind")
    put(book, "Indicators", WELLBEING + 1, Title="Everybody is well in mind")
    sheet = book["Indicators"]
    (last,) = (cell.row for cell in sheet["A"] if cell.value == "BNSSG-M20")
    sheet.delete_rows(last)
    put(
        book,
        "Indicators",
        int(sheet.max_row) + 1,
        Code="BNSSG-M22",
        Measure="bnssg_smoking_or_vaping",
        Title="Fewer people smoke or vape",
        Domain_code="population",
        Part_played="measure",
        Life_cycle="proposed",
        Order=22,
        **{"Stand-in": "no"},
        How_sure="verified",
        Seen_in="A made-up board paper",
        Programmes="tobacco",
    )
    put(
        book,
        "Local measures",
        3,
        Measure="bnssg_smoking_or_vaping",
        Title="Adults who smoke or vape",
        Definition_version=1,
        Unit="%",
        Multiplier=100,
        Kind_of_figure="proportion",
        Better_when="lower_is_better",
        Who_is_told="local-system-analysts",
        How_sure="verified",
    )
    put(book, "Programmes", 3, Programme="tobacco", Name="Tobacco control", Kind="programme")
    put(
        book,
        "Principles",
        9,
        Principle="measurable",
        Code="BNSSG-M22",
        Is_it_met="no",
        Why="Unasked",
    )
    put(
        book,
        "Goals",
        3,
        Goal="bnssg_smoking",
        Code="BNSSG-M04",
        Measure="smoking_adults",
        Area="E06000023",
        Sex="Persons",
        Age="18+ yrs",
        Target=5,
        By=date(2030, 12, 31),
        Path="linear",
        Owner="Council",
        Decided_in="A made-up board paper",
        **{"Stand-in": "yes"},
        How_sure="inferred",
    )


def _with_a_mistake(book: Any) -> None:
    put(book, "Indicators", SMOKING, Measure="smoking")


class Life:
    """A home, its inbox, and the release of each step."""

    def __init__(self, root: Path) -> None:
        self.home, self.inbox = Home(root / "home"), root / "inbox"
        self.inbox.mkdir(parents=True)
        self.steps: dict[str, Outcome] = {}
        text = "\n".join((HEADER, line("E92000001", 13), line("E06000023", 15)))
        text += f"\n{line('E08000007', 11)}\n"
        (self.inbox / "fingertips.csv").write_text(text, encoding="utf-8")

    def step(self, name: str, workbook: bytes | None = None) -> None:
        if workbook is not None:
            (self.inbox / f"{name}.xlsx").write_bytes(workbook)
        request = request_for(self.home, [str(self.inbox)], sample=False, as_of="2027-12-01")
        self.steps[name] = refresh(request)

    def ask(self, step: str, query: str) -> Rows:
        """What the release of that step answers."""
        data = self.home.releases / str(self.steps[step].release) / "data"
        with duckdb.connect() as connection:
            for path in sorted(data.glob("*.parquet")):
                connection.execute(f"create view {path.stem} as from read_parquet('{path}')")
            return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    life = Life(tmp_path_factory.mktemp("frameworks"))
    life.step("seeds")
    life.step("untouched", content(form("bnssg")))
    life.step("second", changed(_second_version))
    life.step("wrong", changed(_with_a_mistake))
    return life


@pytest.fixture(scope="module")
def ask_warehouse(life: Life) -> Iterator[Callable[[str], Rows]]:
    with warehouse.connect(life.home, read_only=True) as connection:
        yield lambda query: connection.execute(query).fetchall()


EVERYTHING = "select * from framework_indicators order by all"


def test_the_untouched_form_changes_nothing(life: Life) -> None:
    assert life.steps["untouched"].summary["landing"]["landed"] == ["untouched.xlsx"]
    before = life.ask("seeds", EVERYTHING)
    assert len(before) == 577
    assert life.ask("untouched", EVERYTHING) == before
    for table in ("domain_summary", "coverage", "indicators"):
        query = f"select * from {table} order by all"
        assert life.ask("untouched", query) == life.ask("seeds", query)


def test_a_framework_of_three_versions_says_what_each_changed(life: Life) -> None:
    told = life.ask(
        "second",
        "select code, indicator_id, life_cycle, history from framework_indicators"
        f" where {BNSSG} and history is not null order by all",
    )
    day = "2027-11-22"
    reworded = (
        f"{day} reworded: Everybody is well in mind (was: Improve everyone's mental wellbeing)"
    )
    assert told == [
        (
            "BNSSG-M04",
            "smoking_adults",
            "retired",
            f"{day} owner: Bristol City Council (was: nothing);"
            f" {day} retired: Vaping is asked for too (was: live)",
        ),
        ("BNSSG-M05", "high_anxiety", "live", reworded),
        ("BNSSG-M05", "low_happiness", "live", reworded),
        ("BNSSG-M20", "bnssg_carbon_from_travel", "left_out", f"{day} left out"),
        ("BNSSG-M22", "bnssg_smoking_or_vaping", "proposed", f"{day} added"),
    ]


def test_what_is_retired_says_since_when_why_and_what_follows(life: Life) -> None:
    assert life.ask(
        "second",
        "select valid_to, life_cycle_reason, successor_code, owner_partner, programmes"
        f" from framework_indicators where {BNSSG} and code = 'BNSSG-M04'",
    ) == [
        (
            date(2027, 3, 31),
            "Vaping is asked for too",
            "BNSSG-M22",
            "Bristol City Council",
            "Tobacco control",
        )
    ]
    assert life.ask(
        "second", "select principles from framework_indicators where code = 'BNSSG-M22'"
    ) == [("measurable: no (Unasked)",)]


def test_earlier_versions_stay_readable_whole(
    life: Life, ask_warehouse: Callable[[str], Rows]
) -> None:
    # As data: the seed, the untouched form, the second version.
    assert ask_warehouse(
        "select version, cast(as_of as varchar), count(*), count(*) filter (code = 'BNSSG-M20')"
        f" from intermediate.int_framework_versions where {BNSSG} group by all order by all"
    ) == [(0, None, 24, 1), (1, "2026-11-22", 24, 1), (2, "2027-11-22", 24, 0)]
    # And as the releases that they made.
    title = (
        f"select title from framework_indicators where {BNSSG} and indicator_id = 'low_happiness'"
    )
    assert life.ask("untouched", title) == [("Improve everyone's mental wellbeing",)]
    assert life.ask("second", title) == [("Everybody is well in mind",)]


def test_measures_programmes_and_goals_of_the_workbook_stand_in_the_models(
    life: Life, ask_warehouse: Callable[[str], Rows]
) -> None:
    assert ask_warehouse(
        "select title, life_cycle, unit, decimals, is_polarity_confirmed"
        " from intermediate.int_indicators where indicator_id = 'bnssg_smoking_or_vaping'"
    ) == [("Adults who smoke or vape", "draft", "%", 1, False)]
    assert ask_warehouse(
        "select goal_id, framework, edition, code, area_code, target_value, target_by, is_stand_in"
        " from intermediate.int_goals"
    ) == [
        ("bnssg_smoking", "bnssg", "2021", "BNSSG-M04", "E06000023", 5.0, date(2030, 12, 31), True)
    ]
    assert life.ask("second", f"select count(*) from coverage where {BNSSG}") == [(24,)]


def test_a_local_framework_is_summed_up_for_its_own_areas_and_without_what_is_retired(
    life: Life,
) -> None:
    query = (
        'select area_code, indicators, better + "similar" + worse from domain_summary'
        f" where {BNSSG} and domain_code = 'population' order by 1"
    )
    others = ("E06000024", "E06000025", "E54000039")
    nothing = [(area, 8, 0) for area in others]
    assert life.ask("untouched", query) == [("E06000023", 8, 1), *nothing]
    # Nothing else of the framework has a value here, and each area says so of what is left.
    assert life.ask("second", query) == [(area, 8, 0) for area in ("E06000023", *others)]
    areas = "select distinct area_code from domain_summary where framework = 'phof' order by 1"
    assert life.ask("second", areas) == [("E06000023",), ("E08000007",), ("E92000001",)]


def test_a_workbook_with_a_mistake_is_refused_and_the_one_before_stands(life: Life) -> None:
    (refused,) = life.steps["wrong"].summary["landing"]["refused"]
    assert refused["file"] == "wrong.xlsx"
    assert "sheet 'Indicators', cell B7: refers to a row that doesn't exist" in refused["message"]
    assert life.ask("wrong", EVERYTHING) == life.ask("second", EVERYTHING)
