"""The verdicts of one judgement, settled one check at a time: outcomes, and the rows that fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dagster_project.judging.groups import EXPECTS_VALUES, ROW_COUNT
from dagster_project.judging.outcomes import JUDGED, Outcome, Verdict, failed_outcome
from dagster_project.judging.rows import RowFindings, RowJudge, RowsAsked
from dagster_project.judging.store import add_failures, add_outcomes
from dagster_project.judging.suites import SOMETHING_JUDGED, Check, Suite

if TYPE_CHECKING:
    import duckdb
    import pandas

Progress = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Heard:
    """A check and what is said of each group, before any row is judged."""

    check: Check
    suite: Suite
    by_key: pandas.DataFrame

    @property
    def fails(self) -> Any:
        """True for each group that breaks the bound."""
        return self.by_key["outcome"] == failed_outcome(self.check)

    @property
    def failing(self) -> pandas.DataFrame:
        """The groups that break the bound, by group_id and observed."""
        found: pandas.DataFrame = self.by_key.loc[self.fails, ["key", "observed"]]
        return found.rename(columns={"key": "group_id"})


def rows_asked(heard: Sequence[Heard], groups: pandas.DataFrame, key: str) -> RowsAsked:
    """What the checks that list their failing rows will read of them."""
    asked = [each for each in heard if each.check.rows and each.fails.any()]
    failing = groups[key].isin([group for each in asked for group in each.failing["group_id"]])
    return RowsAsked(
        key=key,
        row_keys=sorted({str(each.suite.rows_key) for each in asked}),
        figures=sorted({str(each.check.rows) for each in asked}),
        groups=groups.loc[failing, [key]].rename(columns={key: "group_id"}),
        row_count=int(groups.loc[failing, ROW_COUNT].sum()),
    )


class Bench:
    """The verdicts of one judgement as they are settled and stored, one check at a time."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        broken: Mapping[str, str],
        on_progress: Progress,
    ) -> None:
        self.con = con
        self.broken = broken
        self.on_progress = on_progress
        self.capped: list[str] = []
        self.blocking: list[Any] = []

    def hear(self, verdict: Verdict, suite: Suite) -> Heard:
        """The verdict; of a check whose rows can't be read there is none but error."""
        by_key = verdict.by_key.assign(failed=float("nan"))
        by_key.loc[by_key["outcome"] == Outcome.PASSED, "failed"] = 0.0
        if why := self.broken.get(verdict.check.check_id):
            by_key[["outcome", "note"]] = Outcome.ERROR.value, why
        return Heard(verdict.check, suite, by_key)

    def settle(self, heard: Heard, row_judge: RowJudge, named: Any) -> None:
        """After this the check's outcomes, and its failing rows, are stored."""
        check, by_key = heard.check, heard.by_key
        listed = False
        if named is not None:
            told = heard.fails.to_numpy()
            by_key.loc[told, "note"] = named[told]
        if check.rows and heard.fails.any():
            found = row_judge.judge(check, heard.suite, heard.failing)
            listed = self._settle_rows(heard, found)
        if check.blocks:
            self.blocking.append(by_key["outcome"].isin(JUDGED).to_numpy())
        add_outcomes(self.con, check, by_key, listed)
        self._tell(check, by_key)

    def _settle_rows(self, heard: Heard, found: RowFindings) -> bool:
        """Marks what the rows tell about their groups; true if every failing row is listed."""
        check, by_key, failing = heard.check, heard.by_key, heard.fails
        if found.broken:
            by_key.loc[failing, ["outcome", "note"]] = Outcome.ERROR.value, found.broken
            return False
        if found.capped:
            self.capped.append(check.check_id)
            note = f"capped: {found.failing} values fail in all, more than are listed"
            by_key.loc[failing, "note"] = note
        else:
            counts = found.rows.groupby("group_id").size()
            by_key.loc[failing, "failed"] = by_key["key"].map(counts)
            lonely = failing & by_key["failed"].isna()
            note = "the group fails, none of its rows does"
            by_key.loc[lonely, ["outcome", "note"]] = Outcome.ERROR.value, note
        add_failures(self.con, check, found.rows, not found.capped)
        return not found.capped

    def settle_coverage(self, groups: pandas.DataFrame, key: str) -> None:
        """After this each group has its outcome for having been judged at all."""
        import numpy
        import pandas

        judged = numpy.zeros(len(groups), dtype="int64")
        for answered in self.blocking:
            judged += answered
        outcome = numpy.where(judged > 0, Outcome.PASSED.value, Outcome.ERROR.value).astype(object)
        note = numpy.where(judged > 0, "", "no blocking check had anything to test").astype(object)
        # Only a plain "no values are expected" excuses a group; a missing answer doesn't.
        excused = (groups[EXPECTS_VALUES].eq(False).fillna(False).to_numpy()) & (judged == 0)
        outcome[excused] = Outcome.NOT_APPLICABLE.value
        note[excused] = "no values are expected"
        by_key = pandas.DataFrame(
            {
                "key": groups[key].to_numpy(),
                "outcome": outcome,
                "tested": len(self.blocking),
                "failed": float("nan"),
                "observed": judged.astype("float64"),
                "note": note,
            }
        )
        add_outcomes(self.con, SOMETHING_JUDGED, by_key, listed=False)
        self._tell(SOMETHING_JUDGED, by_key)

    def _tell(self, check: Check, by_key: pandas.DataFrame) -> None:
        counts = by_key["outcome"].value_counts().sort_index()
        told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
        self.on_progress(f"{check.check_id} {check.title}: {told}")
