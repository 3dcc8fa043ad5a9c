"""Indicators and what they read run on Spark too: the lint, and that it catches what it should."""

from __future__ import annotations

import pytest

from tests.support import portability


def test_indicators_and_all_beneath_them_are_portable() -> None:
    files = portability.files()
    assert {"average_practice_list_size", "stg_qof__registers", "int_latest_extracts"} <= set(files)
    found = {name: portability.faults_of_file(path) for name, path in sorted(files.items())}
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize(
    "sql",
    [
        "select a, count(*) as n from t group by a order by a desc nulls last",
        "with t as (select 1 as a) select cast(a as double) / 2 from t where a between 1 and 2",
        "select row_number() over (partition by a order by b) as nth from t left join u using (a)",
        "select coalesce(a, 0), concat(a, '-04-01'), substring(p, 1, 4), greatest(a, b) from t",
        "select sum(case when a is null then 0 else a end) from t union all select max(a) from u",
        "select a from t where exists (select 1 from u where u.a = t.a) -- list_sum(x)",
        "select 'hash(a)' as words from t where a like 'E0%'",
    ],
)
def test_portable_sql_has_no_fault(sql: str) -> None:
    assert list(portability.faults(sql)) == []


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("pivot t on a using sum(b)", "PIVOT"),
        ("select a from t qualify row_number() over (order by a) = 1", "QUALIFY"),
        ("select * exclude (a) from t", "EXCLUDE or REPLACE"),
        ("select * replace (1 as a) from t", "EXCLUDE or REPLACE"),
        ("select a, sum(b) from t group by all", "GROUP BY ALL"),
        ("select a from t order by all", "ORDER BY ALL"),
        ("select distinct on (a) b from t", "DISTINCT ON"),
        ("select a from t union all by name select a from u", "UNION BY NAME"),
        ("select [1, 2] as a", "a list"),
        ("select list(a) from t", "a list of values"),
        ("select list_transform(a, lambda x: x + 1) from t", "a lambda"),
        ("select {'a': 1} as s", "a struct"),
        ("select unnest(a) from t", "unnest()"),
        ("select x from t, unnest(t.a) as u(x)", "UNNEST"),
        ("select a // 2 from t", "//"),
        ("select list_contains(a, 1) from t", "list_contains()"),
        ("select string_split(a, '|') from t", "string_split()"),
        ("select strftime(a, '%Y') from t", "strftime()"),
        ("select arg_max(a, b) from t", "arg_max()"),
        ("select regexp_full_match(a, 'x') from t", "regexp_full_match()"),
        ("select hash(a) from t", "hash()"),
        ("select isfinite(a) from t", "isfinite()"),
        ("select a from", "unreadable"),
    ],
)
def test_what_only_duckdb_has_is_told(sql: str, fault: str) -> None:
    assert fault in {name for name, _, _ in portability.faults(sql)}
