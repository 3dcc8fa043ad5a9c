"""From the publishers' own files to a release. Run where `tests/support/real.py` finds them."""

from __future__ import annotations

from datetime import date

import pytest

from dagster_project.refresh import refresh, request_for
from tests.pages.real_extracts import blocks
from tests.support.real import MARKS

pytestmark = MARKS


def test_every_file_is_landed_or_refused_and_none_passed_over(released, real_folder):
    _, outcome = released
    landing = outcome.summary["landing"]
    spoken_of = {item["file"].split("!")[0] for item in landing["refused"]}
    spoken_of |= {name.split("!")[0] for name in landing["landed"]}
    spoken_of |= {left["file"].split("!")[0] for left in landing["out_of_scope"]}
    spoken_of |= {name.split("!")[0] for name, _ in landing["ignored"]}
    files = [path for path in real_folder.rglob("*") if path.is_file()]
    there = {path.relative_to(real_folder).as_posix() for path in files}
    assert there - spoken_of == set()
    assert len(landing["landed"]) + landing["known"] >= 147
    assert all(item["message"] for item in landing["refused"])


@pytest.mark.parametrize(
    ("indicator", "england", "list_size"),
    [("dementia_qof_prevalence", 430857, 60716244), ("diabetes_qof_prevalence", 3491868, 49122259)],
)
def test_qof_worked_out_from_the_registers_is_fingertips_own(ask, indicator, england, list_size):
    rows = ask(
        f"""
        select published.area_type, count(*), count_if(
            published.numerator = computed.numerator
            and published.denominator = computed.denominator)
        from indicator_values as published
        inner join indicator_values as computed
            using (indicator_id, area_code, period_start, period_end, sex, age)
        where published.origin = 'published' and computed.origin = 'computed'
            and published.indicator_id = '{indicator}' and published.period_label = '2020/21'
            and published.breakdown_type = 'all' and published.numerator is not null
        group by 1 order by 1
        """
    )
    found = {level: (there, same) for level, there, same in rows}
    assert found["england"] == (1, 1)
    assert found["practice"][0] >= 30
    assert found["sub_icb"][0] >= 17
    assert all(there == same for there, same in found.values()), found
    assert ask(
        f"select numerator, denominator from indicator_values where indicator_id = '{indicator}'"
        " and area_code = 'E92000001' and origin = 'computed' and period_label = '2020/21'"
    ) == [(float(england), float(list_size))]


def test_the_same_code_in_two_editions_is_two_indicators(ask):
    rows = ask(
        "select edition, indicator_id from framework_indicators"
        " where framework = 'ascof' and code = '3A' order by 1"
    )
    assert len({indicator for _, indicator in rows}) == 2
    by_edition = dict(rows)
    # Each year's 3A has gone to its own edition's indicator: the England figures differ by far.
    new = ask(
        "select distinct period_label from indicator_values where source_id = 'ascof_compiled'"
        f" and indicator_id = '{by_edition['from 2023/24']}' order by 1"
    )
    old = ask(
        "select distinct period_label from indicator_values where source_id = 'ascof_compiled'"
        f" and indicator_id = '{by_edition['to 2022/23']}' order by 1"
    )
    assert ("2023/24",) in new
    assert ("2023/24",) in old  # satisfaction goes on, as 1D
    satisfaction, control = ask(
        "select indicator_id, value from indicator_values where area_code = 'E92000001'"
        " and period_label = '2023/24' and source_id = 'ascof_compiled' and indicator_id in"
        f" ('{by_edition['to 2022/23']}', '{by_edition['from 2023/24']}') order by 1 desc"
    )
    assert satisfaction[1] != control[1]


def test_no_area_is_counted_under_its_old_and_its_new_code(ask):
    """Areas of one level with a value that counts in a period never include a predecessor."""
    both = ask(
        """
        with counted as (
            select distinct indicator_id, period_start, area_code
            from indicator_values
            where status = 'published' and area_type in ('utla', 'sub_icb', 'icb')
                and not list_contains(flags, 'recast_area')
        )
        select old.indicator_id, old.area_code, areas.successor_codes
        from counted as old
        inner join areas on areas.area_code = old.area_code
        inner join counted as new
            on new.indicator_id = old.indicator_id and new.period_start = old.period_start
            and list_contains(string_split(areas.successor_codes, '|'), new.area_code)
        """
    )
    assert both == []


def test_qof_totals_of_every_level_are_the_totals_of_practices(ask_warehouse):
    rows = ask_warehouse(
        """
        select area_type, sum(numerator) from intermediate.candidate_values
        where origin = 'computed' and indicator_id = 'dementia_qof_prevalence'
            and area_type in ('practice', 'sub_icb', 'icb', 'nhs_region', 'england')
            -- What was recast to areas of today stands beside the areas of then that it is made of.
            and row_id not in (select row_id from intermediate.int_recast__observations)
        group by 1 order by 1
        """
    )
    assert {total for _, total in rows} == {430857.0}
    assert len(rows) == 5


def test_limits_that_fingertips_prints_for_practices_and_england_are_wilsons(ask):
    """To the five digits it keeps. The practices' limits of 2013/14 alone follow another method."""
    matched, there = ask(
        """
        with z as (select 1.959963984540054 as z), published as (
            select lower_95, numerator as x, denominator as n
            from indicator_values
            where source_id = 'fingertips' and indicator_id = 'dementia_qof_prevalence'
                and lower_95 is not null and breakdown_type = 'all'
                and not (area_type = 'practice' and period_label = '2013/14')
        )
        select count_if(abs(lower_95 - 100 * (2*x + z*z - z * sqrt(z*z + 4*x*(1 - x/n)))
            / (2*(n + z*z))) < 1e-5), count(*) from published cross join z
        """
    )[0]
    assert there > 180
    assert matched == there


def test_suppressed_by_the_publisher_is_suppressed_here(ask):
    rows = ask(
        "select count(*), count(value), count(numerator), count(lower_95), count(denominator)"
        " from indicator_values where status = 'suppressed'"
    )
    assert rows[0][0] > 0
    assert rows[0][1:] == (0, 0, 0, 0)


def test_the_same_inputs_again_publish_nothing(released, real_folder, as_of):
    home, outcome = released
    again = refresh(request_for(home, [str(real_folder)], sample=False, as_of=as_of))
    assert again.nothing_new
    assert again.release == outcome.release
    assert date.fromisoformat(as_of)


def test_every_block_on_these_sound_files_has_an_explanation(released):
    home, outcome = released
    held = blocks(home.releases / str(outcome.release) / "data")
    assert [block for block in held if not block[-1]] == []
    assert {check for check, *_ in held} >= {"C42"}
