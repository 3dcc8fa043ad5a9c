"""What is wrong with the form of a definition, in words, and the rules that its keys keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from dagster_project.errors import RegistryError
from dagster_project.indicators.form import Indicator
from dagster_project.nearest import nearest

STANDARDISED = {"dsr": "standard", "isr": "reference_area", "isr_ratio": "reference_area"}


# What pydantic calls a wrong kind: what it ought to be, and how it is written.
KINDS = {
    "int_type": ("a whole number", "write the figure without quotation marks"),
    "float_type": ("a number", "write the figure without quotation marks"),
    "bool_type": ("true or false", "write one of the two without quotation marks"),
    "date_type": ("a day", "write it as 2026-11-26, without quotation marks"),
    "list_type": ("a list", "write [one, another]"),
    "model_type": ("keys of its own", "write {key: value, key: value}"),
}


@dataclass
class Findings:
    """The mistakes of one file; `keys` are the keys of the indicator that have one."""

    file: str
    found: list[RegistryError] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    def add(self, place: str, problem: str, got: object, expected: str, fix: str) -> None:
        shown = "nothing" if got is None else got if isinstance(got, str) else repr(got)
        self.found.append(
            RegistryError(
                problem, file=self.file, place=place or None, got=shown, expected=expected, fix=fix
            )
        )
        if place.startswith("indicator."):
            self.keys.add(place.split(".")[1].split("[")[0])


def check_form(said: dict[str, Any], findings: Findings) -> None:
    """Every key that is missing, unknown or of the wrong kind, and those that don't go together."""
    try:
        Indicator.model_validate(said)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            _tell(fault, said, findings)
    for place, problem, got, expected, fix in _contradictions(said):
        findings.add(f"indicator.{place}", problem, got, expected, fix)


def _tell(fault: Any, said: dict[str, Any], findings: Findings) -> None:
    """One mistake that pydantic found, in the house's words."""
    where = fault["loc"]
    place = "indicator" + "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in where
    )
    form = _form_of(where[:-1])
    known = form.model_fields if form else {}
    meaning = known[where[-1]].description if where[-1] in known else fault["msg"]
    if fault["type"] == "missing":
        findings.add(place, "a key is missing", "nothing", str(meaning), "add it")
    elif fault["type"] == "extra_forbidden":
        near = nearest(str(where[-1]), list(known), 1)
        findings.add(
            place,
            "the key is unknown",
            str(where[-1]),
            near[0] if near else ", ".join(known),
            "rename it, if that was meant" if near else "delete it: docs/reference/definition.md",
        )
    elif fault["input"] is None or (fault["input"] == "" and fault["type"].startswith("string")):
        findings.add(place, "is empty", "nothing", str(meaning), "fill it in")
    elif fault["type"] == "string_type":
        findings.add(
            place, "isn't text", fault["input"], f"text: {meaning}", "write it in quotation marks"
        )
    elif fault["type"] in KINDS:
        kind, fix = KINDS[fault["type"]]
        got = repr(fault["input"])
        findings.add(place, f"isn't {kind}", got, f"{kind}: {meaning}", fix)
    elif fault["type"] == "literal_error":
        expected = fault["ctx"]["expected"]
        findings.add(place, "isn't allowed", fault["input"], expected, "write one of these")
    elif fault["type"] == "greater_than_equal":
        expected = f"{fault['ctx']['ge']} or more"
        findings.add(place, "is too low", fault["input"], expected, "correct the figure")
    else:
        findings.add(place, "is of the wrong kind", fault["input"], str(meaning), "rewrite it so")


def _form_of(where: tuple[Any, ...]) -> type[BaseModel] | None:
    """The form that has the key at that place."""
    form: type[BaseModel] = Indicator
    for part in (part for part in where if isinstance(part, str)):
        inner = form.model_fields.get(part)
        forms = [each for each in _types(inner.annotation) if inner] if inner else []
        if not forms:
            return None
        form = forms[0]
    return form


def _types(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _types(inner)


def _contradictions(said: dict[str, Any]) -> Iterator[tuple[str, str, object, str, str]]:
    """Keys of which each may stand, and not beside the other."""
    needed = STANDARDISED.get(str(said.get("method")))
    for key in ("standard", "reference_area"):
        if (key == needed) != (said.get(key) is not None):
            problem = "is missing" if key == needed else "doesn't go with the method"
            takes = ", ".join(name for name, takes in STANDARDISED.items() if takes == key)
            yield (
                key,
                problem,
                said.get(key),
                f"a {key} beside the method {takes}, none beside others",
                f"add {key}, or change the method" if key == needed else f"delete {key}",
            )
    if bool(needed) != bool(said.get("standard_population")):
        yield (
            "standard_population",
            "doesn't go with the method",
            said.get("standard_population"),
            "the standard's name beside a standardised method, none beside others",
            "add standard_population, or change the method" if needed else "delete it",
        )
    if said.get("owner") and said.get("owner") == said.get("checked_by"):
        yield (
            "checked_by",
            "checks their own work",
            said["owner"],
            "another role",
            "have it checked",
        )
    yield from _unchecked(said)
    yield from _disorder(said, "reviewed_on", "review_by")
    checks = said.get("checks")
    if isinstance(checks, dict):
        for place, problem, got, expected, fix in _disorder(checks, "lowest", "highest"):
            yield f"checks.{place}", problem, got, expected, fix
    if not said.get("sources"):
        yield (
            "sources",
            "names no source",
            said.get("sources") or None,
            "every source that the SQL rests on",
            "write [one, another], ids of seeds/sources.csv",
        )


def _unchecked(said: Mapping[str, Any]) -> Iterator[tuple[str, str, object, str, str]]:
    """What a live definition lacks of its check, and what is told of it by half."""
    for key, other in (("checked_by", "reviewed_on"), ("reviewed_on", "checked_by")):
        if said.get(key) is not None:
            continue
        if said.get("life_cycle") == "live":
            yield (
                key,
                "a live definition has been checked",
                "nothing",
                str(Indicator.model_fields[key].description).split(";")[0],
                "have another role check it and add the key, or write life_cycle: under_review",
            )
        elif said.get(other) is not None:
            yield (
                key,
                f"is missing beside {other}",
                "nothing",
                "who checked it and when, or neither",
                "add the key, or delete the other",
            )


def _disorder(
    said: Mapping[str, Any], first: str, second: str
) -> Iterator[tuple[str, str, object, str, str]]:
    start, end = said.get(first), said.get(second)
    if type(start) is not type(end) and not {type(start), type(end)} <= {int, float}:
        return
    if start is not None and end is not None and end < start:
        yield second, f"is below {first}", str(end), f"{start} or more", "mend one of the two"
