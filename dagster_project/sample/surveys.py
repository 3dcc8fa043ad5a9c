"""A made-up return of questionnaires, as a partner would send it: the form, filled in.

People of Stockport and Tower Hamlets answer what is asked of the likes of them: once, or before and
after. Four in five of what was sent came back, and of answers one in thirty was left out. Who comes
back better is drawn; nobody's answer follows from anything known of either place.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from dagster_project.registry.registry import Registry
from dagster_project.sample.world import generator
from dagster_project.sources.survey_form import COLUMNS, SHEET

if TYPE_CHECKING:
    import numpy as np

PEOPLE = 60
ANSWERED, LEFT_OUT = 0.8, 1 / 30
FIRST, LAST_DAY, LATER = date(2023, 4, 3), 150, 120
NO_MOMENT = datetime(1980, 1, 1, tzinfo=UTC)
# An answer that only says that the question doesn't apply.
NOT_APPLICABLE = 9
STOCKPORT, TOWER_HAMLETS = "E08000007", "E09000030"


@dataclass(frozen=True)
class Asked:
    """One questionnaire put to so many people of an area: once, or before and after."""

    instrument: str
    area: str
    by: str = "person"
    is_twice: bool = False
    first_key: int = 0


ASKED = (
    Asked("ascot_sct4", STOCKPORT),
    Asked("carer_qol", STOCKPORT, by="carer", first_key=100),
    Asked("gas", STOCKPORT, is_twice=True, first_key=200),
    Asked("ipos", STOCKPORT, is_twice=True, first_key=300),
    Asked("pam", STOCKPORT, first_key=400),
    Asked("ons4", STOCKPORT, first_key=400),
    Asked("stockport_statements", STOCKPORT, first_key=400),
    Asked("i_statements", TOWER_HAMLETS, first_key=500),
)


def content(registry: Registry, seed: int) -> bytes:
    """The bytes of the workbook."""
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"title": "Made-up survey return", "created": NO_MOMENT})
    sheet = book.add_worksheet(SHEET)
    sheet.write_row(0, 0, [column.header for column in COLUMNS])
    for number, row in enumerate(rows(registry, seed), start=1):
        for place, column in enumerate(COLUMNS):
            if row.get(column.name) is not None:
                sheet.write(number, place, row[column.name])
    book.close()
    return _stored(stream)


def _stored(stream: io.BytesIO) -> bytes:
    """The same members as they are: how they are pressed differs between systems."""
    made = io.BytesIO()
    with zipfile.ZipFile(stream) as pressed, zipfile.ZipFile(made, "w") as archive:
        for name in pressed.namelist():
            archive.writestr(zipfile.ZipInfo(name), pressed.read(name))
    return made.getvalue()


def rows(registry: Registry, seed: int) -> Iterator[dict[str, Any]]:
    """Each questionnaire that was sent, as the cells of its row."""
    spans: dict[str, list[tuple[int, int, int]]] = {}
    for item in sorted(registry.instrument_items, key=lambda row: int(row["item"])):
        lowest, highest = (int(float(item[name])) for name in ("lowest", "highest"))
        span = (int(item["item"]), lowest, highest)
        spans.setdefault(item["instrument"], []).append(span)
    better = {row["instrument"]: row["better"] for row in registry.instruments}
    for asked in ASKED:
        draws = generator(seed, "surveys", asked.instrument)
        # Whether it is high answers that are good ones: the levels of ASCOT begin with the best.
        is_high_good = better[asked.instrument] == "higher" and asked.instrument not in (
            "ascot_sct4",
            "carer_qol",
        )
        for number in range(PEOPLE):
            yield from _of_person(draws, asked, number, spans[asked.instrument], is_high_good)


def _of_person(
    draws: np.random.Generator,
    asked: Asked,
    number: int,
    spans: list[tuple[int, int, int]],
    is_high_good: bool,
) -> Iterator[dict[str, Any]]:
    sent = FIRST + timedelta(days=int(draws.integers(0, LAST_DAY)))
    age, sex = int(draws.integers(40, 90)), str(draws.choice(["Female", "Male"]))
    wellbeing = float(draws.normal(0.55, 0.15))
    for occasion in ("baseline", "follow_up") if asked.is_twice else ("once",):
        is_after = occasion == "follow_up"
        on = sent + timedelta(days=LATER) if is_after else sent
        is_answered = draws.random() < ANSWERED
        row: dict[str, Any] = {
            "person_key": f"made-up-{asked.first_key + number:04d}",
            "area_code": asked.area,
            "sex": sex,
            "age": age,
            "instrument": asked.instrument,
            "occasion": occasion,
            "sent_on": on.isoformat(),
        }
        if is_answered:
            back = on + timedelta(days=int(draws.integers(3, 28)))
            level = wellbeing + (0.12 if is_after else 0)
            answers = _answers(draws, spans, level if is_high_good else 1 - level)
            # A questionnaire of one question, left out, has not been answered.
            if answers:
                row |= {"answered_on": back.isoformat(), "answered_by": asked.by, **answers}
        yield row


def _answers(
    draws: np.random.Generator, spans: list[tuple[int, int, int]], level: float
) -> dict[str, int]:
    """An answer to each item, about so far up its scale; some are left out."""
    found = {}
    for item, lowest, highest in spans:
        top = 5 if highest == NOT_APPLICABLE else highest
        place = min(max(level + float(draws.normal(0, 0.2)), 0), 1)
        if draws.random() >= LEFT_OUT:
            found[f"answer_{item}"] = lowest + round(place * (top - lowest))
    return found
