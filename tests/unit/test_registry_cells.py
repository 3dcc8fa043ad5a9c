"""A wrong cell of the registry is named by file, row and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from dagster_project.registry.registry import validate
from tests.support.seeds import M04, change, copied


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return copied(tmp_path / "seeds")


CELLS = [
    ("indicators.csv", "suicide_rate", "owner", "nobody", "doesn't exist"),
    ("indicators.csv", "suicide_rate", "source_id", "elsewhere", "doesn't exist"),
    ("indicators.csv", "suicide_rate", "disclosure_policy", "none", "doesn't exist"),
    ("indicators.csv", "suicide_rate", "polarity", "down", "isn't an allowed value"),
    ("indicators.csv", "suicide_rate", "polarity_certainty", "sure", "isn't an allowed value"),
    ("indicators.csv", "suicide_rate", "title", "", "is empty"),
    ("indicators.csv", "suicide_rate", "title", " Suicide rate", "stray space"),
    ("indicators.csv", "suicide_rate", "title", "Suicide\nrate", "stray space"),
    ("indicators.csv", "suicide_rate", "title", "=SUM(A1)", "formula"),
    ("indicators.csv", "suicide_rate", "note", "-1 or so", "formula"),
    ("indicators.csv", "suicide_rate", "indicator_id", "Suicide-Rate", "wrong form"),
    ("indicators.csv", "suicide_rate", "indicator_id", "s" * 61, "wrong form"),
    ("indicators.csv", "suicide_rate", "decimals", "one", "wrong form"),
    ("indicators.csv", "suicide_rate", "is_standardised", "TRUE", "wrong form"),
    ("indicators.csv", "suicide_rate", "method", "guesswork", "doesn't exist"),
    ("indicators.csv", "suicide_rate", "decimals", "", "can't be told from the method"),
    ("indicators.csv", "dementia_qof_prevalence", "ci_method", "byar", "go with the method"),
    ("indicators.csv", "dementia_qof_prevalence", "value_type", "dsr", "go with the method"),
    ("indicator_sources.csv", "fingertips;90366", "value_origin", "computed", "from counts"),
    ("methods.csv", "proportion", "macro", "", "go with what the method needs"),
    ("methods.csv", "as_published", "compared_with", "areas", "go with what the method needs"),
    ("framework_indicators.csv", "phof;2019 on;E10", "indicator_id", "sui", "doesn't exist"),
    ("framework_indicators.csv", "phof;2019 on;E10", "domain_code", "Z", "doesn't exist"),
    ("framework_indicators.csv", M04, "life_cycle", "gone", "isn't an allowed value"),
    ("framework_indicators.csv", M04, "valid_to", "2025-03-31", "is filled beside live"),
    ("framework_indicators.csv", M04, "successor_code", "BNSSG-M05", "is filled beside live"),
    ("framework_indicators.csv", M04, "successor_code", "M99", "a code that doesn't exist"),
    ("framework_indicators.csv", M04, "successor_code", "BNSSG-M04", "comes round to where"),
    ("framework_indicators.csv", M04, "programmes", "tobacco", "doesn't exist"),
    ("framework_indicators.csv", M04, "outcome_type", "happiness", "doesn't exist"),
    ("frameworks.csv", "bnssg;2021", "area_codes", "E06999999", "doesn't exist"),
    ("frameworks.csv", "bnssg;2021", "area_codes", "", "doesn't go with the kind local"),
    ("frameworks.csv", "phof;2019 on", "area_codes", "E06000023", "go with the kind national"),
    ("frameworks.csv", "bnssg;2021", "valid_to", "2020-12-31", "is before"),
    ("selection_principles.csv", "bnssg;2021", "is_met", "yes", "doesn't go with the code"),
    ("selection_principles.csv", "bnssg;2021", "code", "M99", "doesn't exist"),
    ("outcome_types.csv", "personal", "framework", "camden", "doesn't exist"),
    ("framework_indicators.csv", "phof;2019 on;E10", "fingertips_id", "247", "another indicator"),
    ("domains.csv", "phof;2019 on;E", "edition", "2031 on", "doesn't exist"),
    ("indicator_sources.csv", "qof;DEM", "indicator_id", "dementia", "doesn't exist"),
    ("indicator_sources.csv", "ascof;3A;to 2022/23", "period_to", "2012-03-31", "is before"),
    ("indicator_sources.csv", "ascof;3A;to 2022/23", "period_to", "31/03/2023", "wrong form"),
    ("crosswalk.csv", "Infant mortality", "left_code", "9.9", "doesn't exist"),
    ("crosswalk.csv", "Infant mortality", "certainty", "official", "isn't an allowed value"),
    ("crosswalk.csv", "Infant mortality", "asserted_by", "someone", "doesn't exist"),
    ("crosswalk.csv", "Infant mortality", "relation", "alike", "isn't an allowed value"),
    ("crosswalk.csv", "Suicide;complementary", "differs", "", "is empty, though"),
    ("crosswalk.csv", "Suicide;complementary", "differs", "unit|mood", "isn't an allowed value"),
    ("crosswalk.csv", "Suicide;complementary", "valid_to", "2001-01-01", "is before"),
    ("measures.csv", "suicide_rate", "indicator_id", "suicides", "doesn't exist"),
    ("measures.csv", "suicide_rate", "measured_as", "opinion", "isn't an allowed value"),
    ("measures.csv", "suicide_rate", "replaces", "suicide_rate", "isn't an earlier measure"),
    ("measures.csv", "suicide_rate", "replaces", "infant_mortality", "isn't an earlier measure"),
    ("series_breaks.csv", "settled_home_learning_disability", "reason", "", "is empty"),
    ("series_breaks.csv", "settled_home_learning_disability", "certainty", "", "is empty"),
    ("series_breaks.csv", "settled_home_learning_disability", "source_id", "cld", "doesn't exist"),
    ("comparability_reasons.csv", "age", "rank", "99", "breaks the order"),
    ("comparability_reasons.csv", "age", "verdict", "perhaps", "isn't an allowed value"),
    ("publisher_notes.csv", "ascof;[c]", "status_reason", "hidden", "isn't on the list"),
    ("owners.csv", "geography", "mailbox", "jo@council.gov.uk", "wrong form"),
    ("sources.csv", "qof", "is_public", "false", "isn't public"),
    ("sources.csv", "qof", "is_public", "perhaps", "wrong form"),
    ("disclosure_policies.csv", "ncmp_7", "applies_to", "", "doesn't go with"),
    ("disclosure_policies.csv", "ncmp_7", "applies_to", "everybody", "means nothing here"),
    ("disclosure_policies.csv", "hes_1_to_7", "exempt_area_types", "wales", "means nothing here"),
    ("sources.csv", "qof", "expected_month", "", "doesn't go with the cadence"),
    ("sources.csv", "qof", "page_url", "digital.nhs.uk", "wrong form"),
    ("live_sources.csv", "qof_2024_25", "source_id", "elsewhere", "doesn't exist"),
    ("live_sources.csv", "qof_2024_25", "certainty", "guessed", "isn't an allowed value"),
    ("live_sources.csv", "qof_2024_25", "address", "http://files.digital.nhs.uk/a.zip", "form"),
    ("live_sources.csv", "qof_2024_25", "address", "https://elsewhere.org/a.zip", "isn't declared"),
    ("live_sources.csv", "qof_2024_25", "address", "https://me:it@files.digital.nhs.uk", "user"),
    ("live_sources.csv", "qof_2025_26", "file_name", "QOF_2024-25.zip", "another address's place"),
    ("live_sources.csv", "qof_2024_25", "file_name", "../QOF.zip", "isn't a plain name"),
    ("live_sources.csv", "qof_2024_25", "file_name", "QOF.exe", "isn't a plain name"),
    ("live_sources.csv", "fingertips_icb", "page_size", "101", "too many at once"),
    ("live_sources.csv", "fingertips_icb", "page_size", "0", "too many at once"),
    ("areas.csv", "E06000023", "region_code", "E12000010", "doesn't exist"),
    ("areas.csv", "E06000023", "parent_code", "E07000004", "isn't a parent"),
    ("areas.csv", "E54000039", "parent_code", "E40000009", "isn't a parent"),
    ("areas.csv", "E06000023", "is_ltla", "false", "doesn't go with the kind"),
    ("areas.csv", "E06000023", "area_type", "district", "doesn't go with the kind"),
    ("areas.csv", "E06000023", "valid_from", "2009-02-30", "wrong form"),
    ("areas.csv", "E06000028", "valid_to", "2008-03-31", "is before"),
    ("areas.csv", "E06000028", "successor_codes", "E06000066", "doesn't follow on"),
    ("areas.csv", "E06000023", "successor_codes", "E06000022", "doesn't follow on"),
    ("areas.csv", "E10000009", "successor_codes", "E06000058|E06000099", "doesn't exist"),
]


@pytest.mark.parametrize(("file", "key", "column", "value", "words"), CELLS)
def test_a_wrong_cell_is_named_by_file_row_and_column(
    seeds: Path, file: str, key: str, column: str, value: str, words: str
) -> None:
    row = change(seeds, file, key, column, value)
    found = [p for p in validate(seeds) if p.file == f"seeds/{file}" and words in p.problem]
    assert [p.place for p in found] == [f"row {row}, {column}"]
    assert found[0].got
    assert found[0].expected
    assert found[0].fix
