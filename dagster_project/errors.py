"""The errors a person may meet. Each says what was got, what was expected and what to do."""

from __future__ import annotations

import unicodedata
from typing import Any, Protocol

# Control, format and surrogate characters and line separators: they move the cursor, recolour the
# terminal, turn the reading direction, or can't be written as UTF-8.
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def printable(text: str, keep: str = "") -> str:
    """`text` with what a terminal would obey instead of show written as \\x1b, \\n or \\u202e."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character.encode("unicode_escape").decode()
        if character not in keep and unicodedata.category(character) in UNPRINTABLE
        else character
        for character in text
    )


class OutcomesError(Exception):
    """Something the person at the keyboard can mend; printed without a traceback.

    `exit_code` is what the `outcomes` command returns for it.
    """

    exit_code = 1

    def __init__(
        self,
        problem: str,
        *,
        file: str | None = None,
        place: str | None = None,
        got: str | None = None,
        expected: str | None = None,
        fix: str | None = None,
    ) -> None:
        # Names and cells of files come from outside; what the project says may have lines.
        self.problem = printable(problem, keep="\n")
        self.file = _shown(file)
        self.place = _shown(place)
        self.got = _shown(got)
        self.expected = _shown(expected, keep="\n")
        self.fix = _shown(fix, keep="\n")
        super().__init__(self.message)

    def __reduce__(self) -> tuple[Any, ...]:
        """As it was, in another process, whatever its class is made from."""
        return (_again, (type(self), self.args), self.__dict__)

    @property
    def message(self) -> str:
        """One sentence a part: where, what, got and expected, what to do."""
        where = ": ".join(part for part in (self.file, self.place) if part)
        parts = [f"{where}: {self.problem}" if where else self.problem]
        facts = [
            f"{label} {text}"
            for label, text in (("got", self.got), ("expected", self.expected))
            if text
        ]
        if facts:
            parts.append("; ".join(facts))
        if self.fix:
            parts.append(f"To mend it: {self.fix}")
        return ". ".join(part.rstrip(".") for part in parts) + "."

    def as_dict(self) -> dict[str, str]:
        """The same, part by part, for receipts and `--json`."""
        parts = {
            "problem": self.problem,
            "file": self.file,
            "place": self.place,
            "got": self.got,
            "expected": self.expected,
            "fix": self.fix,
        }
        return {key: text for key, text in parts.items() if text}


def _again(kind: type[OutcomesError], said: tuple[Any, ...]) -> OutcomesError:
    """An error of that class with those words, for `pickle`, which gives it back the rest."""
    return kind.__new__(kind, *said)


def _shown(text: str | None, keep: str = "") -> str | None:
    return None if text is None else printable(text, keep)


class UsageError(OutcomesError):
    """The command was wrong: nothing was run."""

    exit_code = 2


class Mark(Protocol):
    """One mistake in a form that somebody filled in."""

    @property
    def sheet(self) -> str: ...

    @property
    def cell(self) -> str: ...

    @property
    def problem(self) -> str: ...

    @property
    def got(self) -> str: ...

    @property
    def expected(self) -> str: ...

    @property
    def fix(self) -> str: ...


class RefusedError(OutcomesError):
    """A file can't be taken in; it goes to quarantine and the others still land.

    `keep_bytes` is False where not even quarantine may hold a copy.
    """

    keep_bytes = True
    # The mistakes of a form by sheet and cell, where that is known: a marked copy goes back.
    marks: tuple[Mark, ...] = ()


class RegistryRefused(RefusedError):
    """A file that contradicts the registry of today: a change of the registry may mend it."""


class OutOfScopeError(RefusedError):
    """A file of content that is known and left unread on purpose: it is named, and not kept."""


class RegistryError(OutcomesError):
    """Reference data in `seeds/` or a definition contradicts itself."""


class PublicationRefused(OutcomesError):
    """Publishing was refused: what would be published isn't what was judged."""


class StateDamaged(OutcomesError):
    """`state.sqlite` can't be read; the next refresh sets it aside and rebuilds what it can."""


class BusyError(OutcomesError):
    """Another refresh holds this home."""
