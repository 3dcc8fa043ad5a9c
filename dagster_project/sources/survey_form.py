"""The form in which partners return questionnaires: columns, and what each may hold, as data."""

from __future__ import annotations

from dataclasses import dataclass

from dagster_project.registry.forms import words

SHEET = "Returns"
SEXES = words("Persons Male Female")
OCCASIONS = ("baseline", "follow_up", "once")
ANSWERED_BY = words("person carer staff")
ANSWERS, GOALS = 18, 5
AREA = r"E\d{8}"


@dataclass(frozen=True)
class FormColumn:
    """A column of the form: `kind` is text, area, age, date, word or number, empty or not."""

    name: str
    header: str
    note: str
    kind: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    width: int = 14


def answer(number: int) -> str:
    """The column of an item's answer."""
    return f"answer_{number}"


def weight(number: int) -> str:
    """The column of a goal's weight."""
    return f"weight_{number}"


COLUMNS: tuple[FormColumn, ...] = (
    FormColumn(
        "person_key",
        "Person key",
        "Your own key of the person, the same each time. Never an NHS number, a name or a birthday",
        required=True,
        width=22,
    ),
    FormColumn(
        "area_code", "Area", "Code of the council, such as E08000007", "area", True, width=12
    ),
    FormColumn("segment", "Segment", "The segment of the local framework; empty if there is none"),
    FormColumn("sex", "Sex", "Persons where it isn't known", "word", True, SEXES, 10),
    FormColumn("age", "Age", "In whole years on the day it was sent", "age", width=8),
    FormColumn(
        "instrument", "Questionnaire", "As on the sheet Questionnaires", "word", True, (), 18
    ),
    FormColumn(
        "occasion",
        "Occasion",
        "baseline before, follow_up after; once where nothing is compared",
        "word",
        True,
        OCCASIONS,
    ),
    FormColumn("sent_on", "Sent on", "Every questionnaire that was sent has a row", "date", True),
    FormColumn("answered_on", "Answered on", "Empty if it never came back", "date"),
    FormColumn(
        "answered_by",
        "Answered by",
        "Who answered: baseline and follow-up are compared only of the same kind",
        "word",
        False,
        ANSWERED_BY,
    ),
    *(
        FormColumn(answer(n), f"Answer {n}", f"Item {n}; empty if left out", "number", width=10)
        for n in range(1, ANSWERS + 1)
    ),
    *(
        FormColumn(weight(n), f"Weight {n}", f"Of goal {n}; 1 if none is given", "number", width=10)
        for n in range(1, GOALS + 1)
    ),
)
READ_ME = (
    "How to fill in this return",
    "",
    "A row is a questionnaire that was sent to somebody, whether it came back or not: the rows",
    "without an answer say how many didn't answer. Baseline and follow-up are two rows.",
    "Person keys are yours. Nobody else needs to know whose they are. No NHS numbers: one of them",
    "and the whole file is refused, and nothing of it is kept.",
    "An item that was left out stays empty. Nothing is put in its place.",
    "Headers are locked; everything below them is yours. Days are dates, or text like 2025-04-01.",
    "No formulas, no merged cells. Sheets of your own are left unread.",
    "If something is wrong, nothing is taken in. A copy comes back with the cells marked, and a",
    "sheet Mistakes that says of each what to do.",
    "",
)
