"""Rows that landed and have no place among the values: where they stand, why, and what to do.

They are counted by `int_set_aside` in each refresh. What stands in a cell is shown cut short,
without NHS numbers and without what a terminal would obey.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dagster_project import state
from dagster_project.calendar import source_rows
from dagster_project.errors import OutcomesError
from dagster_project.home import Home
from dagster_project.landing.nhs_numbers import masked

if TYPE_CHECKING:
    import duckdb

STEP = "set_aside"
SHOWN = 40
# One row for each source, file and reason, with the example that most rows have.
COUNTED = """
    select
        source_id, file, reason, cast(sum(row_count) as bigint) as row_count,
        first(source_code order by row_count desc, source_code) as source_code,
        count(distinct source_code) as codes,
        first(got order by row_count desc, got) filter (where got is not null) as got,
        count(distinct got) as kinds
    from intermediate.int_set_aside
    group by source_id, file, reason
"""


@dataclass(frozen=True)
class Reason:
    """Why rows have no place. What `needs_a_hand` is a fault; the rest are rows nobody asked for.

    `{period}` stands for the period of the file, `{page}` for the publisher's page.
    """

    problem: str
    expected: str
    fix: str
    needs_a_hand: bool = False
    is_of_an_indicator: bool = True


REASONS = {
    "period_not_understood": Reason(
        "their period isn't understood",
        "a period such as 2015, 2013/14, 2015 - 17, 2016/17 - 18/19, 2021/22 Q1 or 2021 Q1",
        "correct the period in the file, or ask the publisher for one, and put it in the place of"
        " the first; a new way to write a period is taught to dbt/macros/periods.sql",
        needs_a_hand=True,
    ),
    "geography_not_landed": Reason(
        "they are practices', and where the practices of that year lie hasn't landed",
        "the QOF mapping of practices to NHS geographies of {period}",
        "put it in the inbox as well (its name is like MAPPING_NHS_GEOGRAPHIES_2021.csv, where 2021"
        " is 2020/21); it comes with the same publication: {page}",
        needs_a_hand=True,
        is_of_an_indicator=False,
    ),
    "practice_not_in_geography": Reason(
        "their practices aren't in the mapping of practices to NHS geographies",
        "each practice of the registers in the mapping of its year",
        "see that both files are of one issue; if they are, leave them",
        is_of_an_indicator=False,
    ),
    "period_not_stated": Reason(
        "their period isn't stated, or is a bare year where several years are pooled",
        "which years each row is of",
        "ask the publisher for a file that says it; where there is none, leave them",
    ),
    "area_without_code": Reason(
        "their area has no code here",
        "an area of seeds/areas.csv, by its code or name",
        "leave them where such areas aren't wanted; else correct the name, or add the area",
    ),
    "indicator_not_registered": Reason(
        "their indicators aren't registered",
        "a code of the source in seeds/indicator_sources.csv",
        "leave them where they aren't wanted; else see docs/how-to/add-an-indicator.md",
        is_of_an_indicator=False,
    ),
}


def counted(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """What is set aside now, a record for each source, file and reason: faults and many first."""
    pages = {row["source_id"]: row["page_url"] for row in source_rows()}
    found = [
        _record(*row, page=pages.get(row[0], "")) for row in connection.execute(COUNTED).fetchall()
    ]
    return sorted(found, key=_gravity)


def _gravity(told: Mapping[str, Any]) -> tuple[Any, ...]:
    return (not told["needs_a_hand"], -told["rows"], told["source_id"], told.get("file", ""))


def _record(
    source_id: str,
    file: str | None,
    reason: str,
    rows: int,
    source_code: str,
    codes: int,
    got: str | None,
    kinds: int,
    *,
    page: str,
) -> dict[str, Any]:
    why = REASONS[reason]
    said = OutcomesError(
        f"{rows:,} row{'' if rows == 1 else 's'} of {source_id} set aside: {why.problem}",
        file=file,
        place=f"indicator {_example(source_code, codes)}" if why.is_of_an_indicator else None,
        got=_example(got, kinds) if got is not None else None,
        expected=why.expected.format(period=got),
        fix=why.fix.format(page=page),
    )
    return {
        "source_id": source_id,
        "reason": reason,
        "rows": rows,
        "needs_a_hand": why.needs_a_hand,
        **said.as_dict(),
        "message": said.message,
    }


def _example(text: str, kinds: int) -> str:
    plain = masked(text)
    others = f" and {kinds - 1:,} other{'' if kinds == 2 else 's'}" if kinds > 1 else ""
    return repr(plain if len(plain) <= SHOWN else f"{plain[:SHOWN]}…") + others


def last_told(home: Home) -> list[dict[str, Any]]:
    """The records of the newest run that built the models: others leave what they say standing."""
    with state.reading(home.state) as ledger:
        row = ledger.execute(
            f"select json_extract(summary, '$.{STEP}.files') as files from runs"
            f" where json_extract(summary, '$.{STEP}') is not null order by run_number desc limit 1"
        ).fetchone()
    # Earlier versions noted numbers and no files.
    return json.loads(row["files"]) if row is not None and row["files"] else []


def brief_lines(told: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A line for each source and reason: how many rows, and where the most of them stand."""
    alike: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for each in told:
        alike.setdefault((each["source_id"], each["reason"]), []).append(each)
    for (source_id, reason), its in alike.items():
        rows = sum(each["rows"] for each in its)
        where = " in ".join(its[0][part] for part in ("got", "file") if part in its[0])
        more = f" and {len(its) - 1:,} more file{'' if len(its) == 2 else 's'}"
        yield (
            f"{rows:,} of {source_id}, {reason.replace('_', ' ')}"
            + (f": {where}" if where else "")
            + (more if len(its) > 1 else "")
        )
