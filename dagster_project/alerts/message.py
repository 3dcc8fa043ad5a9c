"""A whole message: subject, sections, and how it looks as text and as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from dagster_project.alerts.extents import Part, counted
from dagster_project.alerts.machine import GREW, OPENED, OVER, STILL_OPEN, Entry
from dagster_project.alerts.wording import Item, Speaker

HEADINGS = {OPENED: "New", GREW: "Grown", STILL_OPEN: "Still open", OVER: "Resolved"}
SAMPLE = "Made-up sample data"
LONGEST_SUBJECT = 120
GOES_ON = (
    "You are told again only on your rhythm (seeds/owners.csv, seeds/subscribers.csv), when"
    " something is added, and once when it is over. To hear nothing of one before a day:"
    " outcomes alerts pause ID --until DATE"
)
SHOULD, HELPS = "What should be true, and isn't:", "What helps:"
# What is said of one check stands together.
PART = 'style="margin: 1em 0; border-left: 3px solid #bbb; padding: 0 0 0 0.8em"'
NO_ACCESS = (
    "Commands are typed in the checkout on the machine that Outcomes runs on, as"
    " .venv/bin/outcomes. If you have no access to it, ask data engineering to type them."
)


@dataclass(frozen=True)
class Message:
    """What is told in one notice. `sections` are a heading each, with what stands under it."""

    subject: str
    sections: tuple[tuple[str, tuple[Item, ...]], ...]
    closing: tuple[str, ...] = ()

    def as_text(self) -> str:
        """Plain text, as mail readers and terminals show it."""
        lines: list[str] = []
        for heading, items in self.sections:
            lines += [heading, "=" * len(heading), ""]
            for item in items:
                lines += [*_item_lines(item), ""]
        return "\n".join([*lines, *self.closing]) + "\n"

    def as_html(self) -> str:
        """The same as HTML, with nothing fetched from anywhere."""
        parts = [
            f"<h2>{escape(h)}</h2>\n{''.join(map(_item_html, items))}" for h, items in self.sections
        ]
        closing = "".join(f"<p>{escape(line)}</p>\n" for line in self.closing)
        return (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            f"<title>{escape(self.subject)}</title></head>\n"
            '<body style="font-family: sans-serif; max-width: 42em; line-height: 1.4">\n'
            f"{''.join(parts)}<hr>\n{closing}</body></html>\n"
        )


def _item_lines(item: Item) -> list[str]:
    lines = [item.title, *(f"  {line}" for line in item.lines)]
    for part in item.parts:
        lines += [f"  {SHOULD} {part.title}", *(f"    {line}" for line in part.lines)]
        lines += [f"    {HELPS} {part.advice}"] if part.advice else []
    if item.to_do:
        lines.append(f"  {_what_to_do(item)} {item.to_do}")
    lines += [f"  {words}: {address}" for words, address in item.links]
    if item.command:
        lines.append(f"  To say that you have it: {item.command}")
    return lines


def _part_html(part: Part) -> str:
    said = "".join(f"<li>{escape(line)}</li>" for line in part.lines)
    helps = f"<p>{HELPS} {escape(part.advice)}</p>\n" if part.advice else ""
    should = f"<p>{SHOULD} <strong>{escape(part.title)}</strong></p>"
    return f"<div {PART}>\n{should}\n<ul>{said}</ul>\n{helps}</div>\n"


def _what_to_do(item: Item) -> str:
    return f"What to do by {item.by}:" if item.by else "What to do:"


def _item_html(item: Item) -> str:
    said = "".join(f"<li>{escape(line)}</li>" for line in item.lines)
    links = " · ".join(
        f'<a href="{escape(address, quote=True)}">{escape(words)}</a>'
        for words, address in item.links
    )
    return (
        f"<h3>{escape(item.title)}</h3>\n"
        + (f"<ul>{said}</ul>\n" if said else "")
        + "".join(map(_part_html, item.parts))
        + (
            f"<p><strong>{escape(_what_to_do(item))}</strong> {escape(item.to_do)}</p>\n"
            if item.to_do
            else ""
        )
        + (f"<p>{links}</p>\n" if links else "")
        + (
            f"<p>To say that you have it: <code>{escape(item.command)}</code></p>\n"
            if item.command
            else ""
        )
    )


def compose(speaker: Speaker, told: Sequence[Entry], *, others: int, is_sample: bool) -> Message:
    """The message that tells these entries; `others` are open, and known to the reader."""
    sections = tuple(
        (heading, tuple(speaker.item(entry) for entry in told if entry.event == event))
        for event, heading in HEADINGS.items()
        if any(entry.event == event for entry in told)
    )
    closing = [SAMPLE + ": nothing of this is real."] if is_sample else []
    if others:
        closing.append(
            f"{counted(others, 'other alert')} of yours {'is' if others == 1 else 'are'} open and"
            " known to you: `outcomes alerts list`."
        )
    subject = _subject(speaker, told)
    subject = f"[{SAMPLE.lower()}] {subject}" if is_sample else subject
    return Message(subject[:LONGEST_SUBJECT], sections, (*closing, GOES_ON, NO_ACCESS))


def _subject(speaker: Speaker, told: Sequence[Entry]) -> str:
    if len(told) == 1:
        return _one_subject(speaker, told[0])
    if all(entry.is_urgent for entry in told):
        return _urgent_subject(speaker, told)
    counts = [
        f"{count:,} {heading.lower()}"
        for event, heading in HEADINGS.items()
        if (count := sum(entry.event == event for entry in told))
    ]
    return f"Outcomes today: {', '.join(counts)}"


def _one_subject(speaker: Speaker, entry: Entry) -> str:
    cause = entry.stake.cause
    said = f"{cause.sort.title}: {speaker.subject(cause)}"
    return said if entry.event == OPENED else f"{HEADINGS[entry.event]}: {said}"


def _urgent_subject(speaker: Speaker, told: Sequence[Entry]) -> str:
    """What is new before what is over, the first of them named."""
    over = [entry for entry in told if entry.event == OVER]
    new = [entry for entry in told if entry.event != OVER]
    if not new:
        return f"Resolved: {len(over):,} blocking causes: {_first_title(over)}"
    said = (
        _one_subject(speaker, new[0])
        if len(new) == 1
        else f"{len(new):,} new blocking causes: {_first_title(new)}"
    )
    return f"{said}; {len(over):,} resolved" if over else said


def _first_title(told: Sequence[Entry]) -> str:
    return f"{told[0].stake.cause.sort.title.lower()}, …"
