"""Work that a process of its own does, beside what this one does meanwhile.

Python runs on one core at a time, so two pieces of work that are mostly Python take as long one
after the other as in two threads. What the other process raises is raised here, with its own words.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, Any

from dagster_project import stopping
from dagster_project.errors import OutcomesError
from dagster_project.home import PROJECT_ROOT


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
            problem = pickle.loads(body)  # noqa: S301
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
        # Files, not pipes: neither process waits until the other reads.
        asked, answer, said = (files.enter_context(tempfile.TemporaryFile()) for _ in range(3))
        asked.write(pickle.dumps((work, given)))
        asked.seek(0)
        process = subprocess.Popen(  # noqa: S603 (this module, this interpreter)
            [sys.executable, "-m", __name__],
            cwd=PROJECT_ROOT,
            stdin=asked,
            stdout=answer,
            stderr=said,
        )
        try:
            yield Beside(process, answer, said)
        finally:
            process.kill()
            process.wait()


def main() -> int:
    """Do what is asked, and answer what it raised, or that it raised nothing."""
    # Of the process that started this one.
    work, given = pickle.load(sys.stdin.buffer)  # noqa: S301
    raised: Exception | None = None
    try:
        work(*given)
    except Exception as problem:
        raised = problem
    sys.stdout.buffer.write(pickle.dumps(raised))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
