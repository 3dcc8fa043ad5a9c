"""The kinds of alert, as data: how grave, to whom, when over, and what each role does about it.

A new kind is an entry of `KINDS`, a cause that names it, and its words in `wording.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

SEVERITIES = ("info", "warning", "blocking")
# Whom a cause concerns by what it is; subscribers are asked of every kind.
SOURCE, INDICATORS, ROLE, ENGINEERING = "source", "indicators", "role", "engineering"

# When an alert is over: its cause is gone; somebody has acknowledged it; all have been told.
WHEN_GONE, WHEN_ACKNOWLEDGED, WHEN_TOLD = "gone", "acknowledged", "told"


@dataclass(frozen=True)
class Kind:
    """One kind. A cause must last `patience_hours` before it is told; `days` are working days."""

    name: str
    title: str
    severity: str
    concerns: tuple[str, ...]
    owner_does: str
    engineer_does: str
    days: int
    ends: str = WHEN_GONE
    patience_hours: int = 0

    @property
    def is_urgent(self) -> bool:
        """Told at once, and not in the digest of the day."""
        return self.severity == "blocking"

    def is_at_least(self, severity: str) -> bool:
        """True where it is as grave as that, or graver."""
        return SEVERITIES.index(self.severity) >= SEVERITIES.index(severity)


_ALL = (
    Kind(
        "file_refused",
        "A file was refused",
        "blocking",
        (SOURCE, ENGINEERING),
        "Ask whoever sent it for a whole and unchanged file. Until then the values of an earlier"
        " extract stand, where there is one.",
        "Mend the file or put a whole one in its place (docs/how-to/mend-a-refused-file.md); the"
        " next refresh takes it in. Its bytes stand in quarantine/.",
        2,
    ),
    Kind(
        "source_changed_shape",
        "A source changed its shape",
        "blocking",
        (SOURCE, ENGINEERING),
        "Ask the publisher whether the change is meant. Until the new layout is added, or a file"
        " of the old one comes, the values of an earlier extract stand, where there is one.",
        "If the change is meant, add the layout (docs/how-to/add-a-source.md); if somebody edited"
        " the file, put back the publisher's own.",
        3,
    ),
    Kind(
        "person_identified",
        "A file holds NHS numbers",
        "blocking",
        (SOURCE, ENGINEERING),
        "Delete the file wherever it was sent, tell the sender, and ask for counts or pseudonymised"
        " keys. No copy was kept here.",
        "Take the file out of the inbox. No copy was kept. If they are codes and no people's"
        " numbers, declare the column as codes in a layout.",
        1,
    ),
    Kind(
        "rows_set_aside",
        "Rows of a file have no place",
        "warning",
        (SOURCE, ENGINEERING),
        "Ask whoever sent the file for what is expected: a corrected file, or another that this one"
        " waits for. Until then the release goes out without these rows.",
        "`outcomes status` says what stood there, what was expected and what to do. A corrected"
        " file counts once it stands in the place of the first.",
        5,
    ),
    Kind(
        "source_overdue",
        "A source is overdue",
        "warning",
        (SOURCE, ENGINEERING),
        "Look on the publisher's page whether the release was put off. If it is out, put the file"
        " in the inbox; if the rhythm has changed, tell data engineering the new day.",
        "Put the file in the inbox, or correct the calendar in seeds/sources.csv. Its values are"
        " marked stale until then.",
        5,
    ),
    Kind(
        "source_unreachable",
        "A live source gives nothing",
        "warning",
        (SOURCE, ENGINEERING),
        "Look on the publisher's page whether the file moved or the service is down.",
        "See docs/how-to/refresh-from-the-web.md for what each fault means. It is asked again at"
        " each refresh.",
        5,
        patience_hours=20,
    ),
    Kind(
        "values_held",
        "Values are held",
        "blocking",
        (SOURCE, INDICATORS, ENGINEERING),
        "Ask the publisher for a corrected file. If the figures are right all the same, waive the"
        " check with the reason (docs/how-to/waive-a-check.md).",
        "`outcomes explain INDICATOR AREA` names the extract and the lines that each held value"
        " comes from, and what its checks saw; a corrected file in the inbox lets them go. One that"
        " landed before changes nothing: take back what replaced it (`outcomes withdraw`; the"
        " refresh names it).",
        5,
    ),
    Kind(
        "checks_warn",
        "Checks found something unusual",
        "warning",
        (),
        "See whether the figures are right all the same. If they are, acknowledge it: you are"
        " told again only if something is added.",
        "See the rows in data/check_results.parquet of the release.",
        10,
    ),
    Kind(
        "coverage_fell",
        "Fewer areas have a value than before",
        "warning",
        (SOURCE, INDICATORS, ENGINEERING),
        "Ask the publisher whether areas were left out on purpose. If they were, acknowledge it.",
        "Compare the extract with the one before: `outcomes diff` lists what is gone.",
        5,
    ),
    Kind(
        "comparison_refused",
        "A comparison is refused that was made before",
        "warning",
        (INDICATORS,),
        "See the reason. Where the definition changed, say so to those who use the comparison;"
        " where it didn't, correct the registry.",
        "See data/comparability.parquet and data/comparisons.parquet of the release.",
        10,
    ),
    Kind(
        "revision_unexplained",
        "Published values were revised",
        "warning",
        (SOURCE, ENGINEERING),
        "Find out why the publisher revised them, and acknowledge with the reason in --note.",
        "See data/changes.parquet of the release.",
        10,
        ends=WHEN_ACKNOWLEDGED,
    ),
    Kind(
        "payment_may_change",
        "A payment rests on a value that may change",
        "warning",
        (ROLE,),
        "Pay it as provisional, or wait until the value is settled; tell the provider which"
        " outcomes it concerns. If it is to stand as it is, acknowledge it.",
        "See rests_on in data/contract_statements.parquet of the release, and the values in"
        " data/contract_inputs.parquet.",
        10,
    ),
    Kind(
        "payment_reopened",
        "A payment that was final is open again",
        "blocking",
        (ROLE,),
        "Tell the provider that the statement doesn't stand. Pay nothing more on it until there is"
        " another; what was paid already is set off against that one.",
        "See status in data/contract_payments.parquet and state in"
        " data/contract_statements.parquet of the release, and in `outcomes releases` what was"
        " withdrawn.",
        5,
    ),
    Kind(
        "waiver_ending",
        "A waiver is about to end",
        "warning",
        (ROLE,),
        "If the reason still holds, grant it again with a later day; otherwise do nothing: the"
        " check holds the values again the day after.",
        "The role that granted it decides; nothing to do.",
        5,
    ),
    Kind(
        "review_due",
        "A review is due",
        "warning",
        (ROLE,),
        "Do the review, and acknowledge it when it is done.",
        "The role that owns it decides.",
        20,
        ends=WHEN_ACKNOWLEDGED,
    ),
    Kind(
        "run_failed",
        "A refresh failed",
        "blocking",
        (ENGINEERING,),
        "Nothing: data engineering was told. The latest release is as it was.",
        "Put right what it says and run `outcomes refresh`. The latest release is as it was.",
        1,
    ),
    Kind(
        "notice_undelivered",
        "Messages don't reach somebody",
        "warning",
        (ENGINEERING,),
        "Nothing: data engineering was told.",
        "Correct the mailbox or webhook in alerts.toml, then run `outcomes alerts send --again`.",
        2,
    ),
    Kind(
        "outcome_moved",
        "Outcomes moved beyond chance",
        "info",
        (),
        "Nothing has to be done. The indicator's page shows the series and its limits.",
        "Nothing has to be done.",
        0,
        ends=WHEN_TOLD,
    ),
)
KINDS = {kind.name: kind for kind in _ALL}
