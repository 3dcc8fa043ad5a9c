"""Refusing an extract: its bytes and the reason go to `quarantine/`, the ledger remembers it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dagster_project import state
from dagster_project.errors import RefusedError
from dagster_project.home import Home
from dagster_project.landing import nhs_numbers, searching, store
from dagster_project.landing.inbox import SIDECAR_SUFFIX, InboxFile
from dagster_project.sources.layout import Extract
from dagster_project.sources.matching import Recognised

NO_COPY = "; no copy of it is kept here, since nobody can look for NHS numbers in it"


def refuse(
    home: Home,
    extract: Extract,
    refusal: RefusedError,
    *,
    run_number: int,
    found: Recognised | None = None,
    was_searched: bool = False,
    is_of_people: bool = False,
) -> RefusedError:
    """The refusal that stands, once it is in quarantine and in the ledger.

    A file that is refused for something else may hold NHS numbers too: then that is the reason,
    and neither the bytes nor anything from inside is kept. So are the bytes of a file in which
    nobody can look for them, unless it `was_searched` when it landed.

    It bears the marks of a form that somebody filled in only where a marked copy may go back.
    """
    if refusal.keep_bytes:
        refusal = _weighed(extract, refusal, found, was_searched=was_searched)
    if refusal.keep_bytes and (is_of_people or (found and found.layout.is_of_people)):
        refusal = _without_records(refusal)
    store.keep(
        home.quarantine, extract, _note(extract, refusal), store.REASON, copy=refusal.keep_bytes
    )
    _remember(home, extract, refusal, run_number)
    if not refusal.keep_bytes:
        store.landed_bytes(home.quarantine, extract.sha256).unlink(missing_ok=True)
    return refusal


def _weighed(
    extract: Extract, refusal: RefusedError, found: Recognised | None, *, was_searched: bool
) -> RefusedError:
    told = without_numbers(refusal)
    told.marks = refusal.marks
    try:
        return searching.nhs_number_refusal(extract, found) or told
    except searching.CannotSearch:
        if was_searched:
            return told
    parts = told.as_dict()
    parts["fix"] = f"{parts.get('fix', '')}{NO_COPY}".removeprefix("; ")
    said = type(told)(**parts)
    said.keep_bytes = False
    return said


def _without_records(refusal: RefusedError) -> RefusedError:
    """The same refusal without what it quotes of people's records; no copy of them is kept."""
    told = refusal.as_dict() | {"got": "a record of a person, which isn't repeated here"}
    if refusal.marks:
        # It quotes none: what was got stands in the marks, for the one copy, which is its sender's.
        del told["got"]
    said = type(refusal)(**told)
    said.marks = refusal.marks
    said.keep_bytes = False
    return said


def _note(extract: Extract, refusal: RefusedError) -> dict[str, Any]:
    return {
        **refusal.as_dict(),
        "message": refusal.message,
        "name": nhs_numbers.masked(extract.name),
        "sha256": extract.sha256,
        "bytes": extract.bytes,
        "bytes_kept": refusal.keep_bytes,
    }


def count_noted(home: Home, refused: Iterable[RefusedError]) -> int:
    """Of how many of these the reason stands in quarantine: a link has no bytes to be kept."""
    with state.connect(home.state) as ledger:
        rows = ledger.execute("select relative_path from refusals").fetchall()
    noted = {row["relative_path"] for row in rows}
    return sum(refusal.file in noted for refusal in refused)


def _remember(home: Home, extract: Extract, refusal: RefusedError, run_number: int) -> None:
    row = (
        extract.sha256,
        nhs_numbers.masked(extract.relative_path),
        refusal.problem,
        state.to_json(refusal.as_dict()),
        int(refusal.keep_bytes),
        run_number,
        state.now(),
    )
    with state.connect(home.state) as ledger:
        ledger.execute(
            "insert or ignore into refusals (sha256, relative_path, problem, details, bytes_kept,"
            " run_number, refused_at) values (?, ?, ?, ?, ?, ?, ?)",
            row,
        )


def drop_fetched(home: Home, file: InboxFile, refused: Iterable[RefusedError]) -> bool:
    """True if nothing of it may be kept and it was fetched: then it no longer stands in the home.

    A person's inbox is left as it is; the live one is ours, and a copy there is a copy kept. The
    publisher has the file still, should today's code be mistaken.
    """
    stands_in_home = file.path.resolve().is_relative_to(home.live.resolve())
    if not stands_in_home or all(refusal.keep_bytes for refusal in refused):
        return False
    file.path.unlink(missing_ok=True)
    file.path.with_name(file.path.name + SIDECAR_SUFFIX).unlink(missing_ok=True)
    return True


def without_numbers(refusal: RefusedError) -> RefusedError:
    """The same refusal, should a code that it quotes look like an NHS number."""
    return type(refusal)(**{key: nhs_numbers.masked(v) for key, v in refusal.as_dict().items()})


def drop_what_may_not_be_kept(home: Home) -> None:
    """After this no bytes are left of what was refused for NHS numbers and hasn't landed since.

    Earlier code may have taken them in, and a kill may have come before they were removed.
    """
    with state.connect(home.state) as ledger:
        rows = ledger.execute(
            "select distinct sha256 from refusals where bytes_kept = 0"
            " and sha256 not in (select sha256 from landings)"
        ).fetchall()
    for row in rows:
        store.drop(home.landing, row["sha256"])
        store.landed_bytes(home.quarantine, row["sha256"]).unlink(missing_ok=True)
