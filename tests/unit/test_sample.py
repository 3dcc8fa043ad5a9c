"""The made-up extracts: the same for all, sound in every figure, and known for what they are."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from dagster_project import warehouse
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.landing import loading, shown
from dagster_project.landing.at_the_door import SAMPLE_PREFIX
from dagster_project.landing.landing import Landing, LandingSummary, land
from dagster_project.sample import write_sample
from dagster_project.sample.figures import byar, hidden, wilson

MAKE_AGAIN = """
import sys
from pathlib import Path
from dagster_project.sample import write_sample
write_sample(Path(sys.argv[1]), note=Path(sys.argv[2]))
print("numpy" in sys.modules)
"""

# However grouped, and whether or not the last is a check digit.
TEN_DIGITS = re.compile(r"(?<![\d.])\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")


@dataclass(frozen=True)
class Landed:
    """The sample as it stands in raw tables, with the seeds beside them."""

    connection: duckdb.DuckDBPyConnection
    summary: LandingSummary

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("made") / "sample"
    write_sample(directory, note=directory.with_name("note"))
    return directory


def landed_in(root: Path, folder: Path, *, synthetic: bool = True) -> Iterator[Landed]:
    home = Home(root)
    home.make()
    with warehouse.connect(home) as connection:
        loading.make_tables(connection)
        summary = land(connection, Landing(home, 1, synthetic), [folder])
        shown.show(connection, home)
        for name in ("areas", "indicators", "indicator_sources"):
            path = PROJECT_ROOT / "seeds" / f"{name}.csv"
            connection.execute(
                f"create temp table {name} as from read_csv('{path}', all_varchar = true)"
            )
        yield Landed(connection, summary)


@pytest.fixture(scope="module")
def landed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Landed]:
    yield from landed_in(tmp_path_factory.mktemp("home"), folder)


@pytest.fixture(scope="module")
def values(landed: Landed) -> Landed:
    """With `figures`: Fingertips' counted values of whole areas, and what the registry says."""
    landed.connection.execute(
        """
        create temp table figures as
        select
            cells.*, ltrim(cells.area_code, 'n') as code, areas.area_type as kind,
            areas.parent_code as parent, indicators.value_type,
            cast(indicators.multiplier as double) as multiplier
        from raw.fingertips_values as cells
        inner join indicator_sources as sources
            on sources.source_id = 'fingertips' and sources.source_code = cells.indicator_code
        inner join indicators using (indicator_id)
        left join areas on areas.area_code = ltrim(cells.area_code, 'n')
        """
    )
    return landed


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def run(*arguments: str, **changed: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT_ROOT), **changed}
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


# The files


def test_every_file_says_by_its_name_that_it_is_made_up(folder: Path) -> None:
    paths = list(folder.iterdir())
    assert len(paths) == 19
    assert all(path.name.startswith(f"{SAMPLE_PREFIX}_") for path in paths)
    archive = next(path for path in paths if path.suffix == ".zip")
    with zipfile.ZipFile(archive) as members:
        assert all(name.startswith(f"{SAMPLE_PREFIX}_") for name in members.namelist())


def test_the_same_seed_gives_the_same_bytes_anywhere(folder: Path, tmp_path: Path) -> None:
    surroundings = {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "LC_ALL": "de_DE.UTF-8"}
    made = tmp_path / "made"
    assert run("-c", MAKE_AGAIN, str(made), str(tmp_path / "note"), **surroundings) == "True"
    assert contents(made) == contents(folder)


def test_another_seed_gives_other_figures(folder: Path, tmp_path: Path) -> None:
    write_sample(tmp_path, seed=1)
    one, other = contents(folder), contents(tmp_path)
    assert one.keys() == other.keys()
    assert not [name for name in one if name.endswith("phof.csv") and one[name] == other[name]]


def test_what_is_right_already_is_not_touched(folder: Path, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    note = tmp_path / "note"
    # What is drawn again comes out the same; once it is noted, nothing is drawn at all.
    assert write_sample(folder, note=note) == sorted(before)
    assert run("-c", MAKE_AGAIN, str(folder), str(note)) == "False"
    note.write_text("{cut sho")
    assert run("-c", MAKE_AGAIN, str(folder), str(note)) == "True"
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_a_file_that_was_changed_is_mended(folder: Path, tmp_path: Path) -> None:
    made, note = tmp_path / "made", tmp_path / "note"
    shutil.copytree(folder, made)
    shutil.copyfile(folder.with_name("note"), note)
    spoilt = made / "SYNTHETIC_PREVALENCE_2324.csv"
    spoilt.write_text("PRACTICE_CODE\n")
    (made / "SYNTHETIC_fingertips_areas.json").unlink()
    write_sample(made, note=note)
    assert contents(made) == contents(folder)


def test_nothing_looks_like_an_nhs_number(folder: Path) -> None:
    for name, content in contents(folder).items():
        if name.endswith((".zip", ".xlsx")):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                content = b"".join(archive.read(member) for member in archive.namelist())
        assert not TEN_DIGITS.search(content.decode()), name


# The landing


def test_every_file_is_recognised_and_read(landed: Landed) -> None:
    assert not landed.summary.refused and not landed.summary.ignored
    assert landed.summary.known == 0
    layouts = landed.rows("select layout_id, count(*) from raw.extracts group by 1 order by 1")
    assert layouts == [
        ("adult_social_care_events", 1),
        ("ascof_open_data_csv", 2),
        ("emergency_care", 1),
        ("fingertips_areas", 1),
        ("fingertips_csv", 2),
        ("gp_observations", 1),
        ("gp_people", 1),
        ("gp_practices", 1),
        ("gp_registrations", 1),
        ("hes_admitted_care", 1),
        ("hes_outpatients", 1),
        ("linked_deaths", 1),
        ("qof_practice_geography", 2),
        ("qof_prevalence", 2),
        ("survey_return", 1),
    ]
    # Nothing is dropped but England's second row, which the publisher repeats too.
    assert set(landed.summary.rows_dropped) == {"repeated_row"}
    periods = landed.rows("select distinct period from raw.extracts where period is not null")
    assert sorted(periods) == [("2022/23",), ("2023/24",)]


def test_a_home_of_real_data_refuses_all_of_it(folder: Path, tmp_path: Path) -> None:
    for landed in landed_in(tmp_path, folder, synthetic=False):
        assert not landed.summary.landed
        assert len(landed.summary.refused) == 19


def test_it_is_of_a_size_to_try_out_with(landed: Landed) -> None:
    [(rows, indicators)] = landed.rows(
        "select count(*), count(distinct indicator_code) from raw.fingertips_values"
    )
    assert 60_000 <= rows <= 120_000
    assert indicators >= 55


def test_every_row_that_has_room_says_so(landed: Landed) -> None:
    for table, column in (
        ("fingertips_values", "value_note"),
        ("fingertips_values", "indicator_name"),
        ("ascof_measures", "measure_group_description"),
        ("area_hierarchy", "area_name"),
        ("qof_practice_geography", "practice_name"),
        ("qof_practice_geography", "pcn_name"),
    ):
        silent = landed.rows(
            f"select count(*) from raw.{table} where {column} is null"
            f" or not contains(lower({column}), 'synthetic')"
        )
        assert silent == [(0,)], f"{table}.{column}"


def test_codes_are_registered_or_made_up(values: Landed) -> None:
    unknown = values.rows("select distinct code from figures where kind is null")
    assert unknown
    assert all(code.startswith(("Z9", "U9")) for (code,) in unknown)
    [(matched, all_rows)] = values.rows(
        "select (select count(*) from figures), (select count(*) from raw.fingertips_values)"
    )
    assert matched == all_rows
    kinds = dict(values.rows("select kind, count(distinct code) from figures group by 1"))
    kinds.pop(None)
    assert kinds == {
        "england": 1,
        "region": 9,
        "utla": 153,
        "nhs_region": 7,
        "icb": 42,
        "sub_icb": 106,
    }


# The figures


def test_values_lie_within_their_limits_and_kinds(values: Landed) -> None:
    wrong = values.rows(
        """
        select * from figures
        where value < lower_95 or value > upper_95 or lower_998 > lower_95 or upper_998 < upper_95
            or (lower_95 is null) <> (upper_95 is null)
            or (value_type = 'proportion' and (value not between 0 and 100 or count > denominator))
            or (value_type in ('crude_rate', 'dsr', 'isr', 'count') and value < 0)
        """
    )
    assert wrong == []
    kinds = {kind for (kind,) in values.rows("select distinct value_type from figures")}
    assert kinds >= {"proportion", "crude_rate", "dsr", "life_expectancy", "score", "mean", "sii"}


def test_a_value_is_its_count_over_its_denominator(values: Landed) -> None:
    wrong = values.rows(
        """
        select * from figures where value_type in ('proportion', 'crude_rate')
            and value is not null
            and not coalesce(abs(value - multiplier * count / denominator) < 1e-6, false)
        """
    )
    assert wrong == []


def test_regions_and_england_are_the_sums_of_their_areas(values: Landed) -> None:
    sums = values.rows(
        """
        with children as (
            select indicator_code, sex, time_period, parent,
                sum(count) as counted, sum(denominator) as people,
                count(*) filter (where count is null and denominator is null) as gaps
            from figures where category is null and kind is not null and parent is not null
            group by all
        )
        select
            figures.kind, children.gaps = 0 as is_whole, count(*),
            count(*) filter (where counted = count and people is not distinct from denominator),
            count(*) filter (where counted <= count)
        from children inner join figures
            on figures.code = children.parent and figures.indicator_code = children.indicator_code
            and figures.sex = children.sex and figures.time_period = children.time_period
            and figures.category is null and figures.count is not null
        group by all order by all
        """
    )
    assert {kind for kind, *_ in sums} == {"england", "icb", "nhs_region", "region"}
    for kind, is_whole, groups, equal, at_most in sums:
        assert at_most == groups, kind
        assert not is_whole or equal == groups, kind


def test_deciles_sum_to_england_and_the_most_deprived_fare_worse(values: Landed) -> None:
    [(groups, equal)] = values.rows(
        """
        with deciles as (
            select indicator_code, sex, time_period, sum(count) as counted, count(*) as parts
            from figures where category is not null and count is not null group by all
        )
        select count(*), count(*) filter (where counted = count and parts = 10)
        from deciles inner join figures using (indicator_code, sex, time_period)
        where figures.category is null and figures.kind = 'england'
        """
    )
    assert groups == equal > 0
    smoking = dict(
        values.rows(
            "select category, value from figures where indicator_code = '92443'"
            " and sex = 'Persons' and time_period = '2023' and category is not null"
        )
    )
    assert smoking["Most deprived decile (IMD2019)"] > smoking["Least deprived decile (IMD2019)"]


def test_persons_are_men_and_women_together(values: Landed) -> None:
    [(cells, equal)] = values.rows(
        """
        with cells as (
            select sum(count) filter (where sex = 'Persons') as persons,
                sum(count) filter (where sex <> 'Persons') as apart, count(*) as sexes
            from figures where count is not null
            group by indicator_code, area_code, time_period, category having sexes = 3
        )
        select count(*), count(*) filter (where persons = apart) from cells
        """
    )
    assert cells == equal > 1_000
    only = values.rows("select distinct sex from figures where indicator_code = '90366' order by 1")
    assert only == [("Female",), ("Male",)]


def test_labels_of_periods_are_the_publishers(values: Landed) -> None:
    labels = dict(
        values.rows(
            "select indicator_code, max((time_period, time_period_sortable, time_period_range))"
            " from figures where indicator_code in ('90366', '20602', '92443', '11201') group by 1"
        )
    )
    assert labels == {
        "90366": ("2021 - 23", "20210000", "3y"),
        "20602": ("2023/24", "20230000", "1y"),
        "92443": ("2023", "20230000", "1y"),
        "11201": ("2021/22 - 23/24", "20210000", "3y"),
    }


def test_a_hidden_area_is_never_alone_in_its_region(values: Landed) -> None:
    alone = values.rows(
        """
        select indicator_code, sex, time_period, parent, count(*) as hidden_areas,
            count(coalesce(value, lower_95, upper_95, lower_998, upper_998, count, denominator))
                as given_away
        from figures where value_note like 'Value suppressed for disclosure control%' group by all
        """
    )
    assert len(alone) > 20
    assert all(areas >= 2 and given_away == 0 for *_, areas, given_away in alone)


def test_registers_are_what_fingertips_shows_of_them(landed: Landed) -> None:
    [(practices, equal)] = landed.rows(
        """
        select count(*), count(*) filter (where register = count and list_size = denominator)
        from raw.qof_registers as registers
        inner join raw.extracts as extracts using (extract_id)
        inner join raw.fingertips_values as shown
            on shown.area_code = registers.practice_code and shown.time_period = extracts.period
        where group_code = 'DEM' and indicator_code = '247'
        """
    )
    assert practices == equal == 1200


def test_a_reused_code_is_a_measure_of_its_year(landed: Landed) -> None:
    meanings = landed.rows(
        """
        select period, any_value(measure_group_description) from raw.ascof_measures
        inner join raw.extracts using (extract_id)
        where measure_group = '3A' group by 1 order by 1
        """
    )
    assert [(period, "satisfaction" in text) for period, text in meanings] == [
        ("2022/23", True),
        ("2023/24", False),
    ]
    markers = landed.rows("select distinct measure_value_marker from raw.ascof_measures")
    assert {marker for (marker,) in markers} == {None, "[c]", "[x]", "[z]"}


def test_care_measures_of_england_are_the_sums_of_its_regions(landed: Landed) -> None:
    sums = landed.rows(
        """
        select
            sum(measure_value) filter (where geographical_level = 'England') as england,
            sum(measure_value) filter (where geographical_level = 'Region') as regions
        from raw.ascof_measures where measure_type in ('Numerator', 'Denominator', 'Base')
        group by extract_id, measure_code, measure_type
        """
    )
    assert len(sums) > 100
    assert all(england == regions for england, regions in sums)


# The parts


def test_a_second_area_is_hidden_with_a_lone_one() -> None:
    size = np.array([[3.0, 9.0, 20.0, 30.0], [0.0, 9.0, 20.0, 30.0], [3.0, 4.0, 20.0, 2.0]])
    family = np.array([1, 1, 1, 2])
    assert hidden(size, 5, family).tolist() == [
        [True, True, False, False],
        [False, False, False, False],
        [True, True, False, True],
    ]


def test_limits_are_the_textbooks() -> None:
    # 65 of 100: worked with the exact formulae of Wilson (1927) and of Breslow and Day (1987).
    lower, upper = wilson(np.array([65.0]), np.array([100.0]), 1.959963984540054)
    assert (round(lower[0], 4), round(upper[0], 4)) == (0.5525, 0.7364)
    fewest, most = byar(np.array([65.0]), 1.959963984540054)
    assert (round(fewest[0], 2), round(most[0], 2)) == (50.16, 82.85)


# The generator for measuring speed


def test_a_file_to_measure_with_is_sound(tmp_path: Path) -> None:
    script = PROJECT_ROOT / "tests" / "bench" / "generate.py"
    (tmp_path / "inbox").mkdir()
    made = [tmp_path / "inbox" / "rows.csv", tmp_path / "again.csv"]
    for path in made:
        run(str(script), str(path), "20000", "7")
    assert made[0].read_bytes() == made[1].read_bytes()
    for landed in landed_in(tmp_path / "home", tmp_path / "inbox"):
        assert not landed.summary.refused
        assert (landed.summary.rows_read, landed.summary.rows_dropped) == (20_000, {})
        [(wrong, england)] = landed.rows(
            """
            select count(*) filter (where value not between lower_95 and upper_95
                or lower_998 > lower_95 or upper_998 < upper_95 or count > denominator
                or abs(value - 100 * count / denominator) > 1e-6),
                count(distinct time_period) filter (where area_type = 'England')
            from raw.fingertips_values
            """
        )
        assert (wrong, england) == (0, 3)
