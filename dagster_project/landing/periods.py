"""An extract's period and vintage: from its sidecar, its content or its name, in that order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from dagster_project.calendar import today
from dagster_project.errors import RefusedError
from dagster_project.landing import inbox, limits, nhs_numbers
from dagster_project.sources.layout import Extract, Layout
from dagster_project.sources.name_rules import NameRule
from dagster_project.sources.period_rules import CALENDAR_YEAR, PeriodRule, is_financial_year

SIDECAR_KEYS = ("period", "vintage")
SHOWN = 60


@dataclass(frozen=True)
class Stated:
    """What an extract is about (`period`) and when it was issued (`vintage`), and how we know."""

    period: str | None = None
    period_from: str | None = None
    vintage: str | None = None
    vintage_from: str | None = None


def read_sidecar(path: Path, relative_path: str) -> dict[str, str]:
    """The keys of a sidecar: a bare period on one line, or `period:` and `vintage:` lines."""
    try:
        with path.open("rb") as stream:
            content = stream.read(limits.MAX_SIDECAR_BYTES + 1)
    except OSError as problem:
        raise inbox.cannot_read(relative_path, problem) from problem
    if len(content) > limits.MAX_SIDECAR_BYTES:
        raise _bad_sidecar(relative_path, f"more than {limits.MAX_SIDECAR_BYTES:,} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise _bad_sidecar(relative_path, "bytes that are not UTF-8") from problem
    found: dict[str, str] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        key, separator, value = line.partition(":")
        name, content_of = (key.strip().lower(), value.strip()) if separator else ("period", line)
        if name not in SIDECAR_KEYS or name in found:
            raise _bad_sidecar(relative_path, f"the line {_shown(line)}")
        found[name] = content_of
    if not found:
        raise _bad_sidecar(relative_path, "an empty file")
    _check(found, relative_path)
    return found


def _shown(text: str) -> str:
    return repr(nhs_numbers.masked(text)[:SHOWN])


def _check(found: dict[str, str], relative_path: str) -> None:
    period = found.get("period")
    if period is not None and not (is_financial_year(period) or CALENDAR_YEAR.fullmatch(period)):
        raise _bad_sidecar(relative_path, f"the period {_shown(period)}")
    vintage = found.get("vintage")
    if vintage is not None and not _is_day(vintage):
        raise _bad_sidecar(relative_path, f"the vintage {_shown(vintage)}")


def _is_day(text: str) -> bool:
    """True for 2021-10-01; Python alone would take 20211001 too, which the warehouse doesn't."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _bad_sidecar(relative_path: str, got: str) -> RefusedError:
    return RefusedError(
        "the sidecar can't be understood",
        file=relative_path,
        got=got,
        expected="lines such as 'period: 2020/21' and 'vintage: 2021-10-01'",
        fix="mend the sidecar; the extract beside it waits for it",
    )


def stated_by(
    extract: Extract, layout: Layout, sidecar: dict[str, str], titles: tuple[str, ...] = ()
) -> Stated:
    """The period and vintage of `extract`; RefusedError where what is needed isn't stated.

    `titles` is what stands above the header in each of its sheets.
    """
    if layout.name_rule is not None and not re.search(layout.name_rule.pattern, extract.name):
        raise _name_says_too_little(extract, layout, layout.name_rule)
    period, period_from = sidecar.get("period"), "sidecar"
    if period is not None and layout.period is not None:
        _check_form(extract, layout, layout.period, period)
        _check_content(extract, layout.period, period, titles)
    elif layout.period is not None:
        period, period_from = _period_stated(extract, layout, layout.period, titles)
    elif period is None:
        period_from = "content"
    vintage, vintage_from = sidecar.get("vintage"), "sidecar"
    if vintage is None and layout.vintage_pattern:
        vintage, vintage_from = _vintage_from_name(extract, layout.vintage_pattern)
    _check_vintage(extract, vintage, vintage_from)
    return Stated(period, period_from, vintage, vintage_from if vintage else None)


def _check_form(extract: Extract, layout: Layout, rule: PeriodRule, period: str) -> None:
    if not rule.accepts(period):
        raise RefusedError(
            f"this {layout.title} has another kind of period",
            file=extract.relative_path,
            place="its sidecar",
            got=repr(period),
            expected=f"{rule.form} such as {rule.sample}",
            fix="mend the sidecar beside it",
        )


def _check_content(
    extract: Extract, rule: PeriodRule, period: str, titles: tuple[str, ...]
) -> None:
    """Refused if a sidecar says another period than the file itself; its name may be mistaken."""
    stated = rule.periods_in("\n".join(titles), rule.title) if rule.title else []
    if stated and period not in stated:
        raise RefusedError(
            "the sidecar says another period than the file",
            file=extract.relative_path,
            place="its sidecar",
            got=f"{period} in the sidecar, {' and '.join(stated)} in the titles of its sheets",
            expected="one period",
            fix="mend or take away the sidecar; if the titles are wrong, ask the publisher",
        )


def _check_vintage(extract: Extract, vintage: str | None, vintage_from: str) -> None:
    """Refused if the file says that it was issued after today: it would count as the latest."""
    # It is tomorrow somewhere already, and publishers' days are told in UTC.
    latest = today() + timedelta(1)
    if vintage is not None and _is_day(vintage) and date.fromisoformat(vintage) > latest:
        raise RefusedError(
            "the vintage lies in the future",
            file=extract.relative_path,
            place=f"its {vintage_from}",
            got=vintage,
            expected="the day on which the publisher issued it, today at the latest",
            fix="put a sidecar beside it, or mend the one there, that says 'vintage: ' and the day",
        )


def _period_stated(
    extract: Extract, layout: Layout, rule: PeriodRule, titles: tuple[str, ...]
) -> tuple[str, str]:
    places = [
        ("\n".join(titles) if rule.title else "", rule.title, "content"),
        (extract.name, None, "file name"),
        (extract.folder, None, "folder name"),
    ]
    for text, pattern, origin in places:
        periods = rule.periods_in(text, pattern)
        if len(periods) == 1:
            return periods[0], origin
        if periods:
            where = "titles of its sheets" if origin == "content" else origin
            raise _no_period(extract, layout, rule, f"{' and '.join(periods)} in the {where}")
    raise _no_period(extract, layout, rule, None)


def _no_period(extract: Extract, layout: Layout, rule: PeriodRule, got: str | None) -> RefusedError:
    # A member of a zip has its sidecar beside the zip.
    beside = extract.relative_path.split("!", 1)[0].rsplit("/", 1)[-1]
    return RefusedError(
        f"the period of this {layout.title} isn't stated",
        file=extract.relative_path,
        got=got,
        expected=f"one period, by a name such as {rule.example}",
        fix=f"put a file {beside}.period beside it that says, for example, 'period: {rule.sample}'",
    )


def _name_says_too_little(extract: Extract, layout: Layout, rule: NameRule) -> RefusedError:
    return RefusedError(
        f"the name of this {layout.title} doesn't say {rule.says}",
        file=extract.relative_path,
        got=repr(extract.name[:SHOWN]),
        expected=f"a name such as {rule.example}",
        fix="give the file the name that its publisher gave it",
    )


def _vintage_from_name(extract: Extract, pattern: str) -> tuple[str | None, str]:
    for text, origin in ((extract.name, "file name"), (extract.folder, "folder name")):
        match = re.search(pattern, text)
        if match:
            return match.group(0), origin
    return None, "not stated"
