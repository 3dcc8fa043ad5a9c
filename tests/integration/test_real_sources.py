"""What the publishers' own files of the later sources must come to, by their own totals."""

from __future__ import annotations

from pathlib import PurePath

from tests.support.real import MARKS

pytestmark = MARKS

# Layout: files, and their rows, those included that repeat another or are only counted.
ROWS = {
    "alcohol_attributable_fractions": (1, 13272),
    "ascfr_activity": (1, 20125),
    "ascfr_additional": (1, 5152),
    "bsol_fingertips_indicators": (1, 20),
    "bsol_parameters": (1, 35),
    "bsol_practices": (1, 240),
    "bsol_wards": (1, 86),
    "code_list_ethnicity": (1, 270),
    "code_list_terms": (18, 1030),
    "code_list_unnamed_column": (1, 1431),
    "fingertips_derived": (10, 45038),
    "fingertips_indicator_list": (1, 4151),
    "fingertips_next_ages": (1, 54),
    "fingertips_next_categories": (1, 120),
    "fingertips_next_indicators_csv": (1, 37),
    "fingertips_next_indicators_json": (1, 35),
    "icb_panel": (1, 19992),
    "icb_panel_catalogue": (1, 206),
    "icd10_chapters": (1, 2049),
    "icd10_falls_groups": (1, 85),
    "nhs_ethnic_categories": (1, 19),
    "portal_ccg_names": (1, 211),
    "portal_indicators": (1, 1664),
    "proms_equality": (1, 732),
    "proms_key_facts": (1, 8005),
    "proms_participation": (1, 317 * 63),
    "proms_provider_commissioner": (1, 7980),
    "proms_records": (3, 40432 + 41280 + 45635),
    "proms_time_series": (1, 4530 * 8),
    "qof_adjustments": (1, 362),
    "qof_practice_points": (1, 6571),
    "qof_validation": (1, 209),
    "shmi_comorbidities": (1, 211),
    "shmi_diagnosis_lookup": (1, 12632),
    "shmi_group_labels": (1, 143),
    "shmi_model": (1, 6597),
}


def test_every_row_of_the_files_is_accounted_for(released):
    import sqlite3

    home, _ = released
    with sqlite3.connect(home.state) as ledger:
        found = {
            layout: (files, rows)
            for layout, files, rows in ledger.execute(
                "select layout_id, count(*), sum(rows_read) from landings group by 1"
            )
        }
    assert {layout: found.get(layout) for layout in ROWS} == ROWS


def test_what_is_out_of_scope_is_named_and_records_of_hospitals_land(released):
    _, outcome = released
    landing = outcome.summary["landing"]
    left = {item["file"]: item["problem"] for item in landing["out_of_scope"]}
    # Of the artificial records those of admitted care and outpatients are read; their dictionary
    # and what came before the Emergency Care Data Set are not.
    assert {PurePath(name).name for name in left if name.startswith("artificial-hes/")} == {
        "artificial_hes_ae_0708_truncated.csv",
        "hes_apc_metadata.json",
    }
    assert {"INVENTORY.csv", "README.md"} <= left.keys()
    assert len(left) == 7
    assert not any("NHS numbers" in item["problem"] for item in landing["refused"])


def test_every_staging_view_reads_what_landed(ask_warehouse):
    views = ask_warehouse(
        "select table_name from information_schema.tables where table_schema = 'staging' order by 1"
    )
    empty = [
        name for (name,) in views if not ask_warehouse(f"select 1 from staging.{name} limit 1")
    ]
    # No NHSOF file has been found, no answer of the API to two questions, no workbook, no return,
    # and of linked records those of admitted care and outpatients alone.
    assert [name for name in empty if not name.startswith("stg_framework_workbooks__")] == [
        "stg_deaths__registered",
        "stg_fingertips__area_parents",
        "stg_fingertips__areas",
        "stg_gp__observations",
        "stg_gp__people",
        "stg_gp__practices",
        "stg_gp__registrations",
        "stg_hospital__emergency_attendances",
        "stg_nhsof__values",
        "stg_social_care__events",
        "stg_surveys__answers",
        "stg_surveys__value_sets",
    ]


def test_the_year_of_the_series_is_the_years_own_file_in_every_cell_that_both_have(ask_warehouse):
    there, same = ask_warehouse(
        """
        select count(*), count_if(abs(series.adjusted_health_gain - measures.adjusted_health_gain)
            < 0.0006)
        from staging.stg_proms__series as series
        inner join staging.stg_proms__measures as measures
            using (period, procedure, organisation_code, measure)
        where series.adjusted_health_gain is not null
            and measures.adjusted_health_gain is not null
        """
    )[0]
    assert (there, same) == (2879, 2879)


def test_what_has_records_and_no_average_has_fewer_than_thirty(ask_warehouse):
    most = ask_warehouse(
        """
        select max(modelled_records) from (
            select modelled_records, adjusted_health_gain from staging.stg_proms__measures
            union all
            select modelled_records, adjusted_health_gain from staging.stg_proms__series
        ) where adjusted_health_gain is null
        """
    )
    assert most == [(29.0,)]


def test_england_is_what_the_key_facts_say(ask):
    assert ask(
        "select indicator_id, value, numerator, denominator from indicator_values"
        " where area_code = 'E92000001' and period_label = '2018/19' and breakdown = 'all'"
        " and indicator_id like 'hip\\_replacement\\_improved%' escape '\\' order by 1"
    ) == [
        ("hip_replacement_improved_eq5d", 89.8, 37371.0, 41625.0),
        ("hip_replacement_improved_oxford", 97.0, 43730.0, 45101.0),
        ("hip_replacement_improved_vas", 69.1, 27745.0, 40130.0),
    ]


def test_questionnaires_are_only_counted(ask_warehouse):
    assert ask_warehouse(
        "select procedure, is_revision, sum(record_count) from staging.stg_proms__record_counts"
        " where length(organisation_code) = 5 or left(organisation_code, 1) in ('R', 'A')"
        " group by all order by all"
    ) == [
        ("Hip Replacement", False, 39254),
        ("Hip Replacement", True, 2026),
        ("Knee Replacement", False, 43949),
        ("Knee Replacement", True, 1686),
    ]


def test_the_panel_is_42_boards_and_55_metrics_and_all_have_a_place(ask_warehouse):
    assert ask_warehouse(
        "select count(distinct icb_ods_code), count(distinct metric)"
        " from staging.stg_icb_panel__values"
    ) == [(42, 55)]
    assert ask_warehouse(
        "select count(distinct area_code) from intermediate.int_icb_panel__observations"
        " where area_code in (select area_code from intermediate.int_areas where valid_to is null)"
    ) == [(42,)]
    uncatalogued = ask_warehouse(
        "select distinct metric from staging.stg_icb_panel__values"
        " where metric not in (select metric from staging.stg_icb_panel__metrics)"
    )
    assert uncatalogued == []


def test_the_panels_prevalence_is_the_registers_own_where_boards_kept_their_borders(ask_warehouse):
    rows = ask_warehouse(
        """
        select panel.indicator_id, count(*), count_if(abs(panel.value - qof.value) < 0.001)
        from intermediate.int_observations as panel
        inner join intermediate.int_observations as qof
            using (indicator_id, area_code, period_start, period_end, sex, age)
        where panel.source_id = 'icb_panel' and qof.source_id = 'qof'
        group by 1
        """
    )
    assert len(rows) == 16
    assert all(there == 32 and same >= 30 for _, there, same in rows), rows


def test_at_second_hand_is_fingertips_rounded(ask_warehouse):
    assert ask_warehouse(
        """
        select count(*), count_if(abs(derived.value - own.value) < 0.0501)
        from intermediate.int_observations as derived
        inner join intermediate.int_observations as own using (row_id)
        where derived.source_id = 'fingertips_derived' and own.source_id = 'fingertips'
            and derived.value is not null and own.value is not null
        """
    ) == [(132, 132)]


def test_the_five_councils_have_their_latest_values(ask):
    rows = ask(
        """
        select indicator_id, max(period_label), count(distinct area_code) from indicator_values
        where source_id = 'fingertips_derived' and status = 'published' and breakdown = 'all'
            and area_code in ('E08000007', 'E09000030', 'E06000023', 'E06000024', 'E06000025')
        group by 1 order by 1
        """
    )
    latest = {indicator: (period, areas) for indicator, period, areas in rows}
    assert latest["life_expectancy_at_birth"] == ("2023 - 25", 5)
    assert latest["healthy_life_expectancy_at_birth"] == ("2022 - 24", 5)
    assert latest["under_75_mortality_preventable_causes"] == ("2024", 5)
    assert latest["smoking_adults"] == ("2024", 5)
    assert latest["depression_qof_prevalence"] == ("2024/25", 5)
    assert len(latest) == 10
