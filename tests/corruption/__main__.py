"""`python -m tests.corruption`: the table of what became of each kind of damage."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from dagster_project.home import PROJECT_ROOT
from tests.corruption.damage import KINDS
from tests.corruption.run import Result, run

PAGE = PROJECT_ROOT / "docs" / "reference" / "damage.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; with --write also as a page. 1 if anything was published wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.corruption", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name} as well")
    parser.add_argument("--seed", default="damage", help="of the made-up figures (default damage)")
    parser.add_argument(
        "--only", nargs="+", default=(), choices=sorted(KINDS), metavar="KIND", help="these kinds"
    )
    options = parser.parse_args(arguments)
    if options.write and options.only:
        parser.error("the page is of all kinds: --write and --only don't go together")
    with tempfile.TemporaryDirectory() as place:
        results = run(Path(place), options.seed, options.only)
    page = render(results)
    print(page)
    if options.write:
        PAGE.write_text(page, encoding="utf-8")
    unexplained = [result for result in results if not result.kind.beyond]
    return int(any(result.wrong or result.held_for_nothing for result in unexplained))


def render(results: list[Result]) -> str:
    """The page: a line a kind, and what they come to."""
    wrong = [result for result in results if result.wrong]
    vain = [result for result in results if result.held_for_nothing]
    head = (
        "# What becomes of damaged extracts\n\n"
        "Made by `make corrupt`. Four clean years of each indicator are published; the fifth comes"
        " damaged, one kind\nof damage an indicator. *Wrong* counts values that were published and"
        " aren't the true ones; *for nothing* those that\nare not published although the damage"
        " didn't touch them.\n\n"
        f"{len(results)} kinds: {len(wrong)} with something published wrong, {len(vain)} with"
        " something held for nothing. *Told by* are\nchecks that may not hold anything, and found"
        " nothing in clean extracts.\n\n"
        "| damage | cells touched | caught by | held | told by | wrong | for nothing |\n"
        "|---|---|---|---|---|---|---|\n"
    )
    beyond = [result for result in results if result.kind.beyond]
    told = "".join(f"- {_capital(r.kind.story)}: {r.kind.beyond}.\n" for r in beyond)
    why = f"\n## What can't be told, and why\n\n{told}" if told else ""
    return head + "".join(map(_line, results)) + why


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _line(result: Result) -> str:
    caught = "refused" if result.refused else ", ".join(sorted(result.held_by)) or "—"
    if result.kind.harmless and caught == "—":
        caught = "harmless"
    cells = (
        result.kind.story,
        f"{result.touched:,}",
        caught,
        f"{sum(result.held_by.values()):,}",
        ", ".join(result.warned) or "—",
        f"{len(result.wrong):,}",
        f"{len(result.held_for_nothing):,}",
    )
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    sys.exit(main())
