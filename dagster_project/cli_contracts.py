"""`outcomes contract`: its words and options, and what it does."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from dagster_project.errors import UsageError

Lines = Callable[[dict[str, Any]], list[str]]
DESCRIPTION = (
    "check: the decision record, and reasons to think again. pay: what is earned, by which"
    " outcome, from which value and rule. risk: what may be earned, and how much of it is chance."
    " paper: all three as one printable page. Contracts are rows of seeds/: see"
    " docs/how-to/write-a-contract.md. A contract with a mistake is refused whole."
)


def add_contract(verbs: Any) -> argparse.ArgumentParser:
    """After this the command has the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser(
        "contract",
        help="check, pay or judge the risk of an outcomes-based contract",
        description=DESCRIPTION,
    )
    parser.add_argument("what", choices=["check", "pay", "risk", "paper"], help="what to do")
    parser.add_argument("name", metavar="NAME", help="a contract_id of seeds/contracts.csv")
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
    parser.add_argument("--out", metavar="FILE", help="where the paper goes (default: NAME.html)")
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


def contract(options: argparse.Namespace, home: Any) -> tuple[dict[str, Any], Lines]:
    """What was asked for, as a record, and how it is said in lines."""
    from dagster_project.contracts import telling
    from dagster_project.contracts.asked import ask

    if options.out and options.what != "paper":
        raise UsageError("--out goes with paper alone", got=f"contract {options.what} --out")
    with ask(home, options.name, options.release, options.wished) as asked:
        if options.what == "pay":
            return telling.pay_record(asked), telling.pay_lines
        if options.what == "paper":
            from dagster_project.contracts import paper

            path = paper.write(asked, options.out, options.draws)
            return {"file": str(path)}, lambda record: [f"Written: {record['file']}"]
        if options.what == "risk":
            risk = asked.ground.risk_of(asked.contract, options.draws)
            return telling.risk_record(asked, risk), telling.risk_lines
        as_written = asked.ground.risk_as_written(asked.contract, options.draws)
        return telling.check_record(asked, as_written), telling.check_lines
