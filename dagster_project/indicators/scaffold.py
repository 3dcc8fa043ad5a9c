"""The two files of a new indicator, from the answers to a few questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dagster_project.calendar import today
from dagster_project.errors import UsageError
from dagster_project.home import PROJECT_ROOT
from dagster_project.indicators.reading import ID
from dagster_project.nearest import instead
from dagster_project.registry.definitions import FOLDER
from dagster_project.registry.registry import Registry
from dagster_project.sources import LAYOUTS

Ask = Callable[[str, str], str]
STAGING = PROJECT_ROOT / "dbt" / "models" / "staging"
LINKED = PROJECT_ROOT / "dbt" / "models" / "intermediate" / "linked"
LINKED_MODELS = "int_linked__…, with their columns in docs/reference/linked-models.md"
READS = re.compile(r"source\('\w+', '(\w+)'\)")
TEMPLATES = Path(__file__).resolve().parent / "templates"
# One row of the SQL, by what the method works from.
# How often a question is asked again.
SLIPS = 3
BANDED = ("dsr", "isr", "isr_ratio")
METHODS = ("proportion", "crude_rate", "ratio", "dsr", "isr", "isr_ratio", "mean")
UNITS = {
    "proportion": ("'%'", 100),
    "crude_rate": ("per 100,000", 100000),
    "ratio": ("per person", 1),
    "dsr": ("per 100,000", 100000),
    "isr": ("per 100,000", 100000),
    "isr_ratio": ("'100 = as in the reference area'", 100),
    "mean": ("score", 1),
}
MEASURED_AS = {
    "proportion": "proportion",
    "crude_rate": "rate",
    "dsr": "rate",
    "isr": "rate",
    "ratio": "ratio",
    "isr_ratio": "ratio",
    "mean": "score",
}
STANDARDS = {
    "dsr": (
        "          standard_population: European Standard Population 2013\n"
        "          standard: {name: esp2013, bands: 19}\n"
    ),
    **dict.fromkeys(
        ("isr", "isr_ratio"),
        "          standard_population: England\n          reference_area: E92000001\n",
    ),
}


@dataclass(frozen=True)
class Question:
    """One thing that is asked: the option that answers it, the words, and what is usual."""

    name: str
    words: str
    usual: str
    choices: tuple[str, ...] = ()


def questions(registry: Registry) -> tuple[Question, ...]:
    """What must be known before the files are written; the rest is filled in there."""
    owners = tuple(row["owner_id"] for row in registry.owners)
    sources = tuple(row["source_id"] for row in registry.sources)
    return (
        Question("domain", "Which domain (the folder: small letters and _)?", "local"),
        Question("title", "Its name, as a reader will see it?", "A new indicator"),
        Question("meaning", "Who is counted, out of whom, in one sentence?", "Whoever is counted."),
        Question("method", "How is the value made of the counts?", "proportion", METHODS),
        Question("source", "Which source does it rest on?", "qof", sources),
        Question(
            "polarity",
            "Which way is good?",
            "no_judgement",
            ("higher_is_better", "lower_is_better", "no_judgement"),
        ),
        Question("owner", "Who answers for it?", "local-system-analysts", owners),
    )


def answers(registry: Registry, given: Mapping[str, str | None], ask: Ask | None) -> dict[str, str]:
    """An answer to each question: the option, else what is asked, else what is usual."""
    said = {}
    for question in questions(registry):
        answer = given.get(question.name)
        if answer is None:
            answer = _asked(question, ask) if ask else question.usual
        if question.choices and answer not in question.choices:
            raise UsageError(
                f"--{question.name} can't be that",
                got=answer,
                expected=", ".join(question.choices),
                fix="use one of these",
            )
        said[question.name] = answer
    return said


def _asked(question: Question, ask: Ask) -> str:
    words = question.words
    if question.choices:
        words += f"\n  ({', '.join(question.choices)})"
    answer = ask(words, question.usual).strip() or question.usual
    # What was answered before isn't lost to a slip; what answers by itself isn't asked for ever.
    for _ in range(SLIPS):
        if not question.choices or answer in question.choices:
            break
        again = f"{answer} isn't one of them; expected {instead(answer, question.choices)}."
        answer = ask(f"{again}\n{words}", question.usual).strip() or question.usual
    return answer


def write(
    registry: Registry, indicator_id: str, said: Mapping[str, str], folder: Path = FOLDER
) -> list[Path]:
    """After this the two files are there, a sound definition of nothing yet; neither was before."""
    _check(registry, indicator_id, said["domain"], folder)
    closed = {row["source_id"] for row in registry.sources if row["is_public"] == "false"}
    unit, multiplier = UNITS[said["method"]]
    words = {
        **{
            name: _quoted(answer) if name in ("title", "meaning") else answer
            for name, answer in said.items()
        },
        "id": indicator_id,
        "unit": unit,
        "measured_as": MEASURED_AS[said["method"]],
        "models": "\n    --   ".join(_models_of(said["source"])) or "none yet",
        "multiplier": str(multiplier),
        "policy": "records_1_to_7" if said["source"] in closed else "none_public",
        "standard": STANDARDS.get(said["method"], ""),
        "band": "'0-4'" if said["method"] in BANDED else "'all'",
        "bare_band": "0-4" if said["method"] in BANDED else "all",
        "in_a_year": _in_a_year(today()).isoformat(),
    }
    place = folder / said["domain"]
    place.mkdir(parents=True, exist_ok=True)
    written = []
    for suffix in (".sql", ".yml"):
        text = (TEMPLATES / f"indicator{suffix}.txt").read_text(encoding="utf-8")
        for name, answer in words.items():
            text = text.replace(f"<<{name}>>", answer)
        path = place / f"{indicator_id}{suffix}"
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def _check(registry: Registry, indicator_id: str, domain: str, folder: Path) -> None:
    for name, given in (("ID", indicator_id), ("--domain", domain)):
        if not ID.fullmatch(given):
            raise UsageError(
                f"{name} can't be that",
                got=given,
                expected="small letters, digits and _, from a letter, at most 60",
                fix="say what is measured, such as smoking_at_time_of_delivery",
            )
    taken = {row["indicator_id"] for row in registry.indicators if row["status"] != "draft"}
    there = [path.as_posix() for path in folder.rglob(f"{indicator_id}.*")]
    if indicator_id in taken or there:
        raise UsageError(
            "that indicator is there already",
            got=", ".join(there) or f"{indicator_id} of the registry",
            expected="an id that nothing has, or that of a draft",
            fix="choose another id: one never changes its meaning; to begin anew, delete its files",
        )


def _models_of(source_id: str) -> list[str]:
    """The staging models that read a raw table of the source, and what leads on from them."""
    tables = {layout.table for layout in LAYOUTS if layout.source_id == source_id}
    staged = sorted(
        path.stem
        for path in STAGING.rglob("*.sql")
        if tables & set(READS.findall(path.read_text(encoding="utf-8")))
    )
    return [*staged, *([LINKED_MODELS] if _are_linked(staged) else [])]


def _are_linked(staged: list[str]) -> bool:
    """Whether models of linked records are made from some of these: a measure reads those."""
    sql = [path.read_text(encoding="utf-8") for path in LINKED.glob("*.sql")]
    return any(f"ref('{name}')" in text for name in staged for text in sql)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _in_a_year(day: date) -> date:
    # The last day of February has no other year's day.
    return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)
