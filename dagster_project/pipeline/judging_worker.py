"""The judging in a process of its own, made ready while the models are built.

Great Expectations takes seconds to import, all of them on one core. Started when a refresh begins,
this process imports it beside the landing and the models, then waits for the word. When whoever
started it goes, however it goes, the pipe closes and this process ends.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from dagster_project import progress, stopping
from dagster_project.errors import OutcomesError
from dagster_project.home import PROJECT_ROOT, Home

GO = "judge"


class Worker:
    """One waiting process for one home."""

    def __init__(self, home: Home) -> None:
        # Open as long as the process: it ends with it, in `stop`.
        self._said: IO[str] = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self._process = subprocess.Popen(  # noqa: S603 (this module, this interpreter)
            [sys.executable, "-m", __name__, str(home.root)],
            cwd=PROJECT_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
        )

    def judge(self) -> dict[str, Any]:
        """What the judging came to; OutcomesError as it was raised over there."""
        lines = self._send()
        # Its answer is the last that it does; where it gave none, its end says why.
        self._process.wait()
        answer = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}
        tail = self._tail()
        self.stop()
        if stopping.is_told_too(self._process.returncode):
            raise KeyboardInterrupt
        if "error" in answer:
            raise OutcomesError(answer["error"].pop("problem"), **answer["error"])
        if "summary" not in answer:
            raise OutcomesError(
                "the judging stopped before its end, so nothing is published",
                got=tail or f"exit code {self._process.returncode}",
                fix="run `outcomes refresh` again; if it stops again, report the last line",
            )
        return dict(answer["summary"])

    def _send(self) -> list[str]:
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the judging process has no pipes")
        lines: list[str] = []
        try:
            self._process.stdin.write(GO + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            return lines
        for line in self._process.stdout:
            lines.append(line)
            if line.startswith("{"):
                break
            progress.current().detail(line.strip())
        return lines

    def _tail(self) -> str:
        self._said.seek(0)
        return self._said.read().strip()[-500:]

    def stop(self) -> None:
        """After this the process is gone, whatever it was importing or judging: nothing waits."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            # What it never read can't be sent any more.
            with suppress(BrokenPipeError):
                if pipe is not None:
                    pipe.close()
        self._process.wait()
        self._said.close()


_WAITING: dict[Path, Worker] = {}


def make_ready(home: Home) -> None:
    """After this a process is on its way to being ready to judge in this home."""
    if home.root not in _WAITING:
        _WAITING[home.root] = Worker(home)


def dismiss(home: Home) -> None:
    """After this no process waits for this home."""
    worker = _WAITING.pop(home.root, None)
    if worker is not None:
        worker.stop()


def judge(home: Home) -> dict[str, Any]:
    """What the judging of this home's candidates came to, by the process that waits for it."""
    make_ready(home)
    return _WAITING.pop(home.root).judge()


def _answer(home: Home) -> dict[str, Any]:
    from dagster_project import warehouse
    from dagster_project.pipeline.judging import judge_candidates

    try:
        with progress.shown(_Telling()), warehouse.connect(home) as connection:
            summary = judge_candidates(connection)
    except OutcomesError as problem:
        return {"error": problem.as_dict()}
    return {"summary": asdict(summary)}


class _Telling(progress.Silent):
    """Passes on which check is being judged."""

    def detail(self, text: str) -> None:
        print(text, flush=True)


def main() -> int:
    """Get ready, wait for the word, judge, answer in one line of JSON."""
    from dagster_project.collecting import uncollected
    from dagster_project.judging.engine import great_expectations

    # All that it brings lives until the end: a fifth of its import was the search for what doesn't.
    with uncollected():
        great_expectations()
        gc.freeze()
    if sys.stdin.readline().strip() == GO:
        print(json.dumps(_answer(Home(Path(sys.argv[1]))), default=dict), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
