"""The `outcomes` command. Each verb imports what it needs when it is called, and not before."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from dagster_project import __version__
from dagster_project.errors import OutcomesError, UsageError
from dagster_project.home import Home

DONE, FAILED, WRONG = 0, 1, 2

EPILOG = """\
OUTCOMES_HOME names the directory that holds everything (default: var/ in the checkout).
Exit codes: 0 done (also when nothing was new, or some values are held); 1 the run failed;
2 the command was wrong. Start with: outcomes refresh --sample
"""


class Parser(argparse.ArgumentParser):
    """Says what is wrong and how to see the help, in one line, with exit code 2."""

    def error(self, message: str) -> Any:
        print(f"outcomes: {message}. See `{self.prog} --help`.", file=sys.stderr)
        raise SystemExit(WRONG)


def _parser() -> Parser:
    parser = Parser(
        prog="outcomes",
        description="Outcome indicators for health and care in England: landed, judged, published.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"outcomes {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    _add_refresh(verbs)
    status = verbs.add_parser(
        "status",
        help="sources with last landed and next due, latest release, what is held and refused",
    )
    status.add_argument(
        "--all", action="store_true", help="every file that was refused, however many"
    )
    _json(status)
    releases = verbs.add_parser("releases", help="every release, the newest first")
    _json(releases)
    rollback = verbs.add_parser("rollback", help="point `latest` back to an earlier release")
    rollback.add_argument("release", metavar="RELEASE", help="id, as `outcomes releases` shows it")
    _json(rollback)
    _add_withdraw(verbs)
    verify = verbs.add_parser(
        "verify", help="read every file of the releases again, against the SHA-256 of its manifest"
    )
    verify.add_argument("release", metavar="RELEASE", nargs="?", help="only this one")
    _json(verify)
    ui = verbs.add_parser("ui", help="Dagster's web server and daemon, schedules and sensor on")
    ui.add_argument("--port", type=int, default=3000, help="port of the web server (default 3000)")
    ui.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    return parser


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="the answer as JSON, for programs")


def _add_refresh(verbs: Any) -> None:
    refresh = verbs.add_parser(
        "refresh",
        help="take in extracts, judge them, publish what passes",
        description="Recognise, land, build, judge and publish. An inbox is read, never changed.",
    )
    refresh.add_argument(
        "--inbox",
        action="append",
        metavar="DIR",
        help="a folder of extracts (may be given again; default: inbox/ of the home)",
    )
    refresh.add_argument(
        "--source",
        action="append",
        metavar="NAME",
        help="only this source, as `outcomes status` names it (may be given again)",
    )
    refresh.add_argument(
        "--live",
        action="store_true",
        help="ask the publishers first: for all that is due, or for each --source, due or not",
    )
    refresh.add_argument(
        "--sample", action="store_true", help="made-up sample data, in a home of their own"
    )
    refresh.add_argument(
        "--as-of", metavar="DATE", help="the day that decides what is overdue (default: today)"
    )
    _json(refresh)


def _add_withdraw(verbs: Any) -> None:
    withdraw = verbs.add_parser(
        "withdraw",
        help="take back what should not have been published",
        description=(
            "Take back a whole release with the files that came with it, one value in every"
            " release, or a file. A KEY is written as indicator_id=…,area_code=… with further"
            " columns where needed, such as period_label=2020/21 or sex=Male. A file is named by"
            " the first 12 characters of its SHA-256, as landing/ and the manifest have it."
        ),
    )
    withdraw.add_argument("target", metavar="RELEASE|KEY|SHA256", help="what is taken back")
    withdraw.add_argument("--reason", required=True, metavar="TEXT", help="why; it is published")
    _json(withdraw)


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
    with progress.shown(_display(quiet=options.json)) as display:
        try:
            outcome = refresh.refresh(request)
        finally:
            display.finish()
    from dagster_project import reporting

    _answer(
        options.json,
        reporting.refresh_record(home, outcome, request.as_of),
        reporting.refresh_lines,
    )
    return DONE


def _telling(options: argparse.Namespace) -> AbstractContextManager[Any]:
    """What is put right on the way is said, unless a program asked."""
    from dagster_project import progress

    return progress.shown(progress.Silent() if options.json else progress.Plain())


def _display(*, quiet: bool) -> Any:
    from dagster_project import progress

    if quiet:
        return progress.Silent()
    return progress.Live() if sys.stderr.isatty() else progress.Plain()


def _answer(
    as_json: bool, record: dict[str, Any], lines: Callable[[dict[str, Any]], list[str]]
) -> None:
    if as_json:
        print(json.dumps(record, indent=2, sort_keys=True, ensure_ascii=False))
    else:
        print("\n".join(lines(record)))


def _status(options: argparse.Namespace) -> int:
    from dagster_project import reporting_home

    record = reporting_home.status_record(Home.from_environment())
    _answer(options.json, record, lambda r: reporting_home.status_lines(r, every=options.all))
    return DONE


def _releases(options: argparse.Namespace) -> int:
    from dagster_project import reporting_home

    record = reporting_home.releases_record(Home.from_environment())
    _answer(options.json, record, reporting_home.releases_lines)
    return DONE


def _rollback(options: argparse.Namespace) -> int:
    from dagster_project import refresh
    from dagster_project.withdrawing import roll_back

    home = _existing_home()
    with _telling(options), refresh.held(home):
        said = roll_back(home, options.release)
    record = {"latest": options.release, "said": " ".join(said)}
    _answer(options.json, record, lambda _: said)
    return DONE


def _withdraw(options: argparse.Namespace) -> int:
    from dagster_project import refresh
    from dagster_project.withdrawing import withdraw

    home = _existing_home()
    with _telling(options), refresh.held(home):
        done = withdraw(home, options.target, options.reason)
    record = {"target": options.target, "reason": options.reason, "done": done}
    _answer(options.json, record, lambda r: r["done"])
    return DONE


def _verify(options: argparse.Namespace) -> int:
    from dagster_project import reporting_home

    record = reporting_home.verify_record(Home.from_environment(), options.release)
    _answer(options.json, record, reporting_home.verify_lines)
    return FAILED if any(each["problems"] for each in record["releases"]) else DONE


def _existing_home() -> Home:
    from dagster_project.refresh import kind_of

    home = Home.from_environment()
    if kind_of(home) is None:
        raise UsageError(
            "there is nothing here yet",
            file=str(home.root),
            expected="a home that a refresh has made",
            fix="run `outcomes refresh --sample`, or set OUTCOMES_HOME",
        )
    return home


def _ui(options: argparse.Namespace) -> int:
    from dagster_project.serving import run_ui

    return run_ui(Home.from_environment(), host=options.host, port=options.port)


VERBS = {
    "refresh": _refresh,
    "status": _status,
    "releases": _releases,
    "rollback": _rollback,
    "withdraw": _withdraw,
    "verify": _verify,
    "ui": _ui,
}


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = _parser()
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        folder = next((word for word in unknown if not word.startswith("-")), None)
        hint = f". To take in a folder: outcomes refresh --inbox {folder}" if folder else ""
        hint = hint if options.verb == "refresh" else ""
        parser.error(f"unrecognized arguments: {' '.join(unknown)}{hint}")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; its exit code. What a person can mend is told without a traceback."""
    options = _options(arguments)
    try:
        code = VERBS[options.verb](options)
        sys.stdout.flush()
        return code
    except OutcomesError as problem:
        return _refuse(options, problem)
    except BrokenPipeError:
        # Whoever read the answer has seen enough. Python would flush it once more, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as problem:
        from dagster_project import system_errors

        told = system_errors.told(problem, Home.from_environment())
        if told is None:
            raise
        return _refuse(options, told)
    except KeyboardInterrupt:
        print("\noutcomes: stopped. The latest release is as it was.", file=sys.stderr)
        return FAILED


def _refuse(options: argparse.Namespace, problem: OutcomesError) -> int:
    if getattr(options, "json", False):
        print(json.dumps({"error": problem.as_dict()}, sort_keys=True, ensure_ascii=False))
    print(f"outcomes: {problem}", file=sys.stderr)
    return problem.exit_code


if __name__ == "__main__":
    raise SystemExit(main())
