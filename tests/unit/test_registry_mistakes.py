"""Every kind of mistake in the registry's files is found and named."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from dagster_project.errors import RegistryError
from dagster_project.registry.registry import RegistryProblems, load_registry, validate
from dagster_project.registry.state_words import SAID, what_is_said_has_a_meaning
from tests.support.models import model_sql
from tests.support.seeds import (
    GOAL,
    LEAST_DEPRIVED,
    M04,
    PEER,
    REVIEW,
    SEEDS,
    change,
    copied,
    read,
    write,
)


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return copied(tmp_path / "seeds")


@pytest.mark.parametrize(
    ("life_cycle", "needs"),
    [("retired", ["valid_to", "life_cycle_reason"]), ("under_review", ["life_cycle_reason"])],
)
def test_a_life_cycle_that_ends_needs_its_day_and_its_reason(
    seeds: Path, life_cycle: str, needs: list[str]
) -> None:
    row = change(seeds, "framework_indicators.csv", M04, "life_cycle", life_cycle)
    found = [(problem.place, problem.problem) for problem in validate(seeds)]
    assert found == [(f"row {row}, {name}", f"is empty beside {life_cycle}") for name in needs]


def test_successors_may_not_come_round(seeds: Path) -> None:
    file = "framework_indicators.csv"
    for code, following in (("BNSSG-M03", "BNSSG-M04"), ("BNSSG-M04", "BNSSG-M03")):
        key = f"bnssg;2021;{code}"
        change(seeds, file, key, "life_cycle", "retired")
        change(seeds, file, key, "valid_to", "2025-03-31")
        change(seeds, file, key, "life_cycle_reason", "Asked otherwise")
        change(seeds, file, key, "successor_code", following)
    assert {problem.problem for problem in validate(seeds)} == {"comes round to where it started"}


def test_a_goal_is_of_its_code_and_comes_after_its_baseline(seeds: Path) -> None:
    file = "goals.csv"
    write(seeds, file, [*read(seeds, file), GOAL])
    assert validate(seeds) == []
    for column, value, problem in (
        ("indicator_id", "low_happiness", "isn't an indicator of this code"),
        ("baseline_start", "", "is half a baseline"),
        ("target_by", "2019-06-30", "is before the baseline ends"),
        ("target_value", "5%", "has the wrong form"),
        ("code", "BNSSG-M99", "refers to a row that doesn't exist"),
    ):
        before = dict(zip(read(seeds, file)[0], GOAL, strict=True))[column]
        change(seeds, file, "bnssg_smoking", column, value)
        assert problem in {found.problem for found in validate(seeds)}
        change(seeds, file, "bnssg_smoking", column, before)


def test_a_cut_by_deprivation_needs_each_quantile_once(seeds: Path) -> None:
    change(seeds, "deprivation_quantiles.csv", LEAST_DEPRIVED, "quantile", "9")
    assert [problem.problem for problem in validate(seeds)] == ["isn't a whole cut"]


@pytest.mark.parametrize(
    ("peers", "problems"),
    [
        (["E06000022", "E06000024"], 0),
        (["E06000022", "E06000023"], 1),
        (["E06000099"], 1),
    ],
)
def test_peers_are_other_areas_that_exist(seeds: Path, peers: list[str], problems: int) -> None:
    rows = [[*PEER[:2], peer, *PEER[3:]] for peer in peers]
    write(seeds, "peer_sets.csv", [*read(seeds, "peer_sets.csv"), *rows])
    assert len(validate(seeds)) == problems


def test_a_peer_may_come_back_but_not_be_there_twice(seeds: Path) -> None:
    header = read(seeds, "peer_sets.csv")
    first = [*PEER[:2], "E06000022", "2020-01-01", "2021-12-31", *PEER[5:]]
    again = [*PEER[:2], "E06000022", "2022-01-01", "", *PEER[5:]]
    write(seeds, "peer_sets.csv", [*header, first, again])
    assert validate(seeds) == []
    again[3] = "2021-06-01"
    write(seeds, "peer_sets.csv", [*header, first, again])
    assert [problem.problem for problem in validate(seeds)] == [
        "is the area itself, or a peer twice over"
    ]


def test_a_key_that_is_there_twice_is_named(seeds: Path) -> None:
    lines = read(seeds, "owners.csv")
    write(seeds, "owners.csv", [*lines[:2], *lines[1:]])
    assert [(p.place, p.problem) for p in validate(seeds)] == [
        ("row 3, owner_id", "is there twice")
    ]


def test_a_row_out_of_order_is_named(seeds: Path) -> None:
    lines = read(seeds, "owners.csv")
    write(seeds, "owners.csv", [lines[0], lines[2], lines[1], *lines[3:]])
    assert [(p.place, p.problem) for p in validate(seeds)] == [
        ("row 3, owner_id", "is out of order")
    ]


def test_a_row_with_a_missing_cell_is_named(seeds: Path) -> None:
    lines = read(seeds, "owners.csv")
    write(seeds, "owners.csv", [*lines[:2], lines[2][:-1], *lines[3:]])
    assert [(p.place, p.problem) for p in validate(seeds)] == [
        ("row 3", "has the wrong number of cells")
    ]


def test_two_periods_of_one_code_may_not_overlap(seeds: Path) -> None:
    change(seeds, "indicator_sources.csv", "ascof;3A;to 2022/23", "period_to", "2023-06-30")
    assert "overlaps another row of the same code" in {p.problem for p in validate(seeds)}


def test_a_sourced_indicator_needs_a_code(seeds: Path) -> None:
    lines = read(seeds, "indicator_sources.csv")
    write(seeds, "indicator_sources.csv", [r for r in lines if r[:2] != ["qof", "DEM"]])
    assert [p.problem for p in validate(seeds)] == ["has no code in this source"]


def test_shared_codes_without_a_caveat_must_be_one_indicator(seeds: Path) -> None:
    key = "Estimated diagnosis rate for people with dementia;shared;nhsof;2016/17"
    row = change(seeds, "crosswalk.csv", key, "caveat", "")
    assert [(p.place, p.problem) for p in validate(seeds)] == [
        (f"row {row}, relation", "shared codes lead to different indicators")
    ]


def _rename_a_column(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace("mailbox", "email", 1), "utf-8", newline="\n")


FILES: list[tuple[str, Callable[[Path], object]]] = [
    ("the header is wrong", _rename_a_column),
    ("the header is wrong", lambda path: path.write_bytes(b"")),
    ("the file is missing", lambda path: path.unlink()),
    ("byte order mark", lambda path: path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())),
    ("line ends", lambda path: path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))),
    ("isn't UTF-8", lambda path: path.write_bytes(path.read_bytes() + b"\xe9")),
]


@pytest.mark.parametrize(("words", "damage"), FILES)
def test_a_file_that_cannot_be_read_is_one_mistake(
    seeds: Path, words: str, damage: Callable[[Path], object]
) -> None:
    damage(seeds / "owners.csv")
    problems = validate(seeds)
    assert [problem.file for problem in problems] == ["seeds/owners.csv"]
    assert words in problems[0].problem


@pytest.mark.parametrize(
    ("key", "column", "value"),
    [
        ("fingertips_icb", "page_size", ""),
        ("fingertips_icb", "codes_of", ""),
        ("fingertips_icb", "file_name", "icb.csv"),
        ("qof_2024_25", "codes_of", "fingertips"),
        ("qof_2024_25", "address", "https://files.digital.nhs.uk/{year}.zip"),
    ],
)
def test_a_live_row_is_all_of_a_page_or_all_of_a_file(
    seeds: Path, key: str, column: str, value: str
) -> None:
    change(seeds, "live_sources.csv", key, column, value)
    assert any("isn't all of a page" in problem.problem for problem in validate(seeds))


def test_a_secret_in_an_address_is_not_repeated(seeds: Path) -> None:
    change(
        seeds, "live_sources.csv", "qof_2024_25", "address", "https://me:it@files.digital.nhs.uk"
    )
    (problem,) = validate(seeds)
    assert "me:it" not in problem.message


def test_all_mistakes_are_told_in_one_error(seeds: Path) -> None:
    change(seeds, "indicators.csv", "suicide_rate", "owner", "nobody")
    change(seeds, "areas.csv", "E06000023", "is_ltla", "false")
    with pytest.raises(RegistryProblems) as raised:
        load_registry(seeds)
    assert isinstance(raised.value, RegistryError)
    assert len(raised.value.problems) == 2
    told = str(raised.value)
    assert told.startswith("2 mistakes in the registry")
    assert "seeds/indicators.csv: row " in told
    assert "seeds/areas.csv: row " in told
    assert "got 'nobody'; expected owner_id of a row of seeds/owners.csv" in told


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("checked_by", "geography", "is the role that wrote the definition"),
        ("definition_version", "9", "is a version that the definition hasn't reached"),
        ("review_due", "2026-01-01", "is before checked_on"),
        ("checked_by", "nobody", "refers to a row that doesn't exist"),
    ],
)
def test_a_definition_is_checked_by_another_role_than_wrote_it(
    seeds: Path, column: str, value: str, problem: str
) -> None:
    header, *_ = read(seeds, "definition_reviews.csv")
    sound = dict(zip(header, REVIEW, strict=True)) | {"checked_by": "public-health-analysts"}
    write(seeds, "definition_reviews.csv", [header, list(sound.values())])
    assert validate(seeds) == []
    write(seeds, "definition_reviews.csv", [header, list((sound | {column: value}).values())])
    assert [each.problem for each in validate(seeds)] == [problem]


@pytest.mark.parametrize(
    ("column", "value"), [("limit_pct", ""), ("limit_pct", "0"), ("limit_absolute", "2")]
)
def test_a_revision_limit_is_a_share_or_a_distance(seeds: Path, column: str, value: str) -> None:
    change(seeds, "revision_limits.csv", "dsr", column, value)
    assert [each.problem for each in validate(seeds)] == ["isn't one limit"]


def test_each_kind_of_value_has_a_limit_for_revisions(seeds: Path) -> None:
    lines = read(seeds, "revision_limits.csv")
    write(seeds, "revision_limits.csv", [line for line in lines if line[0] != "isr_ratio"])
    assert {each.problem for each in validate(seeds)} == {"has no limit for revisions"}


def test_each_word_that_a_model_says_is_missed_by_name() -> None:
    with (SEEDS / "state_words.csv").open(encoding="utf-8", newline="") as file:
        rows = tuple(csv.DictReader(file))
    names = ("released_table", "column_name", "word")
    for place in ((*columns, word) for columns, words in SAID.items() for word in words):
        left = tuple(row for row in rows if tuple(row[name] for name in names) != place)
        (problem,) = what_is_said_has_a_meaning({"state_words.csv": left})
        assert problem.problem.endswith(f"the column {place[1]} of {place[0]} says")
        assert problem.got == f"nothing of {place[2]}"
        assert problem.expected.startswith(f"{','.join(place)} with")


def test_a_list_of_words_that_has_only_its_header_lacks_them_all(seeds: Path) -> None:
    write(seeds, "state_words.csv", read(seeds, "state_words.csv")[:1])
    told = {each.got for each in validate(seeds)}
    assert {f"nothing of {word}" for words in SAID.values() for word in words} <= told


def test_a_word_that_is_gone_is_told_before_anything_is_built(seeds: Path) -> None:
    rows = read(seeds, "state_words.csv")
    write(seeds, "state_words.csv", [row for row in rows if "england_held" not in row])
    with pytest.raises(RegistryProblems) as refused:
        load_registry(seeds)
    said = str(refused.value)
    for part in ("state_words.csv", "reason of comparisons", "england_held", "To mend it: put"):
        assert part in said


@pytest.mark.parametrize("model", ["comparisons", "coverage"])
def test_no_model_says_more_words_than_are_asked_for(model: str) -> None:
    """Each text that its SQL may give is one of them, a part of one or of another column."""
    known = {word for (table, _), words in SAID.items() if table == model for word in words}
    sql = model_sql(f"marts/{model}.sql")
    said = set(re.findall(r"(?:then|else)\s+'(\w+)'(?!\s*\|\|)", sql))
    others = {f"limits_95_{way}" for way in ("overlap", "against_region", "against_england")}
    # An origin, and what only decides that two values of peers aren't compared.
    others |= {"published", "no_comparator_limits"}
    assert said - known == (others if model == "comparisons" else set())
