"""The embedded sample, from nothing to a release: what a newcomer's first command does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project.cli import main
from dagster_project.errors import UsageError
from dagster_project.home import Home
from dagster_project.refresh import refresh, request_for
from dagster_project.release.manifest import verify
from dagster_project.release.store import ReleaseStore

AS_OF = "2026-11-22"

pytestmark = pytest.mark.xdist_group("sample")


def release_sample(home: Home) -> str:
    outcome = refresh(request_for(home, None, sample=True, as_of=AS_OF))
    assert outcome.release is not None
    return outcome.release


@pytest.fixture(scope="session")
def home(sample_home: Home) -> Home:
    return sample_home


def table(home: Home, name: str) -> str:
    return f"read_parquet('{home.releases / 'latest' / 'data' / name}.parquet')"


def ask(query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(query).fetchall()


def test_the_release_is_whole_and_says_that_it_is_made_up(home):
    manifest = verify((home.releases / "latest").resolve())
    assert manifest.synthetic
    assert manifest.data_version == "1.0.0"
    assert manifest.counts["published"] > 50_000
    values = table(home, "indicator_values")
    assert ask(f"select count(*) from {values} where not list_contains(flags, 'synthetic')") == [
        (0,)
    ]
    for described in (home.releases / "latest" / "csv").glob("*-metadata.json"):
        assert "made-up" in described.read_text("utf-8").lower()


def test_every_table_of_the_release_has_rows_or_is_there_empty(home):
    names = {path.stem for path in (home.releases / "latest" / "data").glob("*.parquet")}
    assert names == {
        "alignment",
        "area_shapes",
        "areas",
        "changes",
        "check_results",
        "comparability",
        "comparisons",
        "contract_decisions",
        "contract_inputs",
        "contract_payments",
        "contract_risk",
        "contract_statements",
        "coverage",
        "crosswalk",
        "domain_summary",
        "findings",
        "framework_indicators",
        "goals",
        "headlines",
        "holds",
        "indicator_values",
        "indicators",
        "inequalities",
        "provenance",
        "trends",
    }
    may_be_empty = {"area_shapes", "changes", "holds"}
    for name in names - may_be_empty:
        assert ask(f"select count(*) from {table(home, name)}")[0][0] > 0, name


def test_all_levels_are_there_with_their_expected_numbers_of_areas(home):
    rows = dict(
        ask(
            f"select area_type, count(distinct area_code) from {table(home, 'indicator_values')}"
            " group by 1"
        )
    )
    assert rows["england"] == 1
    assert rows["region"] == 9
    assert 150 <= rows["utla"] <= 175
    assert rows["icb"] == 42
    assert rows["practice"] > 500


def test_a_comparison_rests_only_on_published_values(home):
    wrong = ask(
        f"""
        select comparisons.indicator_id, comparisons.area_code
        from {table(home, "comparisons")} as comparisons
        inner join {table(home, "indicator_values")} as v
            using (indicator_id, area_code, period_type, period_start, period_end, sex, age,
                segment, breakdown_type, breakdown, origin)
        where comparisons.judgement <> 'not_compared' and v.status <> 'published'
        """
    )
    assert wrong == []
    judged = dict(ask(f"select judgement, count(*) from {table(home, 'comparisons')} group by 1"))
    assert {"better", "similar", "worse", "not_compared"} <= judged.keys()


def test_a_judgement_says_what_the_limits_and_the_polarity_say(home):
    """Recomputed in plain words: England inside the limits is similar; else the better side."""
    wrong = ask(
        f"""
        select count(*)
        from {table(home, "comparisons")} as c
        inner join {table(home, "indicator_values")} as v
            using (indicator_id, area_code, period_type, period_start, period_end, sex, age,
                segment, breakdown_type, breakdown, origin)
        inner join {table(home, "indicators")} as i using (indicator_id)
        where c.judgement in ('better', 'similar', 'worse')
            and c.judgement <> case
                when c.comparator_value >= v.lower_95 and c.comparator_value <= v.upper_95
                    then 'similar'
                when v.value > c.comparator_value
                    then if(i.polarity = 'higher_is_better', 'better', 'worse')
                else if(i.polarity = 'higher_is_better', 'worse', 'better')
            end
        """
    )
    assert wrong == [(0,)]


def test_a_polarity_that_nobody_confirmed_judges_nobody(home):
    wrong = ask(
        f"""
        select distinct c.indicator_id from {table(home, "comparisons")} as c
        inner join {table(home, "indicators")} as i using (indicator_id)
        where c.judgement in ('better', 'worse', 'lower', 'higher', 'similar')
            and i.polarity_certainty not in ('verified', 'recalled')
        """
    )
    assert wrong == []


def test_every_value_is_compared_once_with_england_and_once_with_its_region(home):
    values, comparisons = table(home, "indicator_values"), table(home, "comparisons")
    key = (
        "indicator_id, area_code, period_type, period_start, period_end, sex, age, segment,"
        " breakdown_type, breakdown, origin"
    )
    for name, where in {
        "england": "true",
        "region": f"area_code in (select area_code from {table(home, 'areas')}"
        " where region_code is not null)",
    }.items():
        compared = f"select {key} from {comparisons} where comparator_type = '{name}'"
        expected = f"select {key} from {values} where {where}"
        assert ask(f"{compared} except all {expected}") == []
        assert ask(f"{expected} except all {compared}") == []
    assert ask(f"select count(*) from {comparisons} where comparator_type = 'peers'") == [(0,)]
    assert ask(
        f"select count(*) from {comparisons} as c inner join {table(home, 'areas')} as a"
        " using (area_code) where c.comparator_type = 'region'"
        " and c.comparator_code is distinct from a.region_code"
    ) == [(0,)]


def test_every_series_has_one_trend_with_a_direction_or_a_reason(home):
    series = (
        "indicator_id, area_code, period_type, sex, age, segment, breakdown_type, breakdown, origin"
    )
    values, trends = table(home, "indicator_values"), table(home, "trends")
    assert (
        ask(f"(select distinct {series} from {values}) except all (select {series} from {trends})")
        == []
    )
    assert ask(f"select count(*) from {trends} group by {series} having count(*) > 1") == []
    said = ask(f"select distinct direction, reason is null from {trends} order by all")
    assert said == [
        ("decreasing", True),
        ("increasing", True),
        ("no_change", True),
        ("not_calculated", False),
    ]
    # No more points than published values, and no trend out of anything else.
    assert ask(
        f"""
        select count(*) from {trends} as t
        where t.points <> least(5, (
            select count(*) from {values} as v
            where v.status = 'published'
                and case t.method
                    when 'recent_trend_of_counts' then v.denominator
                    else v.upper_95
                end is not null
                and {" and ".join(f"v.{name} = t.{name}" for name in series.split(", "))}
        )) and t.reason is null
        """
    ) == [(0,)]


def test_inequalities_by_deprivation_rest_on_all_ten_deciles(home):
    rows = ask(
        f"""
        select i.indicator_id, i.period_label, i.sex,
            (select count(distinct v.breakdown) from {table(home, "indicator_values")} as v
            where v.indicator_id = i.indicator_id and v.period_start = i.period_start
                and v.period_type = i.period_type and v.sex = i.sex and v.age = i.age
                and v.breakdown_type = i.breakdown_type and v.status = 'published'
                and v.denominator > 0)
        from {table(home, "inequalities")} as i
        where i.measure = 'sii' and i.status = 'published'
        """
    )
    assert len(rows) > 50
    # Ten of the publisher's, and the five that so few people as in the linked records allow.
    assert {quantiles for *_, quantiles in rows} == {5, 10}
    # The sample makes smoking commoner where people are poorer.
    slopes = ask(
        f"select value < 0, upper_95 < 0, quantile_basis from {table(home, 'inequalities')}"
        " where indicator_id = 'smoking_adults' and measure = 'sii' and sex = 'Persons'"
    )
    assert set(slopes) == {(True, True, "national")}


def test_a_reason_is_one_of_the_list(home):
    from dagster_project.home import PROJECT_ROOT

    listed = f"read_csv('{PROJECT_ROOT / 'seeds' / 'status_reasons.csv'}', all_varchar=true)"
    for name, column in {"trends": "reason", "inequalities": "status_reason"}.items():
        unknown = ask(
            f"select distinct {column} from {table(home, name)} where {column} is not null"
            f" and {column} not in (select status_reason from {listed})"
        )
        assert unknown == [], name


def test_the_parts_of_a_domain_summary_make_its_whole(home):
    wrong = ask(
        f"""
        select * from {table(home, "domain_summary")}
        where indicators <> better + "similar" + worse + mixed + no_judgement
                + not_compared + no_data
            or expected_worse_by_chance > 0.025 * (better + "similar" + worse + mixed) + 1e-9
        """
    )
    assert wrong == []


def test_both_sexes_speak_once_where_there_is_no_persons_series(home):
    values = table(home, "indicator_values")
    both = ask(
        f"select indicator_id from {table(home, 'indicators')}"
        " where headline_sex = 'Male|Female'"
        f" and indicator_id in (select indicator_id from {values})"
    )
    assert both, "the sample has an indicator with two sexes and no persons"


def test_what_a_publisher_hides_shows_nowhere(home):
    rows = ask(
        "select count(*), count(value), count(lower_95), count(upper_95), count(numerator),"
        f" count(denominator) from {table(home, 'indicator_values')} where status = 'suppressed'"
    )
    assert rows[0][0] > 0
    assert set(rows[0][1:]) == {0}


@pytest.mark.slow
def test_the_same_inputs_in_another_home_give_the_same_bytes(home, tmp_path):
    other = Home(tmp_path / "other")
    release_sample(other)
    here, there = ReleaseStore(home).latest(), ReleaseStore(other).latest()
    assert here is not None
    assert there is not None
    assert here.id == there.id
    assert {f.path: f.sha256 for f in here.files} == {f.path: f.sha256 for f in there.files}


def test_nothing_new_publishes_nothing(home):
    before = ReleaseStore(home).ids()
    outcome = refresh(request_for(home, None, sample=True, as_of=AS_OF))
    assert outcome.nothing_new
    assert ReleaseStore(home).ids() == before


def test_a_sample_home_takes_no_real_file_and_a_real_home_no_sample(home, tmp_path, capsys):
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "real.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UsageError, match="never share a home"):
        refresh(request_for(home, [str(folder)], sample=False, as_of=AS_OF))
    real = Home(tmp_path / "real")
    refused = refresh(request_for(real, [str(home.cache / "sample")], sample=False, as_of=AS_OF))
    assert refused.summary["landing"]["landed"] == []
    assert len(refused.summary["landing"]["refused"]) >= 5
    with pytest.raises(UsageError, match="never share a home"):
        refresh(request_for(real, None, sample=True, as_of=AS_OF))


def test_status_and_releases_answer_people_and_programs(home, capsys, monkeypatch):
    monkeypatch.setenv("OUTCOMES_HOME", str(home.root))
    assert main(["status"]) == 0
    said = capsys.readouterr().out
    assert "sample data" in said
    assert "fingertips" in said
    assert main(["releases", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["releases"]
    assert [release["latest"] for release in listed] == [True]
    assert listed[0]["synthetic"]


def in_workbook(home: Home, indicator: str) -> dict[str, Any]:
    """Stockport's row of an indicator in the workbook of the latest release, by header."""
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(str(home.releases / "latest/outcomes.xlsx"))
    rows = book.get_sheet_by_name("Latest").to_python(skip_empty_area=False)
    header = next(row for row in rows if row[0] == "Area")
    found = [dict(zip(header, row, strict=True)) for row in rows if row[-1] == indicator]
    return next(row for row in found if row["Area code"] == "E08000007")


@pytest.mark.slow
def test_a_withdrawn_value_is_gone_and_stays_gone(home, tmp_path, monkeypatch, capsys):
    import shutil

    copy = Home(tmp_path / "copy")
    shutil.copytree(home.root, copy.root, symlinks=True)
    monkeypatch.setenv("OUTCOMES_HOME", str(copy.root))
    key = ask(
        f"select indicator_id, spoken.period_label from {table(copy, 'indicator_values')}"
        f" inner join {table(copy, 'headlines')} as spoken"
        " using (indicator_id, area_code, period_start, period_end, sex, age)"
        " where area_code = 'E08000007' and framework = 'none' and status = 'published'"
        " and numerator is not null order by all limit 1"
    )[0]
    assert in_workbook(copy, key[0])["Status"] == "Published"
    target = f"indicator_id={key[0]},area_code=E08000007,period_label={key[1]}"
    assert main(["withdraw", target, "--reason", "sent in error"]) == 0
    where = f"indicator_id = '{key[0]}' and area_code = 'E08000007' and period_label = '{key[1]}'"
    values = table(copy, "indicator_values")
    rows = f"select distinct status, value, numerator from {values} where {where}"
    assert ask(rows) == [("withdrawn", None, None)]
    told = in_workbook(copy, key[0])
    assert (told["Status"], told["Value"]) == ("Withdrawn", "Withdrawn")
    # The only number left of it is England's.
    assert not [
        told[name]
        for name in ("Lower 95% limit", "Upper 95% limit", "Count", "Out of")
        if told[name]
    ]
    verify((copy.releases / "latest").resolve())
    outcome = refresh(request_for(copy, None, sample=True, as_of=AS_OF))
    assert not outcome.nothing_new
    assert ask(rows) == [("withdrawn", None, None)]
    assert in_workbook(copy, key[0])["Value"] == "Withdrawn"
    compared = ask(
        f"select distinct judgement, value from {table(copy, 'comparisons')} where {where}"
    )
    assert compared == [("not_compared", None)]


@pytest.mark.slow
def test_englands_value_taken_back_takes_all_that_rests_on_it(home, tmp_path, monkeypatch, capsys):
    """At once in the release that stands, and in the same words in the next one."""
    import shutil

    copy = Home(tmp_path / "copy")
    shutil.copytree(home.root, copy.root, symlinks=True)
    monkeypatch.setenv("OUTCOMES_HOME", str(copy.root))
    where = "indicator_id = 'life_expectancy_at_birth' and breakdown_type = 'all'"
    period = ask(f"select max(period_label) from {table(copy, 'indicator_values')} where {where}")[
        0
    ][0]
    target = (
        f"indicator_id=life_expectancy_at_birth,area_code=E92000001,period_label={period}"
        ",sex=Male,breakdown_type=all"
    )
    assert main(["withdraw", target, "--reason", "sent in error"]) == 0
    said = (
        f"select distinct reason from {table(copy, 'comparisons')} where {where} and sex = 'Male'"
        f" and period_label = '{period}' and area_type = 'region' and comparator_type = 'england'"
    )
    gaps = (
        f"select distinct status_reason, value from {table(copy, 'inequalities')} where {where}"
        f" and period_label = '{period}' and area_code = 'E92000001' and dimension = 'sex'"
    )
    trend = (
        f"select direction from {table(copy, 'trends')} where {where} and sex = 'Male'"
        " and area_code = 'E92000001'"
    )
    for _ in ("redacted", "made again"):
        assert ask(said) == [("comparator_withdrawn",)]
        assert ask(gaps) == [("value_set_aside", None)]
        assert ask(trend) == [("not_calculated",)]
        outcome = refresh(request_for(copy, None, sample=True, as_of=AS_OF))
    assert outcome.nothing_new


@pytest.mark.slow
def test_rolled_back_is_not_published_again_at_once(home, tmp_path, monkeypatch, capsys):
    import shutil

    copy = Home(tmp_path / "copy")
    shutil.copytree(home.root, copy.root, symlinks=True)
    monkeypatch.setenv("OUTCOMES_HOME", str(copy.root))
    first = ReleaseStore(copy).latest_id()
    main(["withdraw", "indicator_id=no_such_thing,area_code=E08000007", "--reason", "x"])
    capsys.readouterr()
    # Another day on which sources are overdue is something new: their values are marked stale.
    later = refresh(request_for(copy, None, sample=True, as_of="2031-01-01"))
    assert later.release != first
    assert main(["rollback", str(first)]) == 0
    again = refresh(request_for(copy, None, sample=True, as_of="2031-01-01"))
    assert again.nothing_new
    assert "rolled back" in again.why
    assert ReleaseStore(copy).latest_id() == first
    marked = copy.releases / str(later.release) / "data" / "indicator_values.parquet"
    stale = ask(
        f"select count(*) from read_parquet('{marked}') where list_contains(flags, 'stale')"
    )
    assert stale[0][0] > 0


def test_what_dagster_shows(home, monkeypatch):
    monkeypatch.setenv("OUTCOMES_HOME", str(home.root))
    from dagster_project.defs import build_definitions

    definitions = build_definitions(home)
    specs = {spec.key.to_user_string(): spec for spec in definitions.resolve_all_asset_specs()}
    for key in (
        "landed/fingertips_values",
        "seeds/indicators",
        "staging/stg_fingertips__values",
        "intermediate/candidate_values",
        "evidence/evidence_groups",
        "judged/check_results",
        "marts/indicator_values",
        "release/latest",
        "home/status",
    ):
        assert specs[key].group_name
        assert specs[key].owners
        assert specs[key].description
    repository = definitions.get_repository_def()
    assert {schedule.name for schedule in repository.schedule_defs} >= {
        "due_fingertips",
        "due_ascof",
        "due_qof",
    }
    assert {sensor.name for sensor in repository.sensor_defs} == {"inbox", "try_again", "alerts"}


def test_every_seed_is_known_to_dbt(home):
    from dagster_project.home import PROJECT_ROOT
    from dagster_project.pipeline.dbt_project import manifest

    known = {
        node["name"] for node in manifest()["nodes"].values() if node["resource_type"] == "seed"
    }
    assert known == {path.stem for path in Path(PROJECT_ROOT / "seeds").glob("*.csv")}
