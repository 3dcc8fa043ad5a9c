"""Work that a process of its own does, beside what this one does meanwhile.

Python runs on one core at a time, so two pieces of work that are mostly Python take as long one
after the other as in two threads. What the other process raises is raised here, with its own words
and all that it was raised from. When whoever started it goes, however it goes, the pipe closes and
the other process ends.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import IO, Any

from dagster_project import stopping
from dagster_project.errors import OutcomesError
from dagster_project.home import PROJECT_ROOT

# One error as it goes from process to process, whether the next was its cause, whether what it came
# in the middle of is hidden, and its notes: an error that is made again from its parts has none.
Packed = tuple[bytes, bool, bool, list[str]]


class Beside:
    """One piece of work under way."""

    def __init__(
        self, process: subprocess.Popen[bytes], answer: IO[bytes], said: IO[bytes]
    ) -> None:
        self._process = process
        self._answer = answer
        self._said = said

    def wait(self) -> None:
        """After this the work is done; what it raised is raised."""
        code = self._process.wait()
        self._answer.seek(0)
        body = self._answer.read()
        if code == 0 and body:
            # Written by `main` below, of this very code.
            problem = _unpacked(pickle.loads(body))  # noqa: S301
            if problem is not None:
                raise problem
            return
        if stopping.is_told_too(code):
            raise KeyboardInterrupt
        self._said.seek(0)
        raise OutcomesError(
            "a process stopped before its work was done",
            got=self._said.read().decode(errors="replace").strip()[-500:] or f"exit code {code}",
            expected="an answer",
            fix="run the command again; if it stops again, report the last line",
        )


@contextmanager
def beside(work: Callable[..., None], *given: Any) -> Iterator[Beside]:
    """`work(*given)` is under way until it is done or the block ends, which ends it too.

    `work` is a function of a module, and the other process imports it by its name.
    """
    with ExitStack() as files:
        # It answers into files: neither process waits until the other reads.
        answer, said = (files.enter_context(tempfile.TemporaryFile()) for _ in range(2))
        process = subprocess.Popen(  # noqa: S603 (this module, this interpreter)
            [sys.executable, "-m", __name__],
            cwd=PROJECT_ROOT,
            stdin=subprocess.PIPE,
            stdout=answer,
            stderr=said,
        )
        try:
            _ask(process, pickle.dumps((work, given)))
            yield Beside(process, answer, said)
        finally:
            process.kill()
            _close(process)
            process.wait()


def _ask(process: subprocess.Popen[bytes], asked: bytes) -> None:
    """After this it knows what to do; the pipe stays open for as long as it is to live."""
    # One that ended at once reads nothing: `wait` says why.
    with suppress(BrokenPipeError):
        if process.stdin is not None:
            process.stdin.write(asked)
            process.stdin.flush()


def _close(process: subprocess.Popen[bytes]) -> None:
    # What it never read can't be sent any more.
    with suppress(BrokenPipeError):
        if process.stdin is not None:
            process.stdin.close()


def _packed(problem: BaseException | None) -> list[Packed]:
    """An error and what it was raised from, one beneath the other."""
    found: list[Packed] = []
    seen: set[int] = set()
    # Libraries that raise an error again from another may close the chain to a ring.
    while problem is not None and id(problem) not in seen:
        seen.add(id(problem))
        is_cause = problem.__cause__ is not None
        body = _body(problem)
        notes = [str(note) for note in getattr(problem, "__notes__", ())]
        found.append((body, is_cause, problem.__suppress_context__, notes))
        problem = problem.__cause__ or problem.__context__
    return found


def _unpacked(packed: list[Packed]) -> BaseException | None:
    """The error again, above what it was raised from."""
    beneath: BaseException | None = None
    for body, is_cause, is_context_hidden, notes in reversed(packed):
        problem: BaseException = pickle.loads(body)  # noqa: S301
        if notes:
            problem.__notes__ = notes
        problem.__cause__ = beneath if is_cause else None
        problem.__context__ = beneath
        problem.__suppress_context__ = is_context_hidden
        beneath = problem
    return beneath


def _body(problem: BaseException) -> bytes:
    """The very error, where it comes out as it went in; else one of ours with all of its words."""
    try:
        body = pickle.dumps(problem)
        again = pickle.loads(body)  # noqa: S301
        if type(again) is type(problem) and str(again) == str(problem):
            return body
    except Exception as lost:
        # Any code may run here: whatever it raises, the words are what is wanted.
        problem.add_note(f"It can't be handed on to another process: {lost!r}")
    return pickle.dumps(_in_our_words(problem))


def _in_our_words(problem: BaseException) -> OutcomesError:
    if isinstance(problem, OutcomesError):
        parts = problem.as_dict()
        told = OutcomesError(parts.pop("problem"), **parts)
        told.exit_code = problem.exit_code
    else:
        told = OutcomesError(
            "a process met a mistake of the project before its work was done",
            got=f"{type(problem).__name__}: {_words(problem)}",
            expected="work without one",
            fix="report it",
        )
    return told


def _words(problem: BaseException) -> str:
    try:
        return str(problem)
    except Exception as lost:
        # Any code may run here too.
        return f"its words can't be had: {lost!r}"


def _raised_by(work: Callable[..., None], given: tuple[Any, ...]) -> Exception | None:
    try:
        work(*given)
    except Exception as problem:
        if not isinstance(problem, OutcomesError):
            told = "".join(traceback.format_exception(problem))
            problem.add_note(f"As the process beside this one met it:\n{told}")
        return problem
    return None


def _end_with_the_pipe() -> None:
    """Wait for the other end of the pipe to close, and end this process there and then."""
    # Not through sys.stdin, which can't be put away while somebody reads from it.
    while os.read(0, 4096):
        pass
    os._exit(1)


def main() -> int:
    """Do what is asked, and answer what it raised, or that it raised nothing."""
    # Of the process that started this one.
    work, given = pickle.load(sys.stdin.buffer)  # noqa: S301
    threading.Thread(target=_end_with_the_pipe, daemon=True).start()
    sys.stdout.buffer.write(pickle.dumps(_packed(_raised_by(work, given))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
