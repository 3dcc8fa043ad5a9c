"""Scores of questionnaires: published worked figures, missing items, pairs of one respondent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import pytest

from tests.support import models

MADE_OF = (
    "intermediate/int_survey__questionnaires.sql",
    "intermediate/int_survey__answers.sql",
    "intermediate/int_survey__scores.sql",
)
# A value set with figures of nobody's, so that none that needs a licence stands here.
VALUE_SET: list[dict[str, Any]] = [
    {"extract_id": 1, "value_set": "made up", "instrument": "eq5d_3l"} | row
    for row in [
        {"dimension": "full_health", "answer": 0, "value": 1.0},
        {"dimension": "any_not_best", "answer": 0, "value": -0.1},
        {"dimension": "any_worst", "answer": 0, "value": -0.2},
        *(
            {"dimension": str(item), "answer": level, "value": -0.01 * item * (level - 1)}
            for item in range(1, 6)
            for level in (1, 2, 3)
        ),
    ]
]
Questionnaire = dict[str, Any]
ANSWERS = {
    "extract_id": "bigint",
    "sheet_row": "integer",
    "person_key": "varchar",
    "area_code": "varchar",
    "segment": "varchar",
    "sex": "varchar",
    "age": "integer",
    "instrument": "varchar",
    "occasion": "varchar",
    "sent_on": "date",
    "answered_on": "date",
    "answered_by": "varchar",
    "item": "integer",
    "answer": "double",
    "weight": "double",
}
VALUE_SETS = {
    "extract_id": "bigint",
    "value_set": "varchar",
    "instrument": "varchar",
    "dimension": "varchar",
    "answer": "integer",
    "value": "double",
}


def asked(
    instrument: str,
    answers: Sequence[float | None],
    weights: Sequence[float] = (),
    **said: Any,
) -> list[Questionnaire]:
    """The landed rows of one questionnaire: itself, and each item that was answered."""
    row: Questionnaire = {
        "extract_id": 1,
        "sheet_row": 2,
        "person_key": "p-1",
        "area_code": "E08000007",
        "segment": "frailty",
        "sex": "Persons",
        "age": 70,
        "instrument": instrument,
        "occasion": "once",
        "sent_on": "2023-05-01",
        "answered_on": "2023-05-08",
        "answered_by": "person",
    }
    rows = [row | said | {"item": 0, "answer": None, "weight": None}]
    rows += [
        row
        | said
        | {"item": number, "answer": float(answer)}
        | {"weight": float(weights[number - 1]) if weights else None}
        for number, answer in enumerate(answers, start=1)
        if answer is not None
    ]
    return rows


def made(*rows: Questionnaire, last: Sequence[str] = ()) -> list[dict[str, Any]]:
    """What the last of the models makes of the answers; the seeds are the project's own."""
    with duckdb.connect(config={"threads": "1"}) as connection:
        for seed in ("instruments", "instrument_items", "instrument_weights"):
            models.load_seed(connection, seed)
        for name, (columns, given) in {
            "stg_surveys__answers": (ANSWERS, rows),
            "stg_surveys__value_sets": (VALUE_SETS, VALUE_SET),
        }.items():
            kinds = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            connection.execute(f"create table {name} ({kinds})")
            marks = ", ".join("?" for _ in columns)
            connection.executemany(
                f"insert into {name} values ({marks})",
                [[row[column] for column in columns] for row in given],
            )
        for path in (*MADE_OF, *last):
            name = path.rsplit("/", 1)[-1].removesuffix(".sql")
            connection.execute(f"create table {name} as {models.model_sql(path)}")
        found = connection.execute(f"from {name}")
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def scores(*args: Any, **said: Any) -> dict[str, float]:
    return {row["score"]: row["value"] for row in made(*asked(*args, **said))}


@pytest.mark.parametrize(
    ("answers", "score"), [([1] * 8, 0.9986), ([4] * 8, -0.1706), ([2] * 8, 0.7575)]
)
def test_ascot_gives_its_published_figures(answers: list[int], score: float) -> None:
    found = scores("ascot_sct4", answers)
    assert found["ascot"] == pytest.approx(score, abs=0.00005)
    assert found["ascof_1a"] == 32 - sum(answers)


def test_ascof_1j_takes_off_what_would_be_expected() -> None:
    # All without difficulty and the best of the rest: nothing is taken off beside age.
    best = scores("ascs", [1] * 18, age=64)
    assert best["ascof_1j"] == pytest.approx(0.9986 - 0.5798, abs=0.00005)
    assert scores("ascs", [1] * 18, age=65)["ascof_1j"] == pytest.approx(best["ascof_1j"] - 0.0473)
    # Two of seven with difficulty, one not at all; home 3, information 2, getting about 4.
    answers = [1] * 8 + [2, 2, 3, 1, 1, 1, 1] + [3, 2, 4]
    expected = 0.5798 - 0.0202 * 4 - 0.0148 - 0.0308 - 0.1100
    assert scores("ascs", answers, age=40)["ascof_1j"] == pytest.approx(
        0.9986 - expected, abs=0.00005
    )


@pytest.mark.parametrize(
    ("weights", "attained", "score"),
    [
        ([1, 1, 1], [0, 1, 1], 59.13),
        ([2, 1, 3], [-1, 0, 2], 58.81),
        ([1, 1, 1], [-1, -1, -1], 36.31),
    ],
)
def test_goal_attainment_gives_its_worked_figures(
    weights: list[float], attained: list[float], score: float
) -> None:
    assert scores("gas", attained, weights)["gas_t"] == pytest.approx(score, abs=0.005)


def test_goals_without_a_weight_count_once_and_without_any_not_at_all() -> None:
    assert scores("gas", [0, 1, 1]) == scores("gas", [0, 1, 1], [1, 1, 1])
    assert scores("gas", [0, 1], [0, 0]) == {}


@pytest.mark.parametrize(
    ("score", "level"),
    [(0, 1), (47.0, 1), (47.1, 2), (55.1, 2), (55.2, 3), (72.4, 3), (72.5, 4), (100, 4)],
)
def test_patient_activation_has_four_levels(score: float, level: int) -> None:
    assert scores("pam", [score])["pam_level"] == level


def test_palliative_scales_are_sums_of_all_their_items() -> None:
    found = scores("ipos", [4] * 10 + [3] * 4 + [2] * 3)
    assert found == {
        "ipos_physical": 40,
        "ipos_emotional": 12,
        "ipos_communication": 6,
        "ipos_overall": 58,
    }
    without = scores("ipos", [4] * 10 + [3, 3, None, 3] + [2] * 3)
    assert without == {"ipos_physical": 40, "ipos_communication": 6}


@pytest.mark.parametrize(
    ("instrument", "items"), [("ascot_sct4", 8), ("ascs", 18), ("carer_qol", 6), ("eq5d_3l", 5)]
)
def test_a_score_that_needs_all_items_is_not_given_without_one(instrument: str, items: int) -> None:
    assert scores(instrument, [1] * items)
    for missing in range(items):
        answers: list[int | None] = [1] * items
        answers[missing] = None
        found = scores(instrument, answers)
        # Of the survey with surroundings, ASCOT alone may still be whole.
        assert set(found) <= ({"ascot", "ascof_1a"} if missing >= 8 else set())


def test_eq5d_takes_its_figures_from_the_users_value_set() -> None:
    assert scores("eq5d_3l", [1] * 5)["eq5d"] == pytest.approx(1.0)
    assert scores("eq5d_3l", [1, 1, 2, 1, 1])["eq5d"] == pytest.approx(1.0 - 0.1 - 0.03)
    assert scores("eq5d_3l", [3, 1, 2, 1, 1])["eq5d"] == pytest.approx(1 - 0.1 - 0.2 - 0.02 - 0.03)
    assert scores("eq5d_5l", [1] * 5) == {}


def test_a_carer_has_two_points_for_each_best_answer() -> None:
    assert scores("carer_qol", [1] * 6)["carer_qol"] == 12
    assert scores("carer_qol", [3] * 6)["carer_qol"] == 0


CHANGES = ("intermediate/int_survey__changes.sql",)
BEFORE = {"occasion": "baseline"}
AFTER = {
    "occasion": "follow_up",
    "sent_on": "2024-02-01",
    "answered_on": "2024-02-10",
    "sheet_row": 3,
}


def changes(*rows: list[Questionnaire]) -> list[tuple[str, float, int]]:
    found = made(*(row for each in rows for row in each), last=CHANGES)
    return sorted((row["score"], row["change"], row["first_year"]) for row in found)


def test_a_change_is_better_above_nought_whichever_way_the_scale_runs() -> None:
    assert changes(asked("pam", [40], **BEFORE), asked("pam", [46], **AFTER)) == [
        ("pam", 6.0, 2023),
        ("pam_level", 0.0, 2023),
    ]
    worse = [1] * 10 + [None] * 7
    better = [0] * 10 + [None] * 7
    assert changes(asked("ipos", worse, **BEFORE), asked("ipos", better, **AFTER)) == [
        ("ipos_physical", 10.0, 2023)
    ]


@pytest.mark.parametrize(
    "said",
    [
        {"answered_by": "staff"},
        {"person_key": "p-2"},
        {"occasion": "once"},
        {"answered_on": "2023-05-08"},
        {"instrument": "ons4"},
    ],
)
def test_what_is_no_pair_has_no_change(said: dict[str, Any]) -> None:
    after = AFTER | {"instrument": "pam"} | said
    rows = asked(after.pop("instrument"), [46], **after)
    assert changes(asked("pam", [40], **BEFORE), rows) == []


def test_the_last_baseline_before_a_follow_up_is_its_pair() -> None:
    earlier = {"sent_on": "2022-05-01", "answered_on": "2022-05-08", "sheet_row": 4}
    found = changes(
        asked("pam", [10], **BEFORE, **earlier),
        asked("pam", [40], **BEFORE),
        asked("pam", [46], **AFTER),
    )
    assert found[0] == ("pam", 6.0, 2023)
    assert len(found) == 2


def test_a_questionnaire_that_is_returned_again_counts_once_as_it_is_now() -> None:
    again = asked("pam", [60], extract_id=2)
    found = made(*asked("pam", [40]), *again)
    assert [row["value"] for row in found if row["score"] == "pam"] == [60.0]


def test_the_year_is_that_of_the_answer_and_ends_in_march() -> None:
    days = {"2024-03-31": 2023, "2024-04-01": 2024}
    for day, first_year in days.items():
        (row,) = [r for r in made(*asked("pam", [40], answered_on=day)) if r["score"] == "pam"]
        assert row["first_year"] == first_year
