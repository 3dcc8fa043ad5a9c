"""What each file of `seeds/` must look like, as data: a new column or allowed value is a line here.

`registry.py` reads the files and applies these tables; rules that span rows are in
`registry_rules.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Column:
    """One column: `kind` is a key of `KINDS` and applies where the cell is filled."""

    name: str
    required: bool
    kind: str


@dataclass(frozen=True)
class Table:
    """`columns` is `name`, `name*` where a cell must be filled, `:kind` where its form is fixed.

    `refers_to` maps a column to the file and column that must hold its value; the values of a
    `several` column are parted by `|`. `span` names two dates of which the first isn't later.
    """

    file: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    allowed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refers_to: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    several: tuple[str, ...] = ()
    span: tuple[str, str] | None = None

    @property
    def header(self) -> list[str]:
        return [column.name for column in self.columns]


def is_date(text: str) -> bool:
    """True where `text` is a day that exists, written YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _form(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


KINDS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "text": (lambda text: True, "any text"),
    "id": (_form(r"[a-z][a-z0-9_]{0,59}"), "snake_case, at most 60 characters"),
    "role": (_form(r"[a-z][a-z-]{0,59}"), "small letters and hyphens"),
    "date": (is_date, "a date as YYYY-MM-DD"),
    "whole": (_form(r"\d+"), "a whole number"),
    "flag": (_form(r"true|false"), "true or false"),
    "area": (_form(r"E\d{8}"), "a nine-character code of England, such as E06000023"),
    "ods": (_form(r"[A-Z0-9]{3,5}"), "three to five capitals and digits"),
    "mailbox": (_form(r"[a-z-]+@example\.org"), "a role's mailbox at example.org"),
    "web": (_form(r"https://\S+"), "an address that starts with https://"),
}


def _columns(text: str) -> tuple[Column, ...]:
    parts = [re.fullmatch(r"(\w+)(\*?)(?::(\w+))?", word) for word in text.split()]
    return tuple(Column(p[1], bool(p[2]), p[3] or "text") for p in parts if p)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


CERTAINTY = _words("verified partly recalled inferred")
SEXES = _words("Persons Male Female Male|Female")
BASES = _words("resident registered service_users survey")
# The area type of each kind, and how its codes begin.
AREA_KINDS = {
    "country": ("england", "E92"),
    "region": ("region", "E12"),
    "unitary": ("utla", "E06"),
    "district": ("district", "E07"),
    "metropolitan_district": ("utla", "E08"),
    "london_borough": ("utla", "E09"),
    "county": ("utla", "E10"),
    "nhs_region": ("nhs_region", "E40"),
    "icb": ("icb", "E54"),
    "stp": ("icb", "E54"),
    "sub_icb": ("sub_icb", "E38"),
    "ccg": ("sub_icb", "E38"),
}
PARENT_OF_TYPE = {
    "england": (),
    "region": ("england",),
    "utla": ("region",),
    "district": ("utla",),
    "nhs_region": ("england",),
    "icb": ("nhs_region",),
    "sub_icb": ("icb",),
}
EDITION = ("framework", "edition")

TABLES: tuple[Table, ...] = (
    Table("owners.csv", ("owner_id",), _columns("owner_id*:role mailbox*:mailbox role* note")),
    Table(
        "disclosure_policies.csv",
        ("disclosure_policy",),
        _columns(
            "disclosure_policy*:id description* primary_threshold:whole rounding_base:whole"
            " certainty*"
        ),
        allowed={"certainty": CERTAINTY},
    ),
    Table(
        "sources.csv",
        ("source_id",),
        _columns(
            "source_id*:id publisher* title* licence* licence_url*:web attribution* cadence*"
            " expected_month:whole expected_day:whole period_lag_months:whole"
            " grace_working_days:whole page_url*:web owner* rank*:whole disclosure_policy*"
            " certainty* note"
        ),
        allowed={
            "certainty": CERTAINTY,
            "cadence": _words("monthly quarterly annual none"),
            "expected_month": tuple(str(month) for month in range(1, 13)),
            "expected_day": tuple(str(day) for day in range(1, 32)),
        },
        refers_to={
            "owner": ("owners.csv", "owner_id"),
            "disclosure_policy": ("disclosure_policies.csv", "disclosure_policy"),
        },
    ),
    Table(
        "status_reasons.csv",
        ("status", "status_reason"),
        _columns("status*:id status_reason*:id label*"),
        allowed={
            # A published value has a reason where its limits can't be had.
            "status": _words(
                "published suppressed held withdrawn not_calculated not_available"
                " not_collected not_applicable"
            )
        },
    ),
    Table(
        "publisher_notes.csv",
        ("source_id", "marker"),
        _columns("source_id* marker* status* status_reason note"),
        refers_to={"source_id": ("sources.csv", "source_id")},
    ),
    Table(
        "frameworks.csv",
        EDITION,
        _columns(
            "framework*:id edition* name* publisher* valid_from*:date valid_to:date certainty* note"
        ),
        allowed={"framework": _words("nhsof ascof phof"), "certainty": CERTAINTY},
        span=("valid_from", "valid_to"),
    ),
    Table(
        "domains.csv",
        (*EDITION, "domain_code"),
        _columns("framework* edition* domain_code* domain_name* sort_order*:whole"),
    ),
    Table(
        "indicators.csv",
        ("indicator_id",),
        _columns(
            "indicator_id*:id title* definition_version*:whole status* unit multiplier:whole"
            " value_type* method* ci_method* is_standardised*:flag standard_population polarity*"
            " polarity_certainty* year_type pooled_years*:whole population_basis numerator"
            " denominator periodicity source_id disclosure_policy* headline_sex headline_age"
            " decimals*:whole owner* certainty* evidence* note"
        ),
        allowed={
            "status": _words("live ended draft"),
            "value_type": _words(
                "proportion crude_rate dsr isr isr_ratio mean score ratio life_expectancy"
                " sii count index gap other"
            ),
            "method": ("as_published", "proportion"),
            "ci_method": _words(
                "wilson byar dobson_byar exact normal chiang_silcocks"
                " published_margin other none not_stated"
            ),
            "polarity": _words("higher_is_better lower_is_better no_judgement"),
            "polarity_certainty": _words("verified recalled guessed review"),
            "year_type": _words("calendar financial academic other"),
            "population_basis": BASES,
            "periodicity": _words("monthly quarterly six-monthly annual biennial irregular once"),
            "headline_sex": SEXES,
            "certainty": CERTAINTY,
        },
        refers_to={
            "source_id": ("sources.csv", "source_id"),
            "disclosure_policy": ("disclosure_policies.csv", "disclosure_policy"),
            "owner": ("owners.csv", "owner_id"),
        },
    ),
    Table(
        "framework_indicators.csv",
        (*EDITION, "code", "indicator_id"),
        _columns(
            "framework* edition* code* indicator_id* title* domain_code* role* sort_order*:whole"
            " fingertips_id:whole certainty* evidence* note"
        ),
        allowed={
            "role": _words("overarching improvement measure indicator supporting placeholder"),
            "certainty": CERTAINTY,
        },
        refers_to={"indicator_id": ("indicators.csv", "indicator_id")},
    ),
    Table(
        "indicator_sources.csv",
        _words("source_id source_code edition"),
        _columns(
            "source_id* source_code* edition indicator_id* value_origin* period_from:date"
            " period_to:date sex age population_basis note"
        ),
        allowed={
            "value_origin": ("published", "computed"),
            "sex": SEXES,
            "population_basis": BASES,
        },
        refers_to={
            "source_id": ("sources.csv", "source_id"),
            "indicator_id": ("indicators.csv", "indicator_id"),
        },
        span=("period_from", "period_to"),
    ),
    Table(
        "crosswalk.csv",
        _words(
            "theme left_framework left_edition left_code right_framework right_edition right_code"
        ),
        _columns(
            "theme* relation* left_framework* left_edition* left_code* right_framework*"
            " right_edition* right_code* evidence* asserted_by* certainty* caveat"
        ),
        allowed={
            "relation": _words("shared complementary thematic"),
            "certainty": _words("corroborated recalled our_reading"),
        },
        refers_to={"asserted_by": ("owners.csv", "owner_id")},
    ),
    Table(
        "standard_populations.csv",
        _words("standard bands band"),
        _columns(
            "standard*:id bands*:whole band* age_from*:whole age_to:whole weight*:whole certainty*"
            " evidence*"
        ),
        allowed={"certainty": CERTAINTY},
    ),
    Table(
        "areas.csv",
        ("area_code",),
        _columns(
            "area_code*:area area_name* area_type* area_kind* is_utla*:flag is_ltla*:flag"
            " parent_code:area region_code:area valid_from*:date valid_to:date"
            " successor_codes:area ods_code:ods note"
        ),
        allowed={
            "area_kind": tuple(AREA_KINDS),
            "area_type": tuple(PARENT_OF_TYPE),
        },
        refers_to={
            "parent_code": ("areas.csv", "area_code"),
            "region_code": ("areas.csv", "area_code"),
            "successor_codes": ("areas.csv", "area_code"),
        },
        several=("successor_codes",),
        span=("valid_from", "valid_to"),
    ),
)
