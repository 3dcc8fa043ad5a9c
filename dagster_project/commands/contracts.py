"""`outcomes contract`: its words and options, and what it does."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from dagster_project.errors import UsageError

VERBS = ("check", "pay", "risk", "paper", "template", "load")
WRITING = ("paper", "template")
Lines = Callable[[dict[str, Any]], list[str]]
DESCRIPTION = (
    "check: the decision record, and reasons to think again. pay: what is earned, by which"
    " outcome, from which value and rule. risk: what may be earned, and how much of it is chance."
    " paper: all three as one printable page. template: the contract and its decision record as a"
    " workbook to fill in, empty for a NAME that is new; load: that workbook, named by its file,"
    " put into seeds/ whole, or refused whole. Contracts are rows of seeds/: see"
    " docs/how-to/write-a-contract.md. A contract with a mistake is refused whole."
)


def add_contract(verbs: Any) -> argparse.ArgumentParser:
    """After this the command has the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser(
        "contract",
        help="write, check, pay or judge the risk of an outcomes-based contract",
        description=DESCRIPTION,
    )
    parser.add_argument("what", choices=VERBS, help="what to do")
    parser.add_argument("name", metavar="NAME", help="a contract_id; of load, a workbook")
    parser.add_argument("--release", metavar="ID", help="from this release (default: the latest)")
    parser.add_argument(
        "--draws", metavar="N", type=_whole, help="draws of the risk (default: the contract's)"
    )
    parser.add_argument(
        "--wished",
        metavar="SHARE",
        type=_share,
        help="how often luck alone may be paid, such as 0.1 (default: as the guidance has it)",
    )
    parser.add_argument(
        "--out", metavar="FILE", help="where paper or form goes (default: NAME.html, NAME.xlsx)"
    )
    return parser


def _whole(written: str) -> int:
    if not written.isdecimal() or not 100 <= int(written) <= 10_000_000:
        raise argparse.ArgumentTypeError(f"got {written!r}, expected a number from 100 to 10000000")
    return int(written)


def _share(written: str) -> float:
    try:
        share = float(written)
    except ValueError:
        share = 0.0
    if not 0 < share < 0.5:
        raise argparse.ArgumentTypeError(f"got {written!r}, expected a share above 0, below 0.5")
    return share


def contract(
    options: argparse.Namespace, existing_home: Callable[[], Any]
) -> tuple[dict[str, Any], Lines]:
    """What was asked for, as a record, and how it is said in lines."""
    if options.out and options.what not in WRITING:
        raise UsageError(
            "--out goes with paper and template alone", got=f"contract {options.what} --out"
        )
    if options.what == "template":
        return _template(options), _written
    if options.what == "load":
        return _load(options), _loaded
    return _beside_release(options, existing_home())


def _beside_release(options: argparse.Namespace, home: Any) -> tuple[dict[str, Any], Lines]:
    from dagster_project.contracts import telling
    from dagster_project.contracts.asked import ask

    with ask(home, options.name, options.release, options.wished) as asked:
        if options.what == "pay":
            return telling.pay_record(asked), telling.pay_lines
        if options.what == "paper":
            from dagster_project.contracts import paper

            path = paper.write(asked, options.out, options.draws)
            return {"file": str(path)}, _written
        if options.what == "risk":
            risk = asked.ground.risk_of(asked.contract, options.draws)
            return telling.risk_record(asked, risk), telling.risk_lines
        as_written = asked.ground.risk_as_written(asked.contract, options.draws)
        return telling.check_record(asked, as_written), telling.check_lines


def _template(options: argparse.Namespace) -> dict[str, Any]:
    from dagster_project.contracts import form
    from dagster_project.home import PROJECT_ROOT
    from dagster_project.registry.forms import KINDS
    from dagster_project.registry.registry import load_registry

    accepts, wording = KINDS["id"]
    if not accepts(options.name):
        raise UsageError("this can't be a contract's id", got=options.name, expected=wording)
    path = Path(options.out or f"{options.name}.xlsx")
    form.write(path, load_registry(PROJECT_ROOT / "seeds"), options.name)
    return {"file": str(path)}


def _load(options: argparse.Namespace) -> dict[str, Any]:
    from dagster_project import refresh
    from dagster_project.contracts.loading import load
    from dagster_project.home import PROJECT_ROOT, Home

    home = Home.from_environment()
    # A refresh under way would read some of the seeds as they were, and some as they will be.
    is_there = refresh.kind_of(home) is not None
    with refresh.held(home) if is_there else nullcontext():
        name, changed = load(Path(options.name), PROJECT_ROOT / "seeds")
    return {"contract_id": name, "changed": [f"seeds/{file}" for file in changed]}


def _written(record: dict[str, Any]) -> list[str]:
    return [f"Written: {record['file']}"]


def _loaded(record: dict[str, Any]) -> list[str]:
    changed = ", ".join(record["changed"])
    name = record["contract_id"]
    return [
        f"{name}: {f'changed {changed}' if changed else 'nothing is new'}.",
        f"Now run `outcomes contract check {name}`: what refuses it, and what to think again.",
    ]
