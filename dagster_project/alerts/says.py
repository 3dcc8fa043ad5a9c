"""What is said of each kind of alert: sentences, by the role of who reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

from dagster_project.alerts.causes import Cause, Spoiled
from dagster_project.alerts.extents import counted, listed, place
from dagster_project.alerts.routing import Directory

MOST_NAMED = 8
# A payment has a day of its own, which may be long past when the alert begins.
ALERTS_DAY = "The day below is this alert's own: by then it is to be dealt with."


class Speaker(Protocol):
    """Knows what things are called."""

    @property
    def directory(self) -> Directory: ...

    def indicator(self, indicator_id: str) -> str: ...


def said_day(day: date) -> str:
    """A day as people write it: 3 December 2026."""
    return f"{day.day} {day:%B %Y}"


def unreached_lines(names: Sequence[str]) -> list[str]:
    """That these roles have no mailbox, or nothing where each is reached."""
    if not names:
        return []
    return [f"No mailbox for {', '.join(names)}: nobody there is told (alerts.toml)."]


def _spoiled_lines(speaker: Speaker, spoils: Sequence[Spoiled]) -> Iterator[str]:
    for each in spoils[:MOST_NAMED]:
        yield f"{speaker.indicator(each.indicator_id)}: {_extent(each)}"
    if len(spoils) > MOST_NAMED:
        yield f"and {counted(len(spoils) - MOST_NAMED, 'more indicator')}"


def _extent(each: Spoiled) -> str:
    before = each.detail.get("areas_before")
    where = {"areas": each.areas, "periods": each.periods, "where": each.detail.get("where")}
    if before is None:
        return place(where) or "all of it"
    said = f"{counted(each.areas, 'area')} with a value, {before:,} before"
    if not each.detail.get("where"):
        return said
    # Areas that are new make up for some that are gone; an older alert doesn't know which are.
    lost = len(each.detail.get("gone", ())) or before - each.areas
    return f"{said}; gone: {place({'areas': lost, 'where': each.detail['where']})}"


def _refused(speaker: Speaker, cause: Cause, is_engineer: bool) -> Iterator[str]:
    facts = cause.facts
    yield f"{facts['problem'][:1].upper()}{facts['problem'][1:]}."
    if is_engineer:
        if facts.get("place"):
            yield f"Where: {facts['place']}"
        if facts.get("expected"):
            yield f"Expected: {facts['expected']}"
    yield _what_it_spoils(speaker, cause)


def _set_aside(speaker: Speaker, cause: Cause, is_engineer: bool) -> Iterator[str]:
    yield f"{cause.facts['problem']}."
    if is_engineer:
        yield f"Expected: {cause.facts['expected']}"
    yield "What else the file holds counts; these rows are in no release."


def _what_it_spoils(speaker: Speaker, cause: Cause) -> str:
    said = "The file was not taken in, and nothing that is published rests on it"
    count = cause.facts.get("indicators", 0)
    if not cause.source_id or not count:
        return f"{said}."
    source = speaker.directory.source_titles.get(cause.source_id, cause.source_id)
    return (
        f"{said}; what the latest release has of {source} ({counted(count, 'indicator')})"
        " comes from other extracts."
    )


def _overdue(speaker: Speaker, cause: Cause, is_engineer: bool) -> Iterator[str]:
    facts = cause.facts
    yield (
        f"Expected on {said_day(date.fromisoformat(facts['due']))}, and its days of grace are over."
        f" Last landed on {said_day(date.fromisoformat(facts['last_landed']))}."
    )
    if facts.get("indicators"):
        yield f"Marked stale meanwhile: {counted(facts['indicators'], 'indicator')}."
    if is_engineer:
        yield f"Source {cause.source_id} in seeds/sources.csv."


def _unreachable(speaker: Speaker, cause: Cause, is_engineer: bool) -> Iterator[str]:
    yield "It was asked again and again, and gave nothing that could be used."
    if is_engineer:
        yield from (f"{place}: {problem}" for place, problem in cause.facts["problems"])


def _held(speaker: Speaker, cause: Cause, is_engineer: bool) -> Iterator[str]:
    values = sum(each.values for each in cause.spoils)
    yield (
        f"{counted(values, 'value')} of {counted(len(cause.spoils), 'indicator')}"
        f" {'is' if values == 1 else 'are'} held since release {cause.facts['release']}."
    )
    shown: dict[str, list[str]] = {}
    for each in cause.spoils:
        shown.setdefault(_shown_meanwhile(each), []).append(speaker.indicator(each.indicator_id))
    yield from (f"{words}: {listed(names, MOST_NAMED)}" for words, names in shown.items())
    if is_engineer and cause.facts.get("files"):
        yield f"Files that came with that release: {listed(cause.facts['files'], 5)}"


def _shown_meanwhile(each: Spoiled) -> str:
    kept = each.detail.get("kept", 0)
    if not kept:
        return "Nothing is shown meanwhile, since there is no earlier value that may be shown"
    if kept == each.values:
        return "The last good values are shown meanwhile"
    return "The last good values are shown meanwhile, where there are any"


def _warned(speaker: Speaker, cause: Cause, is_engineer: bool) -> Iterator[str]:
    yield f"Published all the same, in {counted(len(cause.spoils), 'indicator')}."
    if is_engineer:
        yield f"Release {cause.facts['release']}, source {cause.source_id}."


def _coverage(speaker: Speaker, cause: Cause, is_engineer: bool) -> Iterator[str]:
    yield f"Since release {cause.facts['release']}:"
    yield from _spoiled_lines(speaker, cause.spoils)


def _comparison(speaker: Speaker, cause: Cause, is_engineer: bool) -> Iterator[str]:
    yield f"Not compared any more with {cause.facts['with']}."
    yield f"Why: {cause.facts['why']}"


def _revision(speaker: Speaker, cause: Cause, is_engineer: bool) -> Iterator[str]:
    values = sum(each.values for each in cause.spoils)
    yield (
        f"{counted(values, 'published value')} of {counted(len(cause.spoils), 'indicator')}"
        f" changed with release {cause.facts['release']}, and no reason is known."
    )
    yield from _spoiled_lines(speaker, cause.spoils)


def _pay_day(cause: Cause) -> str:
    return said_day(date.fromisoformat(cause.facts["pay_by"]))


def _payment(speaker: Speaker, cause: Cause, is_engineer: bool) -> Iterator[str]:
    facts = cause.facts
    yield f"By the contract, to be paid by {_pay_day(cause)}. {ALERTS_DAY}"
    for each in cause.spoils[:MOST_NAMED]:
        why = " and ".join(RESTS_ON[word] for word in each.detail["why"])
        yield f"{listed(each.detail['outcomes'])}: paid on {why}."
    if len(cause.spoils) > MOST_NAMED:
        yield f"and {counted(len(cause.spoils) - MOST_NAMED, 'more indicator')}"
    yield f"What is paid: outcomes contract pay {facts['contract_id']}"


def _reopened(speaker: Speaker, cause: Cause, is_engineer: bool) -> Iterator[str]:
    facts = cause.facts
    yield f"By the contract, it was to be paid by {_pay_day(cause)}. {ALERTS_DAY}"
    yield f"Of: {listed(facts['providers'])}"
    for each in cause.spoils[:MOST_NAMED]:
        why = " and ".join(OPEN_AGAIN[word] for word in each.detail["states"])
        yield f"{listed(each.detail['outcomes'])}: {why}."
    if len(cause.spoils) > MOST_NAMED:
        yield f"and {counted(len(cause.spoils) - MOST_NAMED, 'more indicator')}"
    yield f"What it comes to now: outcomes contract pay {facts['contract_id']}"


OPEN_AGAIN = {
    "withdrawn": "a value that it was paid on was taken back",
    "suppressed": "a value that it was paid on is hidden now",
    "waits": "it waits for a value",
    "paid_on_last_good": "an earlier value stands in the place of the period's",
    "paid": "it is paid on a value that may change",
    "excluded": "it is left out, and the others weigh more",
}
RESTS_ON = {
    "held": "a value that is held",
    "last_good": "an earlier value in the place of the period's",
    "provisional": "a provisional value",
    "revised": "a value that was revised",
}


def _waiver(speaker: Speaker, cause: Cause, is_engineer: bool) -> Iterator[str]:
    facts = cause.facts
    until = said_day(date.fromisoformat(facts["until"]))
    yield f"{facts['check_id']} for {facts['key']}: until {until}."
    yield f"Granted because: {facts['reason']}"
    yield (
        f"To grant it again: outcomes waive {facts['check_id']} {facts['key']} --by {cause.role}"
        " --until DATE --reason TEXT"
    )


def _review(speaker: Speaker, cause: Cause, is_engineer: bool) -> Iterator[str]:
    yield f"Due since {said_day(date.fromisoformat(cause.facts['due']))}."
    if cause.facts.get("note"):
        yield str(cause.facts["note"])


def _failed(speaker: Speaker, cause: Cause, is_engineer: bool) -> Iterator[str]:
    facts = cause.facts
    if facts.get("attempts", 1) > 1:
        yield f"It was tried {facts['attempts']} times."
    yield f"What stopped it: {facts['problem']}"


def _undelivered(speaker: Speaker, cause: Cause, is_engineer: bool) -> Iterator[str]:
    yield f"{counted(cause.facts['notices'], 'message')} to {cause.subject} couldn't be delivered."
    yield f"The other side says: {cause.facts['problem']}"


MOVES = {
    "better": "better than England",
    "worse": "worse than England",
    "similar": "similar to England",
    "lower": "lower than England",
    "higher": "higher than England",
    "increasing": "rising",
    "decreasing": "falling",
    "no_change": "without a trend",
}


def _moved(speaker: Speaker, cause: Cause, is_engineer: bool) -> Iterator[str]:
    for each in cause.spoils:
        for move in each.detail["moves"]:
            judged = move.get("judgement")
            meaning = f", which is getting {judged}" if judged in ("better", "worse") else ""
            yield (
                f"{move['area_name']}, {move['period']}: now {MOVES[move['after']]}{meaning};"
                f" before, {MOVES[move['before']]}."
            )


SAYS: Mapping[str, Callable[[Speaker, Cause, bool], Iterator[str]]] = {
    "file_refused": _refused,
    "source_changed_shape": _refused,
    "person_identified": _refused,
    "rows_set_aside": _set_aside,
    "source_overdue": _overdue,
    "source_unreachable": _unreachable,
    "values_held": _held,
    "checks_warn": _warned,
    "coverage_fell": _coverage,
    "comparison_refused": _comparison,
    "revision_unexplained": _revision,
    "payment_may_change": _payment,
    "payment_reopened": _reopened,
    "waiver_ending": _waiver,
    "review_due": _review,
    "run_failed": _failed,
    "notice_undelivered": _undelivered,
    "outcome_moved": _moved,
}
