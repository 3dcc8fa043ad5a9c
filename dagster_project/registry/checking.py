"""Every rule of the registry, applied to all of its files at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dagster_project.errors import RegistryError
from dagster_project.registry.alerts import ALERT_RULES
from dagster_project.registry.alignment import ALIGNMENT_RULES
from dagster_project.registry.cells import table_findings
from dagster_project.registry.checks import review_findings, revision_limit_findings
from dagster_project.registry.comparability import COMPARABILITY_RULES
from dagster_project.registry.contracts import CONTRACT_RULES
from dagster_project.registry.definitions import (
    DEFINITION_RULES,
    as_error,
    defined,
    is_told,
    keep,
    with_definitions,
)
from dagster_project.registry.disclosure import DISCLOSURE_RULES
from dagster_project.registry.forms import Finding, Row
from dagster_project.registry.frameworks import FRAMEWORK_RULES
from dagster_project.registry.live import LIVE_RULES
from dagster_project.registry.methods import METHOD_RULES
from dagster_project.registry.payments import PAYMENT_RULES
from dagster_project.registry.reading import read_table
from dagster_project.registry.rules import RULES
from dagster_project.registry.state_words import STATE_WORD_RULES
from dagster_project.registry.tables import TABLES

RULES_OF_ALL = (
    *(*RULES, *FRAMEWORK_RULES, *LIVE_RULES, *METHOD_RULES),
    *(*COMPARABILITY_RULES, *ALIGNMENT_RULES, *DISCLOSURE_RULES, *DEFINITION_RULES),
    *STATE_WORD_RULES,
    *(*CONTRACT_RULES, *PAYMENT_RULES, *ALERT_RULES, revision_limit_findings, review_findings),
)


def check(
    contents: Mapping[str, bytes], definitions: Path
) -> tuple[dict[str, tuple[Row, ...]], list[RegistryError]]:
    """The tables of these files and definitions, and every mistake in them."""
    seeds: dict[str, tuple[Row, ...]] = {}
    findings: list[Finding] = []
    for table in TABLES:
        seeds[table.file], found = read_table(contents.get(table.file), table)
        findings += found
    said = defined(definitions, seeds)
    tables = with_definitions(seeds, said.rows)
    for table in TABLES:
        findings += table_findings(table, tables)
    for rule in RULES_OF_ALL:
        findings += rule(tables)
    problems = [as_error(each, tables) for each in findings if not is_told(each, tables, said.told)]
    problems += said.problems
    if not problems:
        keep(definitions, said)
    return tables, problems
