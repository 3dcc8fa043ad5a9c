"""The `outcomes` command. Each verb imports what it needs when it is called, and not before."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from dagster_project import stopping
from dagster_project.commands import indicators
from dagster_project.commands.words import make_parser
from dagster_project.errors import OutcomesError, UsageError
from dagster_project.home import HOW_TO_BEGIN, Home

DONE, FAILED = 0, 1


def _refresh(options: argparse.Namespace) -> int:
    from dagster_project import progress, refresh

    home = Home.from_environment()
    request = refresh.request_for(
        home,
        options.inbox,
        sample=options.sample,
        as_of=options.as_of,
        sources=options.source,
        live=options.live,
    )
    with progress.shown(display(quiet=options.json)) as shown:
        try:
            outcome = refresh.refresh(request)
        finally:
            shown.finish()
    from dagster_project import reporting

    answer(
        options.json,
        reporting.refresh_record(home, outcome, request.as_of, request.inboxes),
        reporting.refresh_lines,
    )
    return DONE


def _telling(options: argparse.Namespace) -> AbstractContextManager[Any]:
    """What is put right on the way is said, unless a program asked."""
    from dagster_project import progress

    return progress.shown(progress.Silent() if options.json else progress.Plain())


def display(*, quiet: bool) -> Any:
    """What shows how far a run is: nothing, plain lines, or a live line on a terminal."""
    from dagster_project import progress

    if quiet:
        return progress.Silent()
    return progress.Live() if sys.stderr.isatty() else progress.Plain()


def answer(
    as_json: bool, record: dict[str, Any], lines: Callable[[dict[str, Any]], list[str]]
) -> None:
    """After this the record has been said: as JSON, or in lines for people."""
    if as_json:
        print(json.dumps(record, indent=2, sort_keys=True, ensure_ascii=False, default=str))
    else:
        print("\n".join(lines(record)))


def _status(options: argparse.Namespace) -> int:
    from dagster_project import reporting_status

    record = reporting_status.status_record(Home.from_environment())
    answer(options.json, record, lambda r: reporting_status.status_lines(r, every=options.all))
    return DONE


def _releases(options: argparse.Namespace) -> int:
    from dagster_project import reporting_home

    record = reporting_home.releases_record(Home.from_environment())
    answer(options.json, record, reporting_home.releases_lines)
    return DONE


def _rollback(options: argparse.Namespace) -> int:
    from dagster_project import refresh
    from dagster_project.withdrawing import roll_back

    home = _existing_home()
    with _telling(options), refresh.held(home):
        said = roll_back(home, options.release)
    record = {"latest": options.release, "said": " ".join(said)}
    answer(options.json, record, lambda _: said)
    return DONE


def _diff(options: argparse.Namespace) -> int:
    from dagster_project.lineage.diff import diff, diff_lines

    record = diff(_existing_home(), options.earlier, options.later, options.indicator)
    answer(options.json, record, lambda r: diff_lines(r, everything=options.all))
    return DONE


def _explain(options: argparse.Namespace) -> int:
    from dagster_project.lineage.explain import MOST_EXPLAINED, explain
    from dagster_project.lineage.lines import explain_lines
    from dagster_project.lineage.question import Question

    asked = Question(
        options.indicator,
        options.area,
        options.period,
        options.as_at,
        options.all,
    )
    most = None if options.json else MOST_EXPLAINED
    record = explain(_existing_home(), asked, most)
    answer(options.json, record, lambda r: explain_lines(r, full=options.full))
    return DONE


def _waive(options: argparse.Namespace) -> int:
    from dagster_project.commands import waivers

    answer(options.json, waivers.answer(_existing_home(), options), waivers.lines)
    return DONE


def _accept_revision(options: argparse.Namespace) -> int:
    from dagster_project.commands import revisions

    record = revisions.answer(_existing_home(), options)
    answer(options.json, record, revisions.lines)
    return DONE


def _withdraw(options: argparse.Namespace) -> int:
    from dagster_project import refresh
    from dagster_project.withdrawing import withdraw

    home = _existing_home()
    with _telling(options), refresh.held(home):
        done = withdraw(home, options.target, options.reason)
    record = {"target": options.target, "reason": options.reason, "done": done}
    answer(options.json, record, lambda r: r["done"])
    return DONE


def _alerts(options: argparse.Namespace) -> int:
    from dagster_project.commands import alerts

    record, lines, went_well = alerts.run(options, _existing_home())
    answer(options.json, record, lines)
    return DONE if went_well else FAILED


def _verify(options: argparse.Namespace) -> int:
    from dagster_project import reporting_home

    record = reporting_home.verify_record(Home.from_environment(), options.release)
    if not record["releases"]:
        # A mistyped home has nothing to verify; that isn't a pass.
        _existing_home()
    answer(options.json, record, reporting_home.verify_lines)
    return FAILED if any(each["problems"] for each in record["releases"]) else DONE


def _keeping(options: argparse.Namespace) -> int:
    from dagster_project.commands import keeping

    with _telling(options):
        record, lines = keeping.run(options, _existing_home)
    answer(options.json, record, lines)
    return DONE


def _template(options: argparse.Namespace) -> int:
    from dagster_project.commands import templates

    answer(options.json, templates.answer(options), templates.lines)
    return DONE


def _contract(options: argparse.Namespace) -> int:
    from dagster_project.commands.contracts import contract

    with _telling(options):
        record, lines = contract(options, _existing_home)
    answer(options.json, record, lines)
    return FAILED if record.get("refused") else DONE


def _existing_home() -> Home:
    from dagster_project.refresh import kind_of

    home = Home.from_environment()
    if kind_of(home) is None:
        raise UsageError(
            "there is nothing here yet",
            file=str(home.root),
            expected="a home that a refresh has made",
            fix=HOW_TO_BEGIN,
        )
    return home


def _ui(options: argparse.Namespace) -> int:
    from dagster_project.serving import run_ui

    return run_ui(Home.from_environment(), host=options.host, port=options.port)


def _serve(options: argparse.Namespace) -> int:
    from dagster_project.site.serve import serve

    return serve(_existing_home(), options.release, options.host, options.port)


VERBS = {
    "refresh": _refresh,
    "status": _status,
    "releases": _releases,
    "rollback": _rollback,
    "diff": _diff,
    "explain": _explain,
    "waive": _waive,
    "accept-revision": _accept_revision,
    "withdraw": _withdraw,
    "alerts": _alerts,
    "verify": _verify,
    **dict.fromkeys(("tidy", "backup", "restore"), _keeping),
    "template": _template,
    "contract": _contract,
    "serve": _serve,
    "new-indicator": indicators.new_indicator,
    "preview": indicators.preview,
    "ui": _ui,
}


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = make_parser()
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        folder = next((word for word in unknown if not word.startswith("-")), None)
        hint = f". To take in a folder: outcomes refresh --inbox {folder}" if folder else ""
        hint = hint if options.verb == "refresh" else ""
        hint = hint or _meant(options, unknown)
        options.parser.error(f"unrecognized arguments: {' '.join(unknown)}{hint}")
    return options


def _meant(options: argparse.Namespace, unknown: Sequence[str]) -> str:
    """What the words that the verb doesn't know may have been meant for."""
    from dagster_project.nearest import nearest

    if options.verb == "new-indicator" and not any(word.startswith("-") for word in unknown):
        name = "_".join((options.indicator, *unknown)).lower()
        return f". Did you mean: outcomes new-indicator {name}"
    known = re.findall(r"--[a-z-]+", options.parser.format_help())
    named = (word.partition("=")[0] for word in unknown if word.startswith("--"))
    meant = [near[0] for word in named if (near := nearest(word, known, most=1))]
    return f". Did you mean: {' '.join(meant)}" if meant else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; its exit code. What a person can mend is told without a traceback."""
    if arguments is None:
        # The process is this command and nothing else.
        stopping.leave_quietly()
    options = _options(arguments)
    with stopping.heeded():
        return _run(options)


def _run(options: argparse.Namespace) -> int:
    try:
        code = VERBS[options.verb](options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whoever read the answer has seen enough. Python would flush it once more, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except BaseException as problem:
        if stopping.was_told(problem):
            return _stopped(options)
        told = _told(problem)
        if told is None:
            raise
        return _refuse(options, told)


def _stopped(options: argparse.Namespace) -> int:
    """The exit code of what was told to stop, once it is said which release stands."""
    from dagster_project.release.store import ReleaseStore

    said = "it was told to stop"
    if options.verb == "refresh":
        stands = ReleaseStore(Home.from_environment()).latest_id()
        release = f"release {stands} stands" if stands else "no release was there before"
        said = f"the refresh was told to stop; {release}; the next refresh goes on"
    if getattr(options, "json", False):
        print(json.dumps({"error": {"problem": said}}, sort_keys=True))
    print(f"outcomes: {said}.", file=sys.stderr)
    return stopping.exit_code()


def _told(problem: BaseException) -> OutcomesError | None:
    """What a person can mend, in words; None for what is our own mistake."""
    from dagster_project import system_errors

    if isinstance(problem, OutcomesError):
        return problem
    if not isinstance(problem, Exception):
        return None
    return system_errors.told(problem, Home.from_environment())


def _refuse(options: argparse.Namespace, problem: OutcomesError) -> int:
    if getattr(options, "json", False):
        print(json.dumps({"error": problem.as_dict()}, sort_keys=True, ensure_ascii=False))
    print(f"outcomes: {problem}", file=sys.stderr)
    return problem.exit_code


if __name__ == "__main__":
    raise SystemExit(main())
