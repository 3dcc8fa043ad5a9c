"""A partner's return on its way to a release: shares as counted by hand, few people hidden."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project.home import Home
from dagster_project.refresh import refresh, request_for
from tests.support.survey_forms import STOCKPORT, returned, sent

pytestmark = pytest.mark.slow
PEOPLE, FEW = 60, 5
SAFE = "stockport_feel_safe_ascot"
RATE = "personal_outcomes_response_rate"


def rows() -> list[dict[str, Any]]:
    """People of two segments, one of them small; every fourth didn't answer."""
    drawn = random.Random(20231101)  # noqa: S311 (made-up answers)
    made = []
    for number in range(PEOPLE + FEW):
        segment = "long_term_conditions" if number < PEOPLE else "end_of_life"
        answers = [drawn.choice((1, 1, 1, 2, 2, 3, 4)) for _ in range(8)]
        person = f"partner-key-{number:03d}"
        given = answers if number % 4 else []
        made.append(sent(person, "ascot_sct4", *given, segment=segment))
    return made


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    root = tmp_path_factory.mktemp("returns")
    (root / "inbox").mkdir()
    (root / "inbox" / "return.xlsx").write_bytes(returned(*rows()))
    made = Home(root / "home")
    refresh(request_for(made, [str(root / "inbox")], sample=False, as_of="2024-06-01"))
    return made


def ask(home: Home, query: str) -> list[tuple[Any, ...]]:
    values = home.releases / "latest" / "data" / "indicator_values.parquet"
    return duckdb.sql(query.replace("VALUES", f"'{values}'")).fetchall()


def to_five(count: int) -> float:
    return float((count + 2) // 5 * 5)


def test_a_share_is_what_is_counted_by_hand(home: Home) -> None:
    answered = [row for row in rows() if row["answered_on"]]
    safe = sum(row["answer_5"] == 1 for row in answered)
    assert ask(
        home,
        "select numerator, denominator, status, flags from VALUES"
        f" where indicator_id = '{SAFE}' and segment = 'all' and area_code = '{STOCKPORT}'",
    ) == [(to_five(safe), to_five(len(answered)), "published", ["stand_in"])]


def test_a_segment_of_few_is_hidden_and_so_is_what_would_tell_it(home: Home) -> None:
    found = ask(
        home,
        "select segment, status, numerator, value from VALUES"
        f" where indicator_id = '{SAFE}' and segment <> 'all' order by segment",
    )
    assert [(segment, status) for segment, status, _, _ in found] == [
        ("end_of_life", "suppressed"),
        ("long_term_conditions", "suppressed"),
    ]
    assert {figure for _, _, *figures in found for figure in figures} == {None}


def test_the_response_rate_stands_beside_it(home: Home) -> None:
    answered = sum(bool(row["answered_on"]) for row in rows())
    assert ask(
        home,
        "select numerator, denominator from VALUES"
        f" where indicator_id = '{RATE}' and segment = 'all' and breakdown = 'ascot_sct4'",
    ) == [(to_five(answered), to_five(PEOPLE + FEW))]


def test_no_key_of_a_person_leaves_the_warehouse(home: Home) -> None:
    left = [home.releases, home.outbox]
    files = [path for folder in left for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 10
    assert [path for path in files if b"partner-key" in Path(path).read_bytes()] == []
