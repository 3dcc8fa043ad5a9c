"""The pages of a site as a reader of their mark-up sees them: rows, cells, links and anchors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import NamedTuple

TABLE = re.compile(r'<table class="glance[^"]*".*?</table>', re.DOTALL)
# A row and a cell of long tables end where the next begins, and a plain word of an attribute has no
# quotes: HTML needs neither.
ROW = re.compile(r'<tr\s+id="?([^">]+)"?><th>(.*?)(?=<td)(.*?)(?=<tr|</tbody>)', re.DOTALL)
CELL = re.compile(r"<td([^>]*)>(.*?)(?=</td>|<td|$)", re.DOTALL)
SMALL = re.compile(r"<small>(.*?)</small>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")
HREF = re.compile(r'\bhref=(?:"([^"]*)"|([^\s>]+))')
ANCHOR = re.compile(r'\bid=(?:"([^"]*)"|([^\s>]+))')


class Shown(NamedTuple):
    """What a row with a value says. `small` are the limits, as they stand under the value."""

    anchor: str
    value: str
    small: str
    england: str
    judgement: str
    trend: str
    period: str
    notes: str
    is_held: bool


def rows_of(path: Path) -> Iterator[Shown]:
    """The rows of every table of a page that has a row a value."""
    for table in TABLE.findall(path.read_text(encoding="utf-8")):
        for anchor, _, rest in ROW.findall(table):
            cells = CELL.findall(rest)
            value = cells[0][1]
            small = SMALL.search(value)
            yield Shown(
                anchor=unescape(anchor),
                value=words(SMALL.sub("", value)),
                small=words(small[1]) if small else "",
                england=words(cells[1][1]),
                judgement=words(cells[2][1]),
                trend=words(cells[3][1]),
                period=words(cells[-2][1]),
                notes=words(cells[-1][1]),
                is_held="held" in cells[0][0],
            )


def words(markup: str) -> str:
    """What a piece of mark-up says."""
    return unescape(TAG.sub("", markup)).strip()


def links_of(path: Path) -> set[str]:
    """Where a page's links lead."""
    return {unescape(quoted or plain) for quoted, plain in HREF.findall(path.read_text("utf-8"))}


def anchors_of(path: Path) -> list[str]:
    """The places of a page that a link may lead to."""
    return [unescape(quoted or plain) for quoted, plain in ANCHOR.findall(path.read_text("utf-8"))]


def pages_of(site: Path) -> list[Path]:
    """Every page of the site."""
    return sorted(site.rglob("*.html"))
