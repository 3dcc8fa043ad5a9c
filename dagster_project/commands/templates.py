"""The words of `outcomes template`, and what it does."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from dagster_project.calendar import today
from dagster_project.errors import UsageError
from dagster_project.home import Home


def add(verbs: Any) -> None:
    """After this the command has the verb."""
    template = verbs.add_parser(
        "template",
        help="an Excel form that a partner fills in",
        description=(
            "Write a form. `framework` is the workbook of an outcomes framework: empty, or filled"
            " with an edition as it stands. `survey_returns` is what partners fill in of"
            " questionnaires. Filled in, it lands from an inbox like any extract; of one with"
            " mistakes a marked copy is put in outbox/returns of the home."
        ),
    )
    template.add_argument(
        "source",
        metavar="SOURCE",
        choices=["framework", "survey_returns"],
        help="framework or survey_returns",
    )
    template.add_argument("--framework", metavar="NAME", help="fill it with this framework")
    template.add_argument(
        "--edition", metavar="NAME", help="and this edition (needed where there are several)"
    )
    template.add_argument("--out", metavar="FILE", help="where to (default: a name here)")
    template.add_argument("--json", action="store_true", help="the answer as JSON, for programs")


def answer(options: argparse.Namespace) -> dict[str, Any]:
    """The form once it is written; UsageError says what is wrong."""
    from dagster_project.templates import survey_returns

    if options.edition and not options.framework:
        raise UsageError("--edition needs --framework", got=options.edition)
    if options.source == "survey_returns":
        path = Path(options.out or "survey-return.xlsx")
        survey_returns.write(path)
        return {"file": str(path)}
    return {"file": str(_framework(options))}


def _framework(options: argparse.Namespace) -> Path:
    from dagster_project.templates import editions, framework

    edition = None
    if options.framework:
        home = Home.from_environment()
        edition = editions.edition_of(home, options.framework, options.edition, today())
    parts = (edition.framework, edition.edition) if edition else ("new",)
    name = re.sub(r"[^0-9a-z]+", "-", "-".join(("framework", *parts)).lower())
    path = Path(options.out or f"{name}.xlsx")
    framework.write(path, edition)
    return path


def lines(record: dict[str, Any]) -> list[str]:
    """Where the form is."""
    return [f"Written: {record['file']}"]
