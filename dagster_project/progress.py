"""What a run is doing, said as it goes: a live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO


class Progress(Protocol):
    """Told of each stage and of what happens in it."""

    def stage(self, title: str) -> None: ...

    def detail(self, text: str) -> None: ...

    def note(self, text: str) -> None: ...

    def finish(self) -> None: ...


class Silent:
    """Says nothing: for `--json` and for tests."""

    def stage(self, title: str) -> None:
        """Nothing is said."""

    def detail(self, text: str) -> None:
        """Nothing is said."""

    def note(self, text: str) -> None:
        """Nothing is said."""

    def finish(self) -> None:
        """Nothing is said."""


class Plain:
    """A line a stage with its time; what is worth knowing on lines of its own.

    A stage's CPU is that of this process, and of those of its own that ended in the stage.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._title = ""
        self._began = 0.0
        self._cpu = 0.0

    def stage(self, title: str) -> None:
        self.finish()
        self._title, self._began, self._cpu = title, time.monotonic(), _cpu()
        self._say(f"{title} …")

    def detail(self, text: str) -> None:
        """Passing details would fill a log: they are for the live display."""

    def note(self, text: str) -> None:
        self._say(f"  {text}")

    def finish(self) -> None:
        if self._title:
            wall, cpu = time.monotonic() - self._began, _cpu() - self._cpu
            word = "broken off after" if _is_broken_off() else "done in"
            self._say(f"{self._title}: {word} {wall:.1f} s ({cpu:.1f} s of CPU)")
        self._title = ""

    def _say(self, text: str) -> None:
        print(text, file=self._stream, flush=True)


class Live:
    """A spinner with the stage and its passing detail, kept in place; notes scroll above it."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(stderr=True, highlight=False)
        self._status = self._console.status("")
        self._title = ""
        self._began = 0.0

    def stage(self, title: str) -> None:
        self.finish()
        self._title, self._began = title, time.monotonic()
        self._status.update(f"{title} …")
        self._status.start()

    def detail(self, text: str) -> None:
        self._status.update(f"{self._title}: {_escaped(text)}")

    def note(self, text: str) -> None:
        self._console.print(f"  {_escaped(text)}")

    def finish(self) -> None:
        self._status.stop()
        if self._title:
            took = time.monotonic() - self._began
            mark = "[red]✗[/red]" if _is_broken_off() else "[green]✓[/green]"
            self._console.print(f"{mark} {self._title} [dim]{took:.1f} s[/dim]")
        self._title = ""


def _cpu() -> float:
    """The seconds of CPU of this process, and of those that it started and that have ended."""
    spent = os.times()
    return time.process_time() + spent.children_user + spent.children_system


def _is_broken_off() -> bool:
    """Whether the stage ends because something is raised through it."""
    return sys.exc_info()[0] is not None


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)


_CURRENT: list[Progress] = [Silent()]


def current() -> Progress:
    """The display of the run under way; a silent one where nobody watches."""
    return _CURRENT[-1]


@contextmanager
def shown(progress: Progress) -> Iterator[Progress]:
    """`progress` is the current display until the block ends; its last stage ends with it."""
    _CURRENT.append(progress)
    try:
        yield progress
    finally:
        progress.finish()
        _CURRENT.pop()
