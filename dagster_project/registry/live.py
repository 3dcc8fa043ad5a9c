"""What must hold of `seeds/live_sources.csv`: what may be asked of whom, and where it goes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from dagster_project.registry.rules import FIRST_ROW, Finding, Row, Tables

FILE = "live_sources.csv"
# The most that the Fingertips API takes; it passes over the rest without a word.
MOST_PER_PAGE = 100
PLACEHOLDER = re.compile(r"\{.*?\}")
IDS, PAGE = "{indicator_ids}", "{page}"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\.(csv|json|xlsx|zip)")


def _rows(tables: Tables) -> Iterator[tuple[int, Row]]:
    return enumerate(tables.get(FILE, ()), start=FIRST_ROW)


def _found(number: int, column: str, problem: str, got: str, expected: str, fix: str) -> Finding:
    return Finding(FILE, number, column, problem, got, expected, fix)


def addresses_are_open_and_declared(tables: Tables) -> Iterator[Finding]:
    """An address names a declared host and no person: no user, no password, no fragment."""
    for number, row in _rows(tables):
        parts = urlsplit(row["address"])
        if "@" in parts.netloc or "#" in row["address"]:
            yield _found(
                number,
                "address",
                "holds a user name, a password or a fragment",
                # Not repeated: it may be a secret.
                f"an address of {parts.hostname}",
                "an address that anybody may read",
                "take it out; what needs credentials is fetched by hand",
            )
        elif parts.netloc not in row["hosts"].split("|"):
            yield _found(
                number,
                "address",
                "names a host that isn't declared",
                parts.netloc,
                row["hosts"],
                "mend the address, or add the host to hosts",
            )


def pages_are_asked_by_code(tables: Tables) -> Iterator[Finding]:
    """What is asked page by page says whose codes, how many at once, and names each page's file."""
    for number, row in _rows(tables):
        parts = (
            bool(row["codes_of"]),
            bool(row["page_size"]),
            PLACEHOLDER.findall(row["address"]) == [IDS],
            PLACEHOLDER.findall(row["file_name"]) == [PAGE],
        )
        strange = not parts[0] and "{" in row["address"] + row["file_name"]
        if len(set(parts)) > 1 or strange:
            yield _found(
                number,
                "codes_of",
                "isn't all of a page, nor all of a single file",
                f"codes_of {row['codes_of']!r}, page_size {row['page_size']!r},"
                f" {len(PLACEHOLDER.findall(row['address']))} placeholders in the address",
                f"codes_of, page_size, {IDS} in the address, {PAGE} in file_name; or none of them",
                "fill what is missing, or empty what is too much",
            )
        elif parts[0] and not 1 <= int(row["page_size"] or 0) <= MOST_PER_PAGE:
            yield _found(
                number,
                "page_size",
                "is too many at once",
                row["page_size"],
                f"1 to {MOST_PER_PAGE}",
                "ask for fewer codes a page",
            )


def asked_codes_are_numbers(tables: Tables) -> Iterator[Finding]:
    """The codes that go into an address are numbers: nothing else needs writing out or sorting."""
    asked = {row["codes_of"] for _, row in _rows(tables)} - {""}
    for number, row in enumerate(tables.get("indicator_sources.csv", ()), start=FIRST_ROW):
        if row["source_id"] in asked and not row["source_code"].isdecimal():
            yield Finding(
                "indicator_sources.csv",
                number,
                "source_code",
                "can't be asked for",
                row["source_code"],
                "a number, since seeds/live_sources.csv asks for the codes of this source",
                "correct the code",
            )


def files_have_places(tables: Tables) -> Iterator[Finding]:
    """Each file has a plain name with a known ending, and a place of its own."""
    seen: set[tuple[str, str]] = set()
    for number, row in _rows(tables):
        place = (row["source_id"], row["file_name"])
        if not NAME.fullmatch(row["file_name"].replace(PAGE, "1-2")):
            yield _found(
                number,
                "file_name",
                "isn't a plain name",
                row["file_name"],
                "letters, digits, dots, dashes; at its end .csv, .json, .xlsx or .zip",
                "rename it: landing takes the period from it where the content states none",
            )
        if place in seen:
            yield _found(
                number,
                "file_name",
                "is another address's place",
                row["file_name"],
                "a name of its own within the source",
                "rename one of the two",
            )
        seen.add(place)


LIVE_RULES: tuple[Callable[[Tables], Iterator[Finding]], ...] = (
    addresses_are_open_and_declared,
    pages_are_asked_by_code,
    asked_codes_are_numbers,
    files_have_places,
)
