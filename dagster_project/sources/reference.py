"""Reference lists that explain other data: an old portal's catalogue, code lists, codings.

None of them gives a value. SNOMED CT and ICD-10 codes are text, however many digits they have.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dagster_project.sources.layout import Field, Layout

ICD10 = r"[A-Z]\d.*"


def _is_portal(document: Any) -> bool:
    return (
        isinstance(document, list)
        and bool(document)
        and isinstance(document[0], dict)
        and {"unique identifier", "title", "sources"} <= document[0].keys()
    )


def _portal_rows(document: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    for number, entry in enumerate(document, start=1):
        yield (
            number,
            (
                entry["unique identifier"],
                entry.get("compendium identifier"),
                entry.get("title"),
                entry.get("definition"),
                "; ".join(entry.get("keyword(s)") or []),
                entry.get("current version uploaded"),
                entry.get("next version due"),
                "; ".join(file["url"].rsplit("/", 1)[-1] for file in entry["sources"]),
            ),
        )


PORTAL_INDICATORS = Layout(
    layout_id="portal_indicators",
    source_id="indicator_portal",
    title="HSCIC indicator portal: what it held, 2014 to 2016 (JSON)",
    container="json",
    table="portal_indicators",
    key=("portal_code",),
    values=("title", "definition"),
    shape=_is_portal,
    rows=_portal_rows,
    fields=(
        Field("portal_code", ("unique identifier",), "code", filled=True, pattern=r"P\d{5}"),
        Field("compendium_code", ("compendium identifier",), "code"),
        Field("title", ("title",), filled=True),
        Field("definition", ("definition",)),
        Field("keywords", ("keyword(s)",)),
        # A month, or words about one.
        Field("uploaded", ("current version uploaded",)),
        Field("next_due", ("next version due",)),
        Field("file_names", ("url",)),
    ),
)

CCG_NAMES = Layout(
    layout_id="portal_ccg_names",
    source_id="indicator_portal",
    title="Clinical commissioning groups of 2013 with their ODS codes (CSV)",
    container="csv",
    table="ccg_names",
    key=("ccg_ods_code",),
    values=("ccg_name",),
    fields=(
        Field("ccg_ods_code", ("CCG Code",), "code", filled=True, pattern=r"\d\d[A-Z]"),
        Field("ccg_name", ("CCG Name",), filled=True),
    ),
)


def _code_list(kind: str, title: str, *fields: Field) -> Layout:
    return Layout(
        layout_id=f"code_list_{kind}",
        source_id="code_lists",
        title=title,
        container="csv",
        # Which list a code is on stands in the file's name.
        table="code_list_members",
        key=("code",),
        values=("term",),
        fields=fields,
    )


CODE_LISTS = (
    _code_list(
        "terms",
        "Code list with a term for each code (CSV)",
        Field("code", ("code",), "code", filled=True),
        Field("term", ("term",), filled=True),
    ),
    _code_list(
        "unnamed_column",
        "Code list whose second column has no name (CSV)",
        Field("code", ("code",), "code", filled=True),
        Field("term", ("",)),
    ),
    _code_list(
        "ethnicity",
        "Code list of ethnic groups (CSV)",
        Field("term", ("Description",), filled=True),
        Field("code", ("Code",), "code", filled=True),
        Field("group_of_16", ("Grouping_16",), "code"),
        Field("group_of_6", ("Grouping_6",), "code"),
    ),
)

ALCOHOL_FRACTIONS = Layout(
    layout_id="alcohol_attributable_fractions",
    source_id="clinical_codings",
    title="Alcohol-attributable fractions by condition, sex and age (CSV)",
    container="csv",
    table="alcohol_fractions",
    key=("attribution", "condition", "icd10_codes", "sex", "age"),
    values=("fraction",),
    fields=(
        Field("attribution", ("Group",), filled=True),
        Field("condition", ("Condition_name",), filled=True),
        Field("icd10_codes", ("ICD10_Code",), "code", filled=True),
        Field("sex", ("Sex",), filled=True),
        Field("age", ("Age_group",), filled=True),
        Field("fraction", ("Fraction",), "figure", filled=True),
    ),
)

ICD_CHAPTERS = Layout(
    layout_id="icd10_chapters",
    source_id="clinical_codings",
    title="ICD-10 three-character codes with their chapters (CSV)",
    container="csv",
    table="icd10_chapters",
    key=("icd10_code",),
    values=("chapter_number",),
    fields=(
        Field("chapter_number", ("Chapter_number",), "code", filled=True),
        Field("chapter", ("Chapter_description",), filled=True),
        Field("icd10_code", ("Short_code_three",), "code", filled=True, pattern=ICD10),
        Field("cause", ("Cause_description",)),
    ),
)

FALLS_GROUPS = Layout(
    layout_id="icd10_falls_groups",
    source_id="clinical_codings",
    title="ICD-10 codes of conditions that matter for falls (CSV)",
    container="csv",
    table="icd10_condition_groups",
    key=("icd10_code", "condition_group"),
    values=("cause",),
    fields=(
        Field("icd10_code", ("Code",), "code", filled=True, pattern=ICD10),
        Field("cause", ("Cause_description",)),
        Field("condition_group", ("Condition_group",), filled=True),
    ),
)

LAYOUTS = (
    PORTAL_INDICATORS,
    CCG_NAMES,
    *CODE_LISTS,
    ALCOHOL_FRACTIONS,
    ICD_CHAPTERS,
    FALLS_GROUPS,
)
