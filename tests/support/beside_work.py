"""What a process beside the tests is asked to do: it imports these by their name."""

from __future__ import annotations

import errno
import json
import os
import threading
import time
from pathlib import Path
from typing import Any

from dagster_project.contracts.refusals import ContractRefused
from dagster_project.errors import OutcomesError, RegistryError, UsageError
from dagster_project.registry.registry import RegistryProblems

FIGURE = "7007.01"


class Particular(Exception):
    """Made from other things than its text, as pickle can't make it again."""

    def __init__(self, place: str, *, number: int) -> None:
        super().__init__(f"{place} has {number}")
        self.place, self.number = place, number


class Holding(UsageError):
    """One of ours that has what can't be handed on."""

    def __init__(self) -> None:
        super().__init__("a lock is held", file="a.csv", got="one", fix="let it go")
        self.lock = threading.Lock()


class Wordless(Exception):
    """One that fails when it is asked what it says."""

    def __str__(self) -> str:
        raise KeyError("words")


def not_json() -> None:
    json.loads("{")


def wordless() -> None:
    raise Wordless


def registry_problems() -> None:
    raise RegistryProblems([RegistryError("one", file="a.csv"), RegistryError("two", got="2")])


def contract_refused() -> None:
    raise ContractRefused("like", [OutcomesError("no value", place="E1")], ["held"])


def particular() -> None:
    raise Particular("here", number=2)


def holding() -> None:
    raise Holding


def mistaken() -> None:
    {}["nothing of this name"]


def full_disk(*_: Any) -> None:
    """A library's own error above what the system said, which it hides."""
    try:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "releases/outcomes.xlsx")
    except OSError as problem:
        try:
            raise Particular("beneath", number=1) from problem
        except Particular:
            raise ValueError("can't be written") from None


def ring() -> None:
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one
    raise one


def half_written(directory: Path, manifest: Any) -> None:
    """Half a file and what is put aside for it, and then a mistake."""
    (directory / "book").write_text(FIGURE)
    (directory / ".spill-x").mkdir()
    (directory / ".spill-x/rows").write_text(FIGURE)
    raise ValueError("a mistake in the book")


def never_done(directory: Path, manifest: Any) -> None:
    """The number of this process, and then more and more."""
    (directory / ".spill-x").mkdir()
    (directory / ".spill-x/rows").write_text(FIGURE)
    (directory / "pid").write_text(str(os.getpid()))
    while True:
        with (directory / "book").open("a") as file:
            file.write(FIGURE)
        time.sleep(0.01)
