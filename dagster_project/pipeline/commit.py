"""Which commit of the code is running."""

from __future__ import annotations

import subprocess

from dagster_project.home import PROJECT_ROOT

NO_COMMIT = "unknown"


def commit() -> str:
    """The commit of the checkout, marked where files differ from it; `unknown` outside git."""
    commands: tuple[list[str], ...] = (
        ["git", "rev-parse", "HEAD"],
        ["git", "status", "--porcelain", "--untracked-files=no"],
    )
    answers: list[str] = []
    for command in commands:
        try:
            done = subprocess.run(  # noqa: S603 (fixed words, no shell)
                command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False, timeout=20
            )
        except FileNotFoundError:
            return NO_COMMIT
        if done.returncode:
            return NO_COMMIT
        answers.append(done.stdout.strip())
    return answers[0] + (" with uncommitted changes" if answers[1] else "")
