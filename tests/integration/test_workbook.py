"""Every number of the sample's workbook is one of the release's tables; other programs open it."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import python_calamine

from dagster_project.home import Home
from dagster_project.release.manifest import read_manifest
from dagster_project.release.words import words
from dagster_project.workbook.writing import write

pytestmark = pytest.mark.xdist_group("sample")

Rows = list[dict[str, Any]]
SERIES = ("indicator_id", "area_code", "sex", "age", "period_start", "period_end", "origin")
PLACE = ("Indicator id", "Area code", "Sex")
FIRST = {
    "Latest": "Area",
    "Five years": "Area",
    "Domains": "Area",
    "Coverage": "Framework",
    "Contract payments": "Contract",
    "Contract statements": "Contract id",
    "Contract risk": "Contract id",
    "Contract decisions": "Contract id",
}


@pytest.fixture(scope="module")
def release(sample_home: Home) -> Path:
    return (sample_home.releases / "latest").resolve()


@pytest.fixture(scope="module")
def book(release: Path) -> python_calamine.CalamineWorkbook:
    return python_calamine.CalamineWorkbook.from_path(str(release / "outcomes.xlsx"))


@pytest.fixture(scope="module")
def ask(release: Path) -> Callable[[str], list[tuple[Any, ...]]]:
    con = duckdb.connect()
    for path in (release / "data").glob("*.parquet"):
        con.execute(f"create view {path.stem} as from '{path}'")
    return lambda query: con.execute(query).fetchall()


def table(book: python_calamine.CalamineWorkbook, name: str) -> Rows:
    """The rows of a sheet's table, by header."""
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    start = next(n for n, row in enumerate(rows) if row[0] in ("Domain", FIRST.get(name, "Area")))
    return [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :]]


def number(cell: Any) -> float | None:
    """A cell's number; None where it has a word, or nothing."""
    return cell if isinstance(cell, float) else None


def same(cell: Any, figure: float | None) -> bool:
    """Whether a cell has the table's figure; Excel keeps sixteen digits."""
    return number(cell) == (None if figure is None else pytest.approx(figure, rel=1e-15, abs=0))


def test_each_latest_value_is_the_tables(book: Any, ask: Any) -> None:
    rows = {tuple(row[name] for name in PLACE): row for row in table(book, "Latest")}
    told = ask(
        "select v.indicator_id, v.area_code, v.sex, v.value, lower_95, upper_95, numerator,"
        " denominator, status, c.judgement, c.comparator_value, v.period_label"
        " from headlines as h inner join indicator_values as v"
        f" using ({', '.join(SERIES)}, period_type, segment, breakdown_type, breakdown)"
        f" left join comparisons as c using ({', '.join(SERIES)}, period_type, segment,"
        " breakdown_type, breakdown) where framework = 'none'"
        " and coalesce(comparator_type, 'england') = 'england'"
    )
    assert len(told) == len(rows) > 10_000
    labels = words("comparisons", "judgement")
    statuses = words("indicator_values", "status")
    for *key, value, lower, upper, count, out_of, status, judged, england, period in told:
        row = rows[tuple(key)]
        assert same(row["Value"], value), key
        assert same(row["Lower 95% limit"], lower), key
        assert same(row["Upper 95% limit"], upper), key
        assert same(row["Count"], count), key
        assert same(row["Out of"], out_of), key
        assert same(row["England's value"], england), key
        assert row["Status"] == statuses[status]
        assert row["Compared with England"] == labels[judged]
        assert row["Period"] == period
        if value is None:
            assert row["Value"] == ("" if status == "published" else statuses[status])


def test_each_earlier_value_is_the_tables(book: Any, ask: Any) -> None:
    rows = {tuple(row[name] for name in PLACE): row for row in table(book, "Five years")}
    told = ask(
        "select v.indicator_id, v.area_code, v.sex, year(h.period_start) - year(v.period_start),"
        " arg_max_null(v.value, v.origin)"
        " from headlines as h inner join indicator_values as v using (indicator_id, area_code, sex,"
        " age, period_type, segment, breakdown_type, breakdown)"
        " where framework = 'none' and v.period_start <= h.period_start"
        " and v.period_start >= h.period_start - interval 5 year group by all"
    )
    assert len(told) > 60_000
    filled = 0
    for *key, back, value in told:
        header = f"{back} year{'s' if back > 1 else ''} before" if back else "Latest value"
        assert same(rows[tuple(key)][header], value), (key, back)
        filled += value is not None
    columns = ["Latest value", *(f"{n} year{'s' if n > 1 else ''} before" for n in range(1, 6))]
    assert filled == sum(number(row[name]) is not None for row in rows.values() for name in columns)


def test_each_framework_shows_what_its_headlines_are(book: Any, ask: Any) -> None:
    sheets = [name for name in book.sheet_names if re.search(r"\d{4}", name)]
    editions = ask("select distinct framework, edition from framework_indicators order by all")
    assert len(sheets) == len(editions) == 9
    shown = [
        (row["Indicator"], cell)
        for name in sheets
        for row in table(book, name)
        for header, cell in row.items()
        if header not in ("Domain", "Code", "Indicator", "Sex", "Unit", "Period")
    ]
    told = ask(
        "select value from headlines inner join indicator_values"
        f" using ({', '.join(SERIES)}, period_type, segment, breakdown_type, breakdown)"
        " inner join framework_indicators using (framework, edition, indicator_id)"
        " where framework <> 'none' and value is not null"
        " and coalesce(life_cycle, '') <> 'retired'"
        " and segment in ('all', domain_code) order by 1"
    )
    numbers = sorted(found for _, cell in shown if (found := number(cell)) is not None)
    assert len(numbers) == len(told) > 20_000
    assert numbers == pytest.approx([value for (value,) in told], rel=1e-15, abs=0)


def test_a_local_framework_shows_its_own_area(book: Any) -> None:
    rows = table(book, "Tower Hamlets 2016")
    assert len(rows) == 17
    cells = [row["Tower Hamlets"] for row in rows]
    assert {cell for cell in cells if number(cell) is None} <= {"No data"}
    assert "Stockport" in table(book, "Stockport 2017 version 1")[0]


def test_the_domains_are_counted_as_the_release_counts_them(book: Any, ask: Any) -> None:
    rows = table(book, "Domains")
    told = ask(
        'select area_code, edition, domain_code, better, "similar", worse, mixed, no_judgement,'
        " not_compared, no_data from domain_summary order by all"
    )
    headers = ("Better", "Similar", "Worse", "Mixed", "Not judged", "Not compared", "No data")
    found = sorted(
        (row["Area code"], row["Edition"], row["Domain code"], *(row[name] for name in headers))
        for row in rows
    )
    assert found == told


def test_contracts_pay_and_risk_what_the_release_says(book: Any, ask: Any) -> None:
    told = {
        "Contract payments": (
            "select stake, earned, waiting, not_earned, lost_to_gates from contract_payments"
            " order by contract_id, contract_period, provider_id",
            ("At stake", "Earned", "Waiting", "Not earned", "Lost to gates"),
        ),
        "Contract statements": (
            "select weight, stake, amount, value, pays_from, pays_in_full, share from"
            " contract_statements order by contract_id, contract_period, provider_id, outcome_id",
            ("Weight", "Of", "Earned", "Value", "Pays from", "In full at", "Share earned"),
        ),
        "Contract risk": (
            "select theoretical, mean, p05, p95, effective, chance_paid, false_pay, change_asked,"
            " times_the_volume from contract_risk order by contract_id, provider_id,"
            " outcome_id <> 'all', outcome_id,"
            " list_position(['no_change', 'plan', 'decline'], scenario)",
            (
                *("Linked (theoretical risk)", "Earned on average", "Less one time in twenty"),
                *("More one time in twenty", "Likely lost (effective risk)"),
                *("Chance that anything is paid", "Paid by luck", "Change asked"),
                "Years or areas to pool",
            ),
        ),
    }
    for name, (query, headers) in told.items():
        rows, wanted = table(book, name), ask(query)
        assert len(rows) == len(wanted) > 5
        for row, figures in zip(rows, wanted, strict=True):
            for header, figure in zip(headers, figures, strict=True):
                assert same(row[header], figure), (name, header)
            assert row["Made up"].endswith("nothing is owed on it")
            assert row["Area"] in {"Stockport", "Tower Hamlets"}
    record = [row["What was decided"] for row in table(book, "Contract decisions")]
    answers = ask("select answer from contract_decisions")
    assert sorted(record) == sorted(answer for (answer,) in answers)
    labels = set(words("contract_statements", "state").values())
    assert {row["State"] for row in table(book, "Contract statements")} <= labels


def test_it_is_made_up_and_listed(book: Any, release: Path) -> None:
    for name in book.sheet_names:
        banner = book.get_sheet_by_name(name).to_python(nrows=2)[1][0]
        assert banner.startswith("Made-up sample data"), name
    (entry,) = [f for f in read_manifest(release).files if f.path == "outcomes.xlsx"]
    assert entry.bytes == (release / "outcomes.xlsx").stat().st_size


def test_it_is_as_of_its_day(book: Any, release: Path) -> None:
    rows = book.get_sheet_by_name("Contents").to_python()
    (told,) = [row[2] for row in rows if row[0] == "Made on"]
    day = date.fromisoformat(read_manifest(release).as_of)
    assert told == f"{day.day} {day:%B %Y}"


@pytest.mark.slow
def test_libreoffice_reads_what_was_written(book: Any, release: Path, tmp_path: Path) -> None:
    """Another program takes the whole workbook in and gives it back with the same cells."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice isn't installed: apt-get install libreoffice-calc-nogui")
    done = subprocess.run(
        [
            *(office, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"),
            *("--convert-to", "ods", "--outdir", tmp_path, release / "outcomes.xlsx"),
        ],
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    assert "error" not in done.stderr.lower()
    there = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "outcomes.ods"))
    assert there.sheet_names == book.sheet_names
    for name in ("Domains", "Latest", "Five years"):
        ours, theirs = table(book, name), table(there, name)
        assert len(ours) == len(theirs)
        assert numbers(theirs).keys() == numbers(ours).keys()
        assert list(numbers(theirs).values()) == pytest.approx(
            list(numbers(ours).values()), rel=1e-14, abs=0
        )


def numbers(rows: Rows) -> dict[tuple[int, str], float]:
    """Every number of a table, by the place where it stands."""
    return {
        (place, header): found
        for place, row in enumerate(rows)
        for header, cell in row.items()
        if (found := number(cell)) is not None
    }


@pytest.fixture(scope="module")
def larger(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's release, a part of its indicators there twice: 50,000 rows in its two tables."""
    directory = tmp_path_factory.mktemp("larger")
    (directory / "data").mkdir()
    with duckdb.connect() as con:
        con.execute(
            "create table twice as select indicator_id from"
            f" '{release}/data/headlines.parquet' where framework = 'none' and area_type = 'utla'"
            " group by 1 order by count(*) desc, 1 limit 48"
        )
        for path in sorted((release / "data").glob("*.parquet")):
            columns = [row[0] for row in con.execute(f"describe from '{path}'").fetchall()]
            again = (
                f" union all by name select * replace (indicator_id || '_again' as indicator_id)"
                f" from '{path}' where indicator_id in (from twice)"
                if "indicator_id" in columns
                else ""
            )
            target = directory / "data" / path.name
            con.execute(f"copy (from '{path}'{again}) to '{target}' (format parquet)")
    return directory


@pytest.mark.slow
def test_fifty_thousand_rows_take_ten_seconds(larger: Path, release: Path) -> None:
    """Of CPU: by the clock it depends on who else is at work."""
    began = time.process_time()
    write(larger, read_manifest(release))
    took = time.process_time() - began
    made = python_calamine.CalamineWorkbook.from_path(str(larger / "outcomes.xlsx"))
    rows = len(table(made, "Latest")) + len(table(made, "Five years"))
    print(f"{rows:,} rows of headline series in {took:.1f} s of CPU")
    assert rows >= 50_000
    assert took <= 10
