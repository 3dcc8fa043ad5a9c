"""The registry in `seeds/`, sound as it stands: its areas, and that it knows the real files."""

from __future__ import annotations

import csv
import re
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest

from dagster_project.registry.registry import (
    Registry,
    live_areas,
    load_registry,
    validate,
)
from tests.support.real import FOLDER, WHY
from tests.support.seeds import (
    SEEDS,
)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(SEEDS)


def test_the_registry_has_no_mistakes() -> None:
    assert [str(problem) for problem in validate(SEEDS)] == []


def test_rows_and_registry_cannot_be_changed(registry: Registry) -> None:
    whole: Any = registry
    with pytest.raises(TypeError):
        whole.areas[0]["area_name"] = "Elsewhere"
    with pytest.raises(FrozenInstanceError):
        whole.areas = ()


@pytest.mark.parametrize(
    ("area_type", "number"),
    [
        ("england", 1),
        ("region", 9),
        ("utla", 153),
        ("district", 164),
        ("nhs_region", 7),
        ("icb", 42),
        ("sub_icb", 106),
    ],
)
@pytest.mark.parametrize("day", ["2023-04-01", "2024-03-31"])
def test_areas_alive_in_2023_24(registry: Registry, day: str, area_type: str, number: int) -> None:
    assert len(live_areas(registry, day, area_type)) == number


@pytest.mark.parametrize(
    ("day", "upper", "lower"),
    [
        ("2016-12-31", 152, 326),
        ("2019-12-31", 151, 317),
        ("2020-12-31", 151, 314),
        ("2021-12-31", 152, 309),
        ("2023-12-31", 153, 296),
        ("2025-12-31", 153, 296),
    ],
)
def test_tiers_of_local_government(registry: Registry, day: str, upper: int, lower: int) -> None:
    areas = live_areas(registry, day)
    assert sum(row["is_utla"] == "true" for row in areas) == upper
    assert sum(row["is_ltla"] == "true" for row in areas) == lower


@pytest.mark.parametrize(
    ("code", "successors"),
    [
        ("E10000027", {"E06000066"}),
        ("E07000190", {"E07000246"}),
        ("E10000009", {"E06000058", "E06000059"}),
        ("E08000016", {"E08000038"}),
        ("E38000017", {"E38000224"}),
        ("E54000009", {"E54000060", "E54000061"}),
    ],
)
def test_ended_areas_say_what_came_next(
    registry: Registry, code: str, successors: set[str]
) -> None:
    row = next(row for row in registry.areas if row["area_code"] == code)
    assert set(row["successor_codes"].split("|")) == successors


def test_every_ended_area_has_a_successor(registry: Registry) -> None:
    ended = [row for row in registry.areas if row["valid_to"]]
    assert len(ended) == 284
    assert [row["area_code"] for row in ended if not row["successor_codes"]] == []


EXTRACTS = FOLDER
needs_extracts = pytest.mark.skipif(not FOLDER.is_dir(), reason=WHY)


def column(path: Path, *names: str, encoding: str = "utf-8-sig") -> set[str]:
    """The filled values of the first of `names` that the file holds."""
    with path.open(encoding=encoding, newline="") as handle:
        reader = csv.DictReader(handle)
        name = next(n for n in names if n in (reader.fieldnames or ()))
        return {row[name].strip() for row in reader if (row[name] or "").strip()}


@needs_extracts
def test_every_code_of_the_real_files_leads_to_an_indicator(registry: Registry) -> None:
    known = {(row["source_id"], row["source_code"]) for row in registry.indicator_sources}
    wanted = {
        ("qof", code)
        for code in column(
            EXTRACTS / "qof-2020-21-raw" / "PREVALENCE_2021_v2.csv", "GROUP_CODE", encoding="cp1252"
        )
    }
    for path in sorted((EXTRACTS / "ascof-2017-24-trend").glob("*.csv")):
        wanted |= {("ascof", code) for code in column(path, "Measure Group")}
    for path in sorted(EXTRACTS.glob("fingertips*/*.csv")):
        if path.parent.name in (
            "fingertipsnext-indicators-current",
            "fingertips-indicator-list-2017",
        ):
            continue  # lists of indicators, not values
        ids = column(path, "Indicator ID", "IndicatorID", "IndicatorId")
        wanted |= {("fingertips", code) for code in ids}
    assert len(wanted) > 100
    assert wanted - known == set()


@needs_extracts
def test_every_area_of_the_real_files_is_known(registry: Registry) -> None:
    known = {row["area_code"] for row in registry.areas}
    used: set[str] = set()
    for path in sorted(EXTRACTS.glob("fingertips*/*.csv")) + sorted(
        EXTRACTS.glob("trafford*/*.csv")
    ):
        if path.parent.name not in (
            "fingertipsnext-indicators-current",
            "fingertips-indicator-list-2017",
        ):
            used |= column(path, "Area Code", "AreaCode", "area_code")
    ours = {code for code in used if re.fullmatch(r"E(06|07|08|09|10|12|38|40|54|92)\d{6}", code)}
    assert len(ours) > 300
    assert ours - known == set()
