"""What a definition may hold: the keys of `config.meta.indicator`, their kinds and their meaning.

Keys that the registry has as a column bear its name; what a cell may hold, `registry/tables.py`
says. The meanings are printed in docs/reference/definition.md, and where a key is missing.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

# The methods that work from what a definition gives; what each needs is in seeds/methods.csv.
Method = Literal["crude_rate", "dsr", "isr", "isr_ratio", "mean", "proportion", "ratio"]
Text = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]


def _key(meaning: str, **more: Any) -> Any:
    return Field(description=meaning, **more)


class Strict(BaseModel):
    """Nothing is guessed: an unknown key, or a number where text belongs, is a mistake."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Standard(Strict):
    """The standard population of a directly standardised rate."""

    name: Text = _key("standard of seeds/standard_populations.csv, such as esp2013")
    bands: int = _key("how many bands it has there: 18, 19 or 21")
    age_from: int = _key("the first age that is counted", default=0, ge=0)
    age_to: int | None = _key(
        "the last age that is counted; none where there is none", default=None
    )


class Checks(Strict):
    """What a value must be to be believed."""

    lowest: float = _key("the lowest value that can be believed")
    highest: float = _key("the highest value that can be believed")


class Link(Strict):
    """A place in a framework, as a row of seeds/framework_indicators.csv."""

    framework: Text = _key("framework of seeds/frameworks.csv")
    edition: Text = _key("its edition, in quotation marks")
    code: Text = _key("the code there, in quotation marks")
    domain_code: Text = _key("domain_code of seeds/domains.csv, in quotation marks")
    sort_order: int = _key("its place in the list", ge=0)
    title: Text | None = _key("how the framework words it, if in other words", default=None)
    role: Text = _key("measure, indicator, supporting …", default="measure")
    outcome_type: Text | None = _key("outcome_type of seeds/outcome_types.csv", default=None)
    owner_partner: Text | None = _key("the partner that answers for it", default=None)
    life_cycle: Text = _key("proposed, live, under_review or retired", default="live")
    note: Text | None = _key("a remark", default=None)


class Sibling(Strict):
    """An indicator of another framework that asks the same or nearly, as a row of crosswalk.csv."""

    theme: Text = _key("a theme of seeds/crosswalk.csv, or a new one")
    relation: Text = _key("shared, complementary, local_mirror, proxy, contributes_to or thematic")
    framework: Text = _key("the other's framework")
    edition: Text = _key("the other's edition, in quotation marks")
    code: Text = _key("the other's code, in quotation marks")
    differs: list[Text] = _key("in what they differ: definition, denominator, source …")
    evidence: Text = _key("where that stands")
    asserted_by: Text = _key("who says so: a role of seeds/owners.csv")
    certainty: Text = _key("corroborated, recalled or our_reading")
    valid_from: date = _key("from which day they stand side by side")
    valid_to: date | None = _key("the last day of that", default=None)
    caveat: Text | None = _key("what a reader of both must know", default=None)


class Measures(Strict):
    """What decides whether it may be set beside another, as a row of seeds/measures.csv."""

    concept: Text = _key("what it is about, in one word of seeds/measures.csv or a new one")
    measured_as: Text = _key("rate, proportion, score, ratio, count, index …")
    population: Text = _key("of whom")
    source_kind: Text = _key("survey, register, returns, linked_records, census …")
    instrument: Text | None = _key("the questionnaire, where there is one", default=None)
    follow_up_days: int | None = _key("for how long people are followed", default=None, ge=0)
    case_mix: Text = _key("what is allowed for: none, age_sex …", default="none")


class Indicator(Strict):
    """All that is said of an indicator beside its SQL."""

    title: Text = _key("its name, as a reader will see it")
    why: Text = _key("why it matters, in one sentence or two")
    definition_version: int = _key("raised with each change of what is counted", ge=1)
    life_cycle: Literal["live", "under_review", "draft", "ended"] = _key(
        "live; under_review: published though no second role has checked it; draft or ended"
    )
    method: Method = _key("how the value is made of the counts: a method of seeds/methods.csv")
    unit: Text | None = _key("the unit of the value, such as % or per 100,000", default=None)
    multiplier: int = _key("what the quotient is multiplied by; 1 for a mean", ge=1)
    decimals: int | None = _key(
        "how many are shown; none: as the method has it", default=None, ge=0
    )
    numerator: Text = _key("who or what is counted above the line, in words")
    denominator: Text = _key("out of whom or what, in words")
    polarity: Text = _key("higher_is_better, lower_is_better or no_judgement")
    polarity_certainty: Text = _key(
        "verified, recalled, guessed or review: the last two judge nobody"
    )
    population_basis: Text = _key("resident, registered, service_users or survey")
    year_type: Literal["calendar", "financial", "academic"] = _key(
        "the years of its periods: calendar, financial or academic"
    )
    pooled_years: int = _key("how many years a period holds", default=1, ge=1)
    periodicity: Text = _key("how often there is a new one: annual, quarterly, monthly …")
    headline_sex: Text = _key("the sex that is shown first; Persons if not said", default="Persons")
    headline_age: Text = _key(
        "the age that is shown first, as the SQL writes it; All ages if not said",
        default="All ages",
    )
    standard_population: Text | None = _key(
        "of a standardised value, the standard's name, as siblings have it", default=None
    )
    standard: Standard | None = _key("of a dsr, its standard population", default=None)
    reference_area: Text | None = _key(
        "of an isr or isr_ratio, the area whose rates are the standard", default=None
    )
    sources: list[Text] = _key("every source that the SQL rests on: ids of seeds/sources.csv")
    disclosure_policy: Text = _key("a policy of seeds/disclosure_policies.csv")
    checks: Checks = _key("what a value must be to be believed")
    owner: Text = _key("who answers for it: a role of seeds/owners.csv")
    checked_by: Text | None = _key(
        "who checked the definition: another role; only a live one has been", default=None
    )
    reviewed_on: date | None = _key(
        "the day it was last checked, YYYY-MM-DD; only a live one has been", default=None
    )
    review_by: date = _key("the day by which it is checked, or checked again")
    certainty: Text = _key(
        "how sure we are of the definition: verified, partly, recalled, inferred"
    )
    evidence: Text = _key("where the definition stands")
    note: Text | None = _key("a remark that is published with it", default=None)
    is_stand_in: bool = _key("true where it stands in for a definition not found", default=False)
    measures: Measures = _key("what decides with what it may be compared")
    frameworks: list[Link] = _key(
        "its places in frameworks; none where seeds/framework_indicators.csv has them",
        default_factory=list,
    )
    siblings: list[Sibling] = _key("links to indicators of other frameworks", default_factory=list)
