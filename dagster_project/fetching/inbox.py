"""The live inbox: the file that each address gave last, with the day on which it first did.

That day is stated as the vintage, in a sidecar: what a publisher serves later is the later, also
where the pages of a question are cut anew. It belongs to the bytes, so the same bytes say the same.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from dagster_project.fetching import ledger
from dagster_project.fetching.addresses import Address
from dagster_project.fetching.download import Fetched
from dagster_project.fetching.partial import drop_others
from dagster_project.fetching.problems import RefusedAnswer
from dagster_project.home import Home
from dagster_project.landing.inbox import SIDECAR_SUFFIX

Taken = Literal["new", "same", "nothing"]
# A header is shorter than this.
LOOKED_AT = 2**16


def tidy(home: Home, wanted: Iterable[Address]) -> None:
    """After this nothing is kept but what the addresses of today gave, be it whole or begun."""
    addresses = list(wanted)
    drop_others(home.partial_downloads, addresses)
    places = {address.place for address in addresses}
    ledger.forget_others(home, places)
    home.live.mkdir(parents=True, exist_ok=True)
    kept = places | {place + SIDECAR_SUFFIX for place in places}
    for path in home.live.rglob("*"):
        if path.is_file() and path.relative_to(home.live).as_posix() not in kept:
            path.unlink()


def is_kept(home: Home, row: sqlite3.Row | None) -> bool:
    """True if "unchanged" is an answer: what the address gave last is here, or may not be."""
    if row is None or row["sha256"] is None:
        return False
    if ledger.was_dropped(row):
        return True
    return (home.live / str(row["place"])).exists() or (home.landing / str(row["sha256"])).exists()


def take(
    home: Home, address: Address, row: sqlite3.Row | None, fetched: Fetched, moment: str
) -> Taken:
    """Whether the file is another than the last; after this it stands in the live inbox.

    A page that says nothing isn't put there: no row of its codes is published at that level.
    """
    last: str | None = None if row is None else row["sha256"]
    if last == fetched.sha256 and ledger.was_dropped(row):
        fetched.path.unlink()
        raise dropped_before(address)
    if address.is_page and _says_nothing(fetched.path):
        fetched.path.unlink()
        if last is not None:
            raise _emptied(address)
        return "nothing"
    if last == fetched.sha256 and (home.live / address.place).exists():
        # What stood there stays as it was: landing then need not look at it again.
        fetched.path.unlink()
        return "same"
    # After a file that landing refused, an older one is the publisher's repair.
    is_new = last != fetched.sha256
    if is_new and last is not None and row is not None and not row["landing_problem"]:
        _refuse_older(home, address, last, fetched)
    _put(home, address, fetched, moment)
    return "new" if is_new else "same"


def _says_nothing(path: Path) -> bool:
    """True for a header without a row under it, and for JSON without anything in it."""
    with path.open("rb") as stream:
        start = stream.read(LOOKED_AT + 1).strip()
    if len(start) > LOOKED_AT:
        return False
    return start in (b"{}", b"[]") or not (start.startswith((b"{", b"[")) or b"\n" in start)


def _emptied(address: Address) -> RefusedAnswer:
    return RefusedAnswer(
        "a page without a row, where there were some before",
        file=address.place,
        got="an answer that says nothing of any code it was asked for",
        expected="rows, as it gave before",
        fix="refresh again later; if it goes on, look whether the publisher still has this level",
    )


def dropped_before(address: Address) -> RefusedAnswer:
    """The refusal of bytes that landing refused before, and of which no copy is kept."""
    return RefusedAnswer(
        "the same file that landing refused for NHS numbers, so it isn't put back",
        file=address.place,
        got="the bytes of which no copy is kept",
        expected="a file that identifies no person",
        fix="tell the publisher; if the numbers are codes, declare the column as codes in a layout",
    )


def _refuse_older(home: Home, address: Address, last: str, fetched: Fetched) -> None:
    """Raises RefusedAnswer for bytes that the address gave before those it gave last.

    Moments are to the second: of two in the same second neither is the older.
    """
    earlier = ledger.first_given_here(home, address, fetched.sha256)
    since = ledger.first_given_here(home, address, last)
    if earlier is None or since is None or earlier >= since:
        return
    fetched.path.unlink()
    raise RefusedAnswer(
        "an older file than it gave before",
        file=address.place,
        got=f"the bytes first given on {earlier[:10]}, SHA-256 {fetched.sha256[:12]}",
        expected=f"those given since {since[:10]}, or new ones",
        fix="its server may give out old copies: refresh again later; if the publisher took the"
        " newer file back, put this one in the inbox with a sidecar that states its new vintage",
    )


def _put(home: Home, address: Address, fetched: Fetched, moment: str) -> None:
    """After this the file stands in the live inbox, with the day its bytes were first given.

    A kill in between leaves a whole file, at worst with the day of the one before it, and the
    address still says that it gave that one last. The same bytes then come again as new ones, with
    the day on which they first came, and the day is put right.
    """
    first = ledger.enter_answer(home, address, fetched, moment)
    target = home.live / address.place
    target.parent.mkdir(parents=True, exist_ok=True)
    fetched.path.replace(target)
    _write(target.with_name(target.name + SIDECAR_SUFFIX), f"vintage: {first[:10]}\n")


def _write(path: Path, text: str) -> None:
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    building = path.with_name(f".{path.name}.part")
    building.write_text(text, encoding="utf-8")
    building.replace(path)
