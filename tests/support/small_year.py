"""Four refreshes of a small inbox, and the three stories that its areas live through.

A refresh takes as long for one area as for ten, so all stories share these. Each has its areas:

- of a value: new, beside broken files; revised; wrong; mended, in a file that lacks another value,
  while a second file hides a third (Salford, Doncaster, Plymouth);
- of lineage: revised in the second (Stockport); in the third hidden (Bristol) and held (Trafford);
- of reasons: in the second revised far (Manchester), a little (Bolton), and a little with another
  judgement (Leeds); before the third the reason for the first is given.

Beside them stand, from the first on, files of areas that have ended and files of other sources.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from dagster_project import warehouse
from dagster_project.alerts.commands import list_record
from dagster_project.cli import main
from dagster_project.errors import PublicationRefused
from dagster_project.home import Home
from dagster_project.refresh import Outcome
from dagster_project.revising import reasons
from tests.support import recast_rows
from tests.support.more_sources import INBOX
from tests.support.plain_refresh import plainly
from tests.support.small_inbox import line, run, values, write

INDICATOR = "dementia_qof_prevalence"
ENGLAND = "E92000001"
SALFORD, DONCASTER, PLYMOUTH, KIRKLEES = "E08000006", "E08000017", "E06000026", "E08000034"
STOCKPORT, BRISTOL, TRAFFORD = "E08000007", "E06000023", "E08000009"
MANCHESTER, BOLTON, LEEDS = "E08000003", "E08000001", "E08000035"
# All that lands in the first; Kirklees' file is refused.
AREAS = frozenset(
    (ENGLAND, SALFORD, DONCASTER, PLYMOUTH, STOCKPORT, BRISTOL, TRAFFORD, MANCHESTER, BOLTON, LEEDS)
)
BY = ("--by", "primary-care-analysts", "--reason", "Late returns of practices")
KEY = f"indicator_id={INDICATOR},area_code={MANCHESTER}"

UNHURT = line(ENGLAND, "1.0", "0.9", "1.1")
PLAIN = line(PLYMOUTH, "1.1", "1.0", "1.2")
LACKING = line(DONCASTER, "1.2", "1.1", "1.3")
SMALL = "* Value suppressed for disclosure control due to small count"


def hidden(area: str) -> str:
    """A row that its publisher hides."""
    return line(area, "", "", "", "").replace(",,,Similar", f",{SMALL},,Similar")


FIRST = (
    *(UNHURT, line(STOCKPORT, "1.2", "1.0", "1.4"), line(BRISTOL, "0.82", "0.71", "0.93")),
    *(line(TRAFFORD, "1.0", "0.9", "1.1"), PLAIN, LACKING, line(SALFORD, "1.2", "1.0", "1.4")),
)
REVISED = line(STOCKPORT, "1.25", "1.0", "1.5")
SECOND = (*FIRST[:1], REVISED, *FIRST[2:6], line(SALFORD, "1.25", "1.0", "1.5"))
FAILING = line(TRAFFORD, "9.0", "0.9", "1.1")
THIRD = (
    *(UNHURT, REVISED, hidden(BRISTOL), FAILING, PLAIN, LACKING),
    line(SALFORD, "9.9", "1.1", "1.5"),
)
MENDED = line(SALFORD, "1.3", "1.0", "1.6")
FOURTH = (UNHURT, REVISED, hidden(BRISTOL), FAILING, PLAIN, MENDED)
MOVED_BEFORE = (
    line(MANCHESTER, "1.2", "1.0", "1.4"),
    line(BOLTON, "1.3", "1.1", "1.5"),
    line(LEEDS, "1.02", "0.9", "1.14"),
)
MOVED = (
    line(MANCHESTER, "1.5", "1.3", "1.7"),
    line(BOLTON, "1.32", "1.1", "1.54"),
    # A small move that turns similar into higher.
    line(LEEDS, "1.04", "1.02", "1.06"),
)


@dataclass(frozen=True)
class SmallYear:
    """The home after all four, a copy of it after three, the inbox, and what was seen meanwhile."""

    folder: Path

    @property
    def home(self) -> Home:
        return Home(self.folder / "home")

    @property
    def before(self) -> Home:
        return Home(self.folder / "before")

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    @property
    def steps(self) -> list[Outcome]:
        return [Outcome(**told) for told in self._seen()["steps"]]

    @property
    def shown(self) -> list[dict[str, tuple[Any, ...]]]:
        """What each release showed, by area, as `small_inbox.values` gives it."""
        return [values(self.home, str(step.release)) for step in self.steps]

    @property
    def alerts(self) -> set[str]:
        """The alerts after the first."""
        return set(self._seen()["alerts"])

    def _seen(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "seen.json").read_text("utf-8")))


def make(folder: Path) -> None:
    """After this the folder holds what `SmallYear` tells of."""
    year = SmallYear(folder)
    home, inbox = year.home, year.inbox
    steps: list[Outcome] = []

    def step(*lines: str) -> None:
        write(inbox / "fingertips.csv", *lines)
        with plainly():
            steps.append(run(home, inbox))

    # Reasons are for values of certain bytes, which in the third are still what they were.
    write(inbox / "moving.csv", *MOVED_BEFORE)
    recast_rows.write(inbox, *recast_rows.ROWS)
    for name, content in INBOX.items():
        (inbox / name).write_bytes(content)
    write(inbox / "footnote.csv", line(KIRKLEES, "1.2*", "1.0", "1.4"))
    (inbox / "page.csv").write_text("<!doctype html><html></html>")
    step(*FIRST)
    alerts = [each["key"] for each in list_record(home)["alerts"]]
    for broken in ("footnote.csv", "page.csv"):
        (inbox / broken).unlink()
    write(inbox / "moving.csv", *MOVED)
    step(*SECOND)
    _give_the_reason(home)
    step(*THIRD)
    # Issued under another name too, one value hidden: which file is the later isn't said (L02).
    write(inbox / "again.csv", UNHURT, hidden(PLYMOUTH), MENDED)
    shutil.copytree(home.root, year.before.root, symlinks=True)
    step(*FOURTH)
    seen = {"steps": [asdict(each) for each in steps], "alerts": alerts}
    (folder / "seen.json").write_text(json.dumps(seen), "utf-8")


def _give_the_reason(home: Home) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTCOMES_HOME", str(home.root))
        assert main(["accept-revision", KEY, *BY]) == 0
    with warehouse.connect(home) as connection, pytest.raises(PublicationRefused):
        reasons.verify(connection, home)
