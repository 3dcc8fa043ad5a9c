"""The period and vintage of an extract: from its sidecar, its content, or its name, in that order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dagster_project.errors import RefusedError
from dagster_project.landing import limits
from dagster_project.sources.layout import Extract, Layout

PERIOD = re.compile(r"(?:19|20)\d\d(?:/\d\d)?")
SIDECAR_KEYS = ("period", "vintage")


@dataclass(frozen=True)
class Stated:
    """What an extract is about (`period`) and when it was issued (`vintage`), and how we know."""

    period: str | None = None
    period_from: str | None = None
    vintage: str | None = None
    vintage_from: str | None = None


def read_sidecar(path: Path, relative_path: str) -> dict[str, str]:
    """The keys of a sidecar: a bare period on one line, or `period:` and `vintage:` lines."""
    if path.stat().st_size > limits.MAX_SIDECAR_BYTES:
        raise _bad_sidecar(relative_path, f"{path.stat().st_size:,} bytes")
    try:
        text = path.read_text(encoding="utf-8-sig").strip()
    except UnicodeDecodeError as problem:
        raise _bad_sidecar(relative_path, "bytes that are not UTF-8") from problem
    found: dict[str, str] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        key, separator, value = line.partition(":")
        name, content = (key.strip().lower(), value.strip()) if separator else ("period", line)
        if name not in SIDECAR_KEYS or name in found:
            raise _bad_sidecar(relative_path, f"the line {line!r}")
        found[name] = content
    if not found:
        raise _bad_sidecar(relative_path, "an empty file")
    _check(found, relative_path)
    return found


def _check(found: dict[str, str], relative_path: str) -> None:
    if "period" in found and not PERIOD.fullmatch(found["period"]):
        raise _bad_sidecar(relative_path, f"the period {found['period']!r}")
    if "vintage" in found:
        try:
            date.fromisoformat(found["vintage"])
        except ValueError as problem:
            raise _bad_sidecar(relative_path, f"the vintage {found['vintage']!r}") from problem


def _bad_sidecar(relative_path: str, got: str) -> RefusedError:
    return RefusedError(
        "the sidecar can't be understood",
        file=relative_path,
        got=got,
        expected="lines such as 'period: 2020/21' and 'vintage: 2021-10-01'",
        fix="mend the sidecar; the extract beside it waits for it",
    )


def stated_by(extract: Extract, layout: Layout, sidecar: dict[str, str]) -> Stated:
    """The period and vintage of `extract`; RefusedError where a period is needed and not found."""
    period, period_from = sidecar.get("period"), "sidecar"
    if period is None and layout.period is not None:
        period, period_from = _period_from_name(extract, layout)
    elif period is None:
        period_from = "content"
    vintage, vintage_from = sidecar.get("vintage"), "sidecar"
    if vintage is None and layout.vintage_pattern:
        vintage, vintage_from = _vintage_from_name(extract, layout.vintage_pattern)
    return Stated(period, period_from, vintage, vintage_from if vintage else None)


def _period_from_name(extract: Extract, layout: Layout) -> tuple[str, str]:
    rule = layout.period
    if rule is None:
        raise ValueError(f"{layout.layout_id} has no rule for periods")
    for text, origin in ((extract.name, "file name"), (extract.folder, "folder name")):
        period = rule.period_in(text)
        if period is not None:
            return period, origin
    raise RefusedError(
        f"the period of this {layout.title} isn't stated",
        file=extract.relative_path,
        expected=f"a name such as {rule.example}",
        fix=f"put a file {extract.name}.period beside it that says, for example, 'period: 2020/21'",
    )


def _vintage_from_name(extract: Extract, pattern: str) -> tuple[str | None, str]:
    for text, origin in ((extract.name, "file name"), (extract.folder, "folder name")):
        match = re.search(pattern, text)
        if match:
            return match.group(0), origin
    return None, "not stated"
