"""A definition as rows of the registry: what `seeds/` would say of it, were it written there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from dagster_project.indicators.form import Link, Measures, Sibling
from dagster_project.indicators.reading import Definition
from dagster_project.registry.forms import Row, Tables

INDICATORS, MEMBERS = "indicators.csv", "framework_indicators.csv"
CROSSWALK, MEASURES = "crosswalk.csv", "measures.csv"
EDITION = ("framework", "edition", "code")
# What the registry has from the form as it stands.
SAME = (
    *("title", "definition_version", "unit", "multiplier", "method", "polarity"),
    *("polarity_certainty", "year_type", "pooled_years", "population_basis", "numerator"),
    *("denominator", "periodicity", "standard_population", "disclosure_policy", "headline_sex"),
    *("headline_age", "decimals", "owner", "certainty", "evidence", "note"),
)
DEFAULTS = {"pooled_years": 1, "headline_sex": "Persons", "headline_age": "All ages"}
# What only a definition says; the model of definitions has these beside the registry's columns.
BEYOND = (
    *(
        "meaning",
        "why",
        "domain",
        "checked_by",
        "reviewed_on",
        "review_by",
        "is_stand_in",
        "sources",
    ),
    *("lowest", "highest", "reference_area"),
    *("standard_name", "standard_bands", "standard_age_from", "standard_age_to"),
)
# Where a row came from: the file, and the key of it.
FROM = ("defined_in", "defined_at")


def rows_of(definition: Definition, seeds: Tables) -> Iterator[tuple[str, Row]]:
    """Each file of the registry with a row of the definition for it."""
    said = definition.said
    yield INDICATORS, _row(definition, "indicator", _indicator(definition, seeds))
    links = _list(said.get("frameworks"))
    for number, link in enumerate(links):
        cells = {name: _text(link.get(name, _default(Link, name))) for name in Link.model_fields}
        cells["title"] = cells["title"] or _text(said.get("title"))
        cells |= {"indicator_id": definition.indicator_id, "fingertips_id": ""}
        cells |= {
            "certainty": _text(said.get("certainty")),
            "evidence": _text(said.get("evidence")),
        }
        cells |= dict.fromkeys(
            ("valid_from", "valid_to", "life_cycle_reason", "successor_code"), ""
        )
        cells |= {"programmes": "", "is_stand_in": _text(said.get("is_stand_in", False))}
        yield MEMBERS, _row(definition, f"indicator.frameworks[{number}]", cells)
    yield from _siblings(definition, links, seeds)
    measures = said.get("measures")
    if isinstance(measures, dict):
        cells = {
            name: _text(measures.get(name, _default(Measures, name)))
            for name in Measures.model_fields
        }
        cells |= {"indicator_id": definition.indicator_id, "replaces": "", "note": ""}
        cells["certainty"] = _text(said.get("certainty"))
        yield MEASURES, _row(definition, "indicator.measures", cells)


def _indicator(definition: Definition, seeds: Tables) -> dict[str, str]:
    said = {**DEFAULTS, **definition.said}
    method = next(
        (row for row in seeds["methods.csv"] if row["method"] == said.get("method")), None
    )
    standard, checks = said.get("standard"), said.get("checks")
    standard = standard if isinstance(standard, dict) else {}
    checks = checks if isinstance(checks, dict) else {}
    cells = {name: _text(said.get(name)) for name in SAME}
    cells |= {
        "indicator_id": definition.indicator_id,
        "status": _text(said.get("life_cycle")),
        "value_type": method["value_type"] if method else "",
        "ci_method": method["ci_method"] if method else "",
        "is_standardised": _text(bool(said.get("standard_population"))),
        "source_id": speaking_source(said.get("sources"), seeds),
    }
    cells |= {name: _text(said.get(name)) for name in BEYOND if name not in cells}
    cells |= {
        "meaning": definition.meaning,
        "domain": definition.domain,
        "is_stand_in": _text(said.get("is_stand_in", False)),
        "sources": "|".join(_text(each) for each in _each(said.get("sources"))),
        "lowest": _text(checks.get("lowest")),
        "highest": _text(checks.get("highest")),
        "standard_name": _text(standard.get("name")),
        "standard_bands": _text(standard.get("bands")),
        "standard_age_from": _text(standard.get("age_from", 0 if standard else None)),
        "standard_age_to": _text(standard.get("age_to")),
    }
    return cells


def speaking_source(sources: Any, seeds: Tables) -> str:
    """The source whose rules the values bear: the first that isn't public, else the first."""
    named = [_text(each) for each in _each(sources)]
    closed = {row["source_id"] for row in seeds["sources.csv"] if row["is_public"] == "false"}
    return next((each for each in named if each in closed), named[0] if named else "")


def _siblings(definition: Definition, links: list[Any], seeds: Tables) -> Iterator[tuple[str, Row]]:
    """Each link, from the indicator's first place in a framework to the sibling's."""
    seeded = (row for row in seeds[MEMBERS] if row["indicator_id"] == definition.indicator_id)
    own: Mapping[str, Any] = next(iter((*links, *seeded)), {})
    for number, sibling in enumerate(_list(definition.said.get("siblings"))):
        cells = {f"left_{name}": _text(own.get(name)) for name in EDITION}
        cells |= {f"right_{name}": _text(sibling.get(name)) for name in EDITION}
        names = [name for name in Sibling.model_fields if name not in (*EDITION, "differs")]
        cells |= {name: _text(sibling.get(name)) for name in names}
        cells["differs"] = "|".join(_text(each) for each in _each(sibling.get("differs")))
        yield CROSSWALK, _row(definition, f"indicator.siblings[{number}]", cells)


def _row(definition: Definition, key: str, cells: Mapping[str, str]) -> Row:
    return MappingProxyType({**cells, "defined_in": definition.file, "defined_at": key})


def _each(said: Any) -> list[Any]:
    return said if isinstance(said, list) else []


def _list(said: Any) -> list[dict[str, Any]]:
    return [each for each in _each(said) if isinstance(each, dict)]


def _default(form: Any, name: str) -> Any:
    field = form.model_fields[name]
    return None if field.is_required() else field.default


def _text(said: Any) -> str:
    """A cell as a seed would have it."""
    if said is None:
        return ""
    if isinstance(said, bool):
        return str(said).lower()
    return " ".join(str(said).split())
