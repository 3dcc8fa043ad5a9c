"""What the pages of contracts show: their tables by caption, and the bars of their charts."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

CONTRACTS = ("stockport_like", "tower_hamlets_like")
# Where a bar starts and how long it is; and where the line at all that is linked stands.
BAR = re.compile(r"<rect class=j-\w+ x=([\d.]+) y=[\d.]+ width=([\d.]+)")
LINKED = re.compile(r'<path d="M([\d.]+) [^"]*"[^>]*class=ref')
Rows = list[list[str]]
Read = dict[str, dict[str, Rows]]


def tables_of(text: str) -> dict[str, Rows]:
    """The rows of each table of a page, by its caption."""
    found = {}
    for table in re.findall(r"<table.*?</table>", text, re.DOTALL):
        caption = said(re.search(r"<caption>(.*?)</caption>", table, re.DOTALL)[1])
        rows = re.findall(r"<tr>(.*?)</tr>", table.split("<tbody>")[1], re.DOTALL)
        found[caption] = [
            [said(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
            for row in rows
        ]
    return found


def said(markup: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", markup)).strip()


def read_all(site: Path) -> Read:
    """The tables of each contract's page."""
    return {
        name: tables_of((site / f"contracts/{name}.html").read_text("utf-8")) for name in CONTRACTS
    }
