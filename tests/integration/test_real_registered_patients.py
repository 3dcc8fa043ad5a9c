"""Registered list sizes of January 2021, and what other files of those years say of them."""

from __future__ import annotations

from datetime import date

from tests.support.real import MARKS

pytestmark = MARKS

FILE = "gp-list-size-jan2021/gp-reg-pat-prac-all.csv"
DAY = date(2021, 1, 1)


def test_the_list_sizes_have_landed_whole(released, ask_warehouse):
    _, outcome = released
    assert FILE in outcome.summary["landing"]["landed"]
    assert ask_warehouse(
        f"select source_id, period, rows_kept from raw.extracts where relative_path = '{FILE}'"
    ) == [("registered_patients", None, 6658)]


def test_every_level_holds_the_60606345_patients_of_the_file(ask_warehouse):
    assert ask_warehouse(
        "select counted_on, area_type, count(*), sum(registered_patients), sum(practices)"
        " from intermediate.int_registered_patients group by all order by all"
    ) == [
        (DAY, "england", 1, 60606345.0, 6658),
        (DAY, "practice", 6658, 60606345.0, 6658),
        (DAY, "sub_icb", 135, 60606345.0, 6658),
    ]


def test_its_ccgs_are_all_those_of_the_day_under_the_registrys_codes(ask_warehouse):
    there, alive, matched = ask_warehouse(
        """
        with lists as (
            select distinct sub_icb_code, sub_icb_ods_code
            from staging.stg_registered_patients__totals
        ), alive as (
            select area_code, ods_code from intermediate.int_areas
            where area_type = 'sub_icb' and date '2021-01-01' between valid_from
                and coalesce(valid_to, date '9999-12-31')
        )
        select (select count(*) from lists), (select count(*) from alive), count(*)
        from lists inner join alive
            on sub_icb_code = area_code and sub_icb_ods_code = ods_code
        """
    )[0]
    assert (there, alive, matched) == (135, 135, 135)


def test_qof_counted_the_same_practices_at_another_day_of_the_year(ask_warehouse):
    """Every practice of QOF 2020/21 has a list here; few of them grew or shrank by a twentieth."""
    there, listed, near, qof, lists = ask_warehouse(
        """
        with qof as (
            select practice_code, max(denominator) as list_size from staging.stg_qof__registers
            where period = '2020/21' and list_type = 'TOTAL' group by 1
        )
        select count(*), count(area_code),
            count_if(abs(list_size / registered_patients - 1) < 0.05),
            sum(list_size), sum(registered_patients)
        from qof left join intermediate.int_registered_patients
            on practice_code = area_code and area_type = 'practice'
        """
    )[0]
    assert (there, listed, near) == (6571, 6571, 6458)
    assert (qof, lists) == (60716244.0, 60395531.0)
