"""The verbs of an analyst: `new-indicator` and `preview`, with their options."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from dagster_project.errors import UsageError
from dagster_project.home import PROJECT_ROOT, Home

DONE, FAILED = 0, 1
ANSWERS = ("domain", "title", "meaning", "method", "source", "polarity", "owner")


def add_verbs(verbs: Any) -> None:
    """After this the parser knows both."""
    new = verbs.add_parser(
        "new-indicator",
        help="write the two files of an indicator that is worked out here",
        description=(
            "Ask a few questions and write the SQL and the definition, which you then fill in."
            " What an option answers isn't asked; with --yes nothing is."
        ),
    )
    new.add_argument("indicator", metavar="ID", help="what is measured, such as falls_at_home")
    for name in ANSWERS:
        new.add_argument(f"--{name}", metavar="TEXT", help=f"the {name}, unasked")
    new.add_argument("--yes", action="store_true", help="ask nothing: what isn't said is usual")
    new.add_argument("--json", action="store_true", help="the answer as JSON, for programs")
    preview = verbs.add_parser(
        "preview",
        help="build, judge and show one indicator without publishing it",
        description=(
            "Build one indicator of dbt/models/indicators on what has landed, run its worked"
            " examples, judge its values, and show them with its siblings. On a copy of the"
            " warehouse: nothing of the home changes. Exit code 1 where a blocking check fails."
        ),
    )
    preview.add_argument("indicator", metavar="ID", help="the name of its two files")
    preview.add_argument("--html", metavar="FILE", help="write it as a page as well, with a chart")
    preview.add_argument("--json", action="store_true", help="the answer as JSON, for programs")


def new_indicator(options: argparse.Namespace) -> int:
    """The two files written, and what to do next."""
    from dagster_project import cli
    from dagster_project.indicators import scaffold
    from dagster_project.registry.registry import load_registry

    registry = load_registry(PROJECT_ROOT / "seeds")
    asks = not options.yes and sys.stdin.isatty() and not options.json
    said = scaffold.answers(
        registry, {name: getattr(options, name) for name in ANSWERS}, _ask if asks else None
    )
    paths = scaffold.write(registry, options.indicator, said)
    files = [path.relative_to(PROJECT_ROOT).as_posix() for path in paths]
    record = {"indicator_id": options.indicator, "files": files}
    cli.answer(
        options.json,
        record,
        lambda r: [
            *(f"Written: {file}" for file in r["files"]),
            f"Next: write who is counted, then `outcomes preview {r['indicator_id']}`"
            " (docs/how-to/add-an-indicator.md)",
        ],
    )
    return DONE


def _ask(words: str, usual: str) -> str:
    try:
        return input(f"{words} [{usual}] ")
    except EOFError:
        raise UsageError(
            "a question wasn't answered, so nothing is written",
            got="the end of what was typed",
            fix="answer it, or give the options; with --yes nothing is asked",
        ) from None


def preview(options: argparse.Namespace) -> int:
    """The preview said; FAILED where a value would be held."""
    from dagster_project import cli, progress
    from dagster_project.preview import words
    from dagster_project.preview.preview import preview as made

    if options.html and not Path(options.html).absolute().parent.is_dir():
        # Told before the minute that a preview may take, not after it.
        raise UsageError(
            "there is no such folder to write a page into",
            file=options.html,
            expected="a folder that is there",
            fix="make the folder, or name another for --html",
        )
    with progress.shown(cli.display(quiet=options.json)) as shown:
        try:
            record = made(Home.from_environment(), options.indicator)
        finally:
            shown.finish()
    cli.answer(options.json, record, words.preview_lines)
    if options.html:
        Path(options.html).write_text(words.page(record), encoding="utf-8")
        print(f"Written: {options.html}", file=sys.stderr)
    return FAILED if record["would_be_held"] else DONE
