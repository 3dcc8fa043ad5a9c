"""The cells of the tables that have a row a value, as mark-up.

A site has them by the hundred thousand, and a template takes ten times as long for each. All text
goes through `text`, which escapes it and takes out what would be obeyed; all else is our own. A
row and a cell end where the next begins, and an item of a list too: HTML asks for no end tag there,
nor for quotes around a plain word, and those of a million values are megabytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape
from typing import Any

from markupsafe import Markup

from dagster_project.site import figures, wording
from dagster_project.site.explorer_cells import JUDGEMENT_LETTERS
from dagster_project.site.levels import MANY
from dagster_project.site.rendering import inert

Row = Mapping[str, Any]

SEXES = ("Male", "Female")
BESIDE_ENGLAND = {
    "better": " than England",
    "worse": " than England",
    "similar": " to England",
}
# What may come of a check, and the column that counts it; the worst first.
OUTCOMES = (
    ("broke", "error"),
    ("failed", "fail"),
    ("passed with failures", "pass_with_failures"),
    ("passed", "pass"),
    ("nothing to test", "not_applicable"),
)
# What needs no quotes as the value of an attribute.
PLAIN = re.compile(r"[\w./#-]+", re.ASCII)
# What the second page of an indicator is called by.
MORE = "-more-areas"


@lru_cache(maxsize=200_000)
def text(value: str | None) -> str:
    """Text as it may stand in a page; the same words come again and again."""
    return escape(str(inert(value)), quote=True)


@lru_cache(maxsize=200_000)
def value(said: str) -> str:
    """Text as the value of an attribute: in quotes, unless it is plain."""
    return said if PLAIN.fullmatch(said) else f'"{text(said)}"'


def markup(parts: Iterable[str]) -> Markup:
    """Parts that were made here, as one piece of mark-up."""
    return Markup("".join(parts))  # noqa: S704 (every text among them went through `text`)


def standing(row: Row) -> str:
    """The value with its limits, England's, how the two compare, and which way it goes."""
    judgement = row["judgement"] or "not_compared"
    england = text(figures.figure(row["england"], row["decimals"], row["unit"]))
    word = text(wording.word("judgements", judgement))
    return f"{_value(row)}<td>{england}<td class={_letter(row).upper()}>{word}{_trend(row)}"


def _letter(row: Row) -> str:
    """The judgement's letter: the name of its mark (drawing.py) and, as a capital, of its style."""
    return JUDGEMENT_LETTERS[row["judgement"] or "not_compared"]


def _value(row: Row) -> str:
    is_held = row["status"] == "held"
    start = "<td class=held>" if is_held else "<td>"
    if row["value"] is None:
        return f"{start}<i>{text(wording.word('statuses', row['status']).lower())}</i>"
    shown = text(figures.figure(row["value"], row["decimals"], row["unit"]))
    if is_held:
        shown = f"<b>{shown}</b>"
    limits = figures.span(row["lower_95"], row["upper_95"], row["decimals"])
    return f"{start}{shown}<small>{limits}</small>" if limits else start + shown


def _trend(row: Row) -> str:
    said = wording.trend(row["direction"], row["trend"])
    if said:
        is_told = row["trend"] in ("better", "worse")
        return f"<td><b>{text(said)}</b>" if is_told else f"<td>{text(said)}"
    why = wording.word("no_trend", row["trend_reason"]).lower()
    return f"<td><i>{text(why)}</i>" if why else "<td>"


def spark(row: Row) -> str:
    """The series up to the value as a line, and a mark at its end; empty where it is none."""
    if row["spark"] is None:
        return "<td>"
    line = f'<path marker-end=url(#{_letter(row)}) d="{row["spark"]}"/>'
    return f"<td><svg role=none>{line}</svg>"


def spine(row: Row) -> str:
    """Where the value lies among the areas of its level; empty where it isn't compared."""
    if row["spread"] is None:
        return "<td>"
    low, high, lower, upper, at = row["spread"]
    return (
        f'<td><svg role=none><path d="M{low} 12H{high}"/>'
        f'<path d="M{lower} 12H{upper}"/><use href=#e /><use href=#{_letter(row)} x={at} /></svg>'
    )


def dated(row: Row) -> str:
    """Of which period the value is, and what to bear in mind of it."""
    return f"<td>{text(row['period_label'])}<td>{text('; '.join(row['notes']))}"


def goal(row: Row) -> str:
    """How the value stands to its goal."""
    return f"<td>{text(wording.word('goals', row['goal']))}"


def groups(row: Row) -> str:
    """How far apart the groups of the area are, each way of cutting in words; else empty."""
    said = "".join(
        f"<span>{_gap(gap, row)}</span>" for gap in row["gaps"] or () if gap["value"] is not None
    )
    return f"<td>{said}"


def _gap(gap: Row, row: Row) -> str:
    far = figures.figure(abs(gap["value"]), row["decimals"])
    # Two shares are points apart: 5% lower would be another thing.
    far += " percentage points" if row["unit"] == "%" else ""
    way = "lower" if gap["value"] < 0 else "higher"
    limits = [gap["lower"], gap["upper"]]
    if None not in limits:
        # Said the way the sentence goes: of a lower group, how much lower it may be.
        limits = sorted(-limit if gap["value"] < 0 else limit for limit in limits)
    said = figures.span(limits[0], limits[1], row["decimals"])
    more = f" <small>{said}</small>" if said else ""
    of, than = (text(_group(gap[side])) for side in ("to_group", "from_group"))
    return f"{of} {text(far)} {way} than {wording.group_within(than)}{more}"


def _group(name: str) -> str:
    return wording.word("sexes", name) if name in wording.words("sexes") else name


def what(row: Row) -> str:
    """In what a value is measured, and of whom it speaks."""
    parts = [row["unit"]]
    parts += [wording.word("sexes", row["sex"])] if row["sex"] != "Persons" else []
    parts += [row["age"]] if row["age"] not in ("All ages", "Not applicable") else []
    return ", ".join(part for part in parts if part)


def line(anchor: str, title: str, small: str, cells: Iterable[str]) -> str:
    """A row of a table; title and cells are mark-up, the small line below the title is text.

    The first cell heads the row by its place: nothing but heads stands in its column.
    """
    under = f"<small>{text(small)}</small>" if small else ""
    # Between rows there is nothing: it would stand in a cell, which then isn't empty.
    return f"<tr\nid={value(anchor)}><th>{title}{under}{''.join(cells)}"


def indicator_address(root: str, indicator: str, area: Row) -> str:
    """Where an area stands on the page of an indicator."""
    return f"{root}indicators/{indicator}{MORE if area['area_type'] in MANY else ''}.html"


def link(address: str, title: str | None) -> str:
    """A link to a page of the site; the address is one of our own."""
    return f"<a href={value(address)}>{text(title)}</a>"


def item(row: Row) -> str:
    """An indicator in a list, as a link to its row; the list says what its items have in common."""
    sex = f" ({text(wording.word('sexes', row['sex']).lower())})" if row["sex"] in SEXES else ""
    return f"<li>{link('#' + row['anchor'], row['title'])}{sex}\n"


def beside_england(judgement: str) -> str:
    """How what is judged so stands to England."""
    return wording.word("judgements", judgement) + BESIDE_ENGLAND.get(judgement, "")


def check(row: Row) -> str:
    """A check of an indicator in a list: what a failure does, and how often each outcome came."""
    does = "holds the value" if row["severity"] == "critical" else "is said"
    counts = "; ".join(
        f"{said}: {figures.count(row[name])}" for said, name in OUTCOMES if row[name]
    )
    small = f"{text(row['check_id'])}. A failure {does}. {counts[:1].upper()}{counts[1:]}"
    return f"<li>{text(row['title'])}<small>{small}</small>\n"


def tally(row: Row, *, bar: bool = True) -> Markup:
    """How many indicators stand in which way, as cells, and as a bar of the same lengths."""
    parts = [f"<td>{figures.count(row['indicators'])}"]
    for name in wording.words("tally"):
        number = row[name]
        look = "" if number else " class=nought"
        said = "not given" if number is None else figures.count(number)
        parts.append(f"<td{look}>{said}")
    if bar:
        parts.append(f"<td class=bar>{_bar(row)}")
    return markup(parts)


def _bar(row: Row) -> str:
    if row["better"] is None:
        return ""
    at, shapes = 0, []
    for name in wording.words("tally"):
        if row[name]:
            shapes.append(f'<path class=j-{name} d="M{at} 0h{row[name]}v1H{at}"/>')
            at += row[name]
    box = f'viewBox="0 0 {row["indicators"] or 1} 1" preserveAspectRatio=none'
    return f"<svg {box} role=none>{''.join(shapes)}</svg>"
