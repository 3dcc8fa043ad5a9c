"""Which areas a group of values lacks: of what is public all of the level, else those it serves."""

from __future__ import annotations

from typing import Any

from tests.support import models

AREAS = ("E06000022", "E06000023", "E06000024", "E06000025")
LOCAL, PUBLIC = "gp_records", "fingertips"


def missing(*given: dict[str, Any]) -> list[tuple[str, int]]:
    found = models.rows(
        "evidence/evidence_missing_areas.sql",
        candidate_values=given,
        sources=models.seed("sources"),
        areas=[
            {"area_code": area, "area_type": "utla", "valid_from": "2009-04-01", "valid_to": None}
            for area in AREAS
        ],
    )
    return sorted((row["area_code"], row["expected_areas"]) for row in found)


def of(source: str, area: str, **said: Any) -> dict[str, Any]:
    return models.value(source_id=source, area_code=area, **said)


def test_what_is_public_has_every_area_of_the_level() -> None:
    assert missing(of(PUBLIC, AREAS[0]), of(PUBLIC, AREAS[2])) == [(AREAS[1], 4), (AREAS[3], 4)]


def test_local_records_have_the_areas_that_they_serve() -> None:
    served = [of(LOCAL, area) for area in AREAS[:2]]
    assert missing(*served) == []
    # An area that another of its measures, or another period, is of is one that it serves.
    assert missing(*served, of(LOCAL, AREAS[0], indicator_id="falls")) == [(AREAS[1], 2)]
    assert missing(
        *served, of(LOCAL, AREAS[1], period_start="2021-04-01", period_end="2022-03-31")
    ) == [(AREAS[0], 2)]
    # What is public serves nobody by it.
    assert missing(*served, of(PUBLIC, AREAS[0]))[0][1] == 4


def test_each_partner_asks_its_own_questions() -> None:
    asked = "survey_returns"
    assert missing(of(asked, AREAS[0]), of(asked, AREAS[1], indicator_id="falls")) == []
    later = {"period_start": "2021-04-01", "period_end": "2022-03-31"}
    assert missing(of(asked, AREAS[0]), of(asked, AREAS[1]), of(asked, AREAS[0], **later)) == [
        (AREAS[1], 2)
    ]
