"""Each rule that spans rows of the registry can fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from dagster_project.registry.checking import RULES_OF_ALL
from dagster_project.registry.definitions import DEFINITION_RULES
from dagster_project.registry.tables import TABLES
from tests.support.contract_cells import EVERY_RULE
from tests.support.seeds import GOAL, LEAST_DEPRIVED, M04, PEER, REVIEW, change, copied, read, write


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return copied(tmp_path / "seeds")


def test_every_rule_can_fail(seeds: Path) -> None:
    """Each rule that spans rows finds something once these cells are wrong."""
    change(seeds, "domains.csv", "phof;2019 on;E", "edition", "2031 on")
    change(seeds, "crosswalk.csv", "Infant mortality", "left_code", "9.9")
    change(seeds, "publisher_notes.csv", "ascof;[c]", "status_reason", "hidden")
    change(seeds, "sources.csv", "qof", "expected_month", "")
    change(seeds, "sources.csv", "nhsof", "rank", "2")
    change(seeds, "framework_indicators.csv", "phof;2019 on;E10", "fingertips_id", "247")
    change(seeds, "indicators.csv", "suicide_rate", "source_id", "qof")
    change(seeds, "areas.csv", "E06000023", "is_ltla", "false")
    change(seeds, "areas.csv", "E06000022", "parent_code", "E07000004")
    change(seeds, "areas.csv", "E06000028", "successor_codes", "E06000066")
    change(seeds, "crosswalk.csv", "Suicide;complementary", "relation", "shared")
    change(seeds, "crosswalk.csv", "Suicide;shared", "caveat", "")
    change(seeds, "indicator_sources.csv", "ascof;3A;to 2022/23", "period_to", "2023-06-30")
    change(seeds, "live_sources.csv", "council_register", "hosts", "www.mysociety.org")
    change(seeds, "live_sources.csv", "fingertips_icb", "page_size", "101")
    change(seeds, "live_sources.csv", "qof_2024_25", "file_name", "QOF_2025-26.zip")
    change(seeds, "indicator_sources.csv", "fingertips;241", "source_code", "241a")
    change(seeds, "methods.csv", "proportion", "macro", "")
    change(seeds, "indicators.csv", "dementia_qof_prevalence", "ci_method", "byar")
    change(seeds, "indicators.csv", "dementia_qof_prevalence", "method", "dsr")
    change(seeds, "deprivation_quantiles.csv", LEAST_DEPRIVED, "quantile", "9")
    change(seeds, "crosswalk.csv", "Child oral health", "differs", "")
    change(
        seeds,
        "measures.csv",
        "tooth_extractions_decay_children_10_and_under",
        "indicator_id",
        "toothaches",
    )
    change(seeds, "measures.csv", "obesity_in_early_pregnancy", "replaces", "suicide_rate")
    change(seeds, "published_together.csv", "E09000001", "published_with", "E09000013")
    change(seeds, "sources.csv", "qof", "is_public", "false")
    change(seeds, "disclosure_policies.csv", "hes_1_to_7", "applies_to", "")
    change(seeds, "comparability_reasons.csv", "age", "rank", "99")
    write(seeds, "peer_sets.csv", [*read(seeds, "peer_sets.csv"), PEER])
    change(seeds, "frameworks.csv", "bnssg;2021", "area_codes", "")
    change(seeds, "framework_indicators.csv", M04, "life_cycle", "retired")
    change(seeds, "framework_indicators.csv", M04, "successor_code", "BNSSG-M99")
    change(seeds, "framework_indicators.csv", M04, "programmes", "tobacco")
    change(seeds, "selection_principles.csv", "bnssg;2021", "is_met", "yes")
    write(seeds, "goals.csv", [*read(seeds, "goals.csv"), [*GOAL[:4], "suicide_rate", *GOAL[5:]]])
    lines = read(seeds, "contract_periods.csv")
    write(seeds, "contract_periods.csv", [row for row in lines if row[0] != "tower_hamlets_like"])
    for file, key, column, value in EVERY_RULE:
        change(seeds, file, key, column, value)
    change(seeds, "state_words.csv", "comparisons;reason;england_held", "word", "england_kept")
    change(seeds, "subscribers.csv", "stockport-leads", "frameworks", "phof/2019 on/Z")
    change(seeds, "subscribers.csv", "release-managers", "subscriber_id", "geography")
    change(seeds, "revision_limits.csv", "dsr", "limit_absolute", "3")
    write(seeds, "definition_reviews.csv", [*read(seeds, "definition_reviews.csv"), REVIEW])
    tables = {table.file: _rows(seeds, table.file) for table in TABLES}
    rules = [rule for rule in RULES_OF_ALL if rule not in DEFINITION_RULES]
    assert [rule.__name__ for rule in rules if not list(rule(tables))] == []


def _rows(seeds: Path, file: str) -> tuple[dict[str, str], ...]:
    header, *lines = read(seeds, file)
    return tuple(dict(zip(header, line, strict=True)) for line in lines)
