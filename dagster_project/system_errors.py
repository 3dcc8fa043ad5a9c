"""What the system refused, said as the project says things: which file, and what to do."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from pathlib import Path

from dagster_project.errors import OutcomesError
from dagster_project.home import Home

FULL = ("the disk is full", "make room, and run it again; the latest release is as it was")
DENIED = (
    "the system doesn't let this be read or written",
    "give the user who runs this the right to it, or name another OUTCOMES_HOME",
)
READ_ONLY = (
    "this stands where nothing can be written",
    "name a home that can be written to: OUTCOMES_HOME=DIR",
)
# Of what doesn't lie in the home, another home is no way out.
ELSEWHERE = {
    DENIED: "give the user who runs this the right to it, or name another place",
    READ_ONLY: "name a place that can be written to",
}
GONE = (
    "a file or folder isn't there",
    "put it back from a backup of this home, or take away what names it, and run it again",
)
NO_HOME = (
    "no home can be made there",
    "name a folder that is there or can be made: OUTCOMES_HOME=DIR",
)
# So SQLite says of a full disk too, where the room came back before it could be looked for.
FAILING = (
    "the disk refused to read or write",
    "see that it has room and is sound, and run it again; the latest release is as it was",
)
BUSY = ("another process writes to this home", "wait until it ends, and run it again")
OTHER = ("the system refused", "put right what it says, and run it again")

BY_NUMBER = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EACCES: DENIED,
    errno.EPERM: DENIED,
    errno.EROFS: READ_ONLY,
    errno.ENOENT: GONE,
    errno.EIO: FAILING,
}
NOWHERE = (errno.ENOENT, errno.ENOTDIR)
# Less than this is no room: SQLite alone needs some of it beside its file.
NO_ROOM = 1_000_000
# How SQLite and DuckDB say the same.
BY_WORDS = {
    "database or disk is full": FULL,
    "no space left": FULL,
    "readonly database": READ_ONLY,
    "read-only file system": READ_ONLY,
    "permission denied": DENIED,
    "unable to open database": DENIED,
    "database is locked": BUSY,
    "could not set lock": BUSY,
    "disk i/o error": FAILING,
}


def told(problem: Exception, home: Home | None) -> OutcomesError | None:
    """What the system refused, as an error of ours; None for any other problem.

    A full disk is found beneath whatever a library made of it: many writes go through one.
    """
    own = _told(problem, home)
    if own is not None:
        return own
    seen: set[int] = set()
    beneath = problem.__cause__ or problem.__context__
    while isinstance(beneath, Exception) and id(beneath) not in seen:
        seen.add(id(beneath))
        found = _told(beneath, home)
        if found is not None and found.problem == FULL[0]:
            return found
        beneath = beneath.__cause__ or beneath.__context__
    return None


def _told(problem: Exception, home: Home | None) -> OutcomesError | None:
    if isinstance(problem, OSError) and problem.errno is not None:
        what, fix = BY_NUMBER.get(problem.errno, OTHER)
        if home is not None and problem.errno in NOWHERE and _is_about(home, problem):
            # Of a home that isn't there nothing can be put back.
            what, fix = NO_HOME
        elif home is not None and problem.filename and not _is_near(home, problem):
            fix = ELSEWHERE.get((what, fix), fix)
        file = str(problem.filename) if problem.filename else _place(home)
        return OutcomesError(what, file=file, got=problem.strerror, fix=fix)
    # DuckDB isn't imported to be asked for the name of its error.
    if isinstance(problem, sqlite3.OperationalError) or type(problem).__name__ == "IOException":
        said = " ".join(str(problem).split())
        for words, (what, fix) in BY_WORDS.items():
            if words in said.lower():
                if what == FAILING[0] and _is_full(home):
                    what, fix = FULL
                return OutcomesError(what, file=_place(home), got=said[:300], fix=fix)
    return None


def _is_about(home: Home, problem: OSError) -> bool:
    """True if what isn't there is the home itself, a folder above it or something in it."""
    if home.root.exists():
        return False
    if not problem.filename:
        return True
    return _is_near(home, problem)


def _is_near(home: Home, problem: OSError) -> bool:
    """True if what the problem names is the home, a folder above it or something in it."""
    place, root = Path(os.fsdecode(problem.filename)).absolute(), home.root.absolute()
    return place.is_relative_to(root) or root.is_relative_to(place)


def _is_full(home: Home | None) -> bool:
    """Whether there is no room where the home is: SQLite may call that a fault of the disk."""
    if home is None or not home.root.is_dir():
        return False
    return shutil.disk_usage(home.root).free < NO_ROOM


def _place(home: Home | None) -> str | None:
    return None if home is None else str(home.root)
