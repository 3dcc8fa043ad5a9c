"""The board paper of a contract: one page of HTML that prints, and needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from dagster_project.contracts import (
    brief,
    charts,
    rows,
    shown,
    shown_outcomes,
    shown_record,
    telling,
)
from dagster_project.contracts.asked import Asked
from dagster_project.contracts.charts import Chart
from dagster_project.contracts.ranking import by_group
from dagster_project.contracts.shown import Shown
from dagster_project.contracts.terms import Contract
from dagster_project.new_files import refuse_taken
from dagster_project.release.words import in_words

Record = Mapping[str, Any]
STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.45 system-ui, sans-serif; color: #1b1f24; max-width: 60rem; margin: 2rem auto;
  padding: 0 1.25rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; border-bottom: 2px solid #1d4e89; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p { max-width: 46rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; font-size: .87rem; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .5rem; border-bottom: 1px solid
  #d0d7de; }
thead th { border-bottom: 2px solid #57606a; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead .number { white-space: normal; }
.warning { border: 2px solid #9a3412; background: #fff4ed; padding: .6rem .8rem; font-weight: 600;
  max-width: none; }
.quiet { color: #57606a; font-size: .85rem; }
figure { margin: .75rem 0 1rem; }
figcaption { font-weight: 600; font-size: .87rem; }
svg { max-width: 100%; height: auto; }
li { max-width: 46rem; }
@media print {
  @page { size: A4; margin: 16mm; }
  body { margin: 0; padding: 0; font-size: 10.5pt; max-width: none; }
  h2, h3, caption { break-after: avoid; }
  tr, figure { break-inside: avoid; }
  figure { margin: 4pt 0; }
  svg { max-width: 150mm; }
  table { font-size: 8pt; }
}
"""


def write(asked: Asked, out: str | None, draws: int | None) -> Path:
    """After this the paper is a file; UsageError where one of that name is there."""
    path = Path(out or f"{asked.contract.contract_id}.html")
    refuse_taken(path)
    path.write_text(page(asked, draws), encoding="utf-8")
    return path


def page(asked: Asked, draws: int | None = None) -> str:
    """The paper: what is earned, what is at risk, how much is chance, what was decided and why."""
    paid = telling.pay_record(asked)
    judged = asked.ground.risk_of(asked.contract, draws)
    risk, check = telling.risk_record(asked, judged), telling.check_record(asked, judged)
    told = asked.contract, asked.ground.release
    parts = (
        _head(paid),
        _in_short(paid, risk, check),
        _earned(paid),
        _at_risk(risk),
        _chance(risk),
        _findings(check, asked.contract),
        _section("What was decided"),
        _table(shown_record.decided(rows.decision_rows(asked.registry, *told))),
        _by_outcome(paid),
        _rests_on(paid),
    )
    title = escape(paid["title"])
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(parts)
        + "\n</main>\n</body>\n</html>\n"
    )


def _table(table: Shown) -> str:
    """A table of the paper; its cells are text and are escaped here."""

    def cell(place: int, text: str, tag: str) -> str:
        kind = ' class="number"' if place in table.numbers else ""
        scope = ' scope="col"' if tag == "th" else ""
        return f"<{tag}{scope}{kind}>{escape(text)}</{tag}>"

    head = "".join(cell(place, text, "th") for place, text in enumerate(table.header))
    body = "\n".join(
        "<tr>" + "".join(cell(place, text, "td") for place, text in enumerate(row)) + "</tr>"
        for row in table.rows
    )
    return (
        f"<table>\n<caption>{escape(table.caption)}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody>\n</table>"
    )


def _head(record: Record) -> str:
    warning = f'<p class="warning">{escape(record["warning"])}</p>' if record["warning"] else ""
    return (
        f"<h1>{escape(record['title'])}</h1>\n"
        f'<p class="quiet">{escape(record["commissioner"])}. Providers:'
        f" {escape(record['configuration'])}. Paid as a {escape(record['basis'])}. From release"
        f" {escape(record['release'])}, as of {escape(record['as_of'])}.</p>\n{warning}\n"
        f"<p>{escape(record['note'])}.</p>"
    )


def _section(title: str) -> str:
    return f"<h2>{escape(title)}</h2>"


def _charts(found: Sequence[Chart]) -> str:
    """The charts as the site draws them, each under its caption."""
    from dagster_project.site.charts import draw_all

    drawn = draw_all(("bars", each.spec) for each in found)
    return "\n".join(
        f"<figure><figcaption>{escape(each.caption)}</figcaption>{svg}</figure>"
        for each, svg in zip(found, drawn, strict=True)
    )


def _in_short(paid: Record, risk: Record, check: Record) -> str:
    """What a board has to know before it reads on."""
    none, plan, _ = risk["whole"]
    said = [
        *brief.in_short(brief.briefs(paid["payments"], paid["lines"])),
        f"Had nothing changed, {shown.about_pounds(none['mean'])} of"
        f" {shown.about_pounds(none['theoretical'])} would be earned in a period all the same, by"
        f" luck; had the plan been reached, {shown.about_pounds(plan['mean'])}.",
        f"There {_reasons(len(check['findings']))} to think again, each with its figures below.",
    ]
    lines = "".join(f"<li>{escape(each)}</li>" for each in said)
    return f"{_section('In short')}\n<ul>{lines}</ul>"


def _reasons(number: int) -> str:
    return "is 1 reason" if number == 1 else f"are {number} reasons"


def _earned(record: Record) -> str:
    names = {row["provider_id"]: row["provider"] for row in record["payments"]}
    return "\n".join(
        (
            _section("What is earned"),
            _charts(charts.earned(record["payments"])),
            _table(shown.earned(record["payments"])),
            _table(shown.by_segment(record["lines"], names)),
        )
    )


def _by_outcome(record: Record) -> str:
    names = {row["provider_id"]: row["provider"] for row in record["payments"]}
    drawn = _charts(charts.by_outcome(record["lines"]))
    tables = (_table(each) for each in shown_outcomes.by_outcome(record["lines"], names))
    return "\n".join((_section("Earned by outcome"), drawn, *tables))


def _at_risk(record: Record) -> str:
    whole = [row for row in record["rows"] if row["outcome_id"] == shown.ALL]
    every = [*whole, *({**row, "title": "All providers"} for row in record["whole"])]
    return "\n".join(
        (
            _section(f"What is at risk in a period ({record['contract_period']})"),
            f"<p>{shown.AT_RISK} {shown.BEYOND}</p>",
            _charts(charts.at_risk(every)),
            _table(shown.at_risk(every)),
            f'<p class="quiet">{escape(shown.error_of(every))}</p>',
        )
    )


def _chance(record: Record) -> str:
    areas: dict[str, list[Record]] = {}
    for row in record["rows"]:
        areas.setdefault(row["area_code"], []).append(row)
    several = len(areas) > 1
    drawn = (
        _charts(charts.chance(found, area if several else "")) for area, found in areas.items()
    )
    table = _table(shown.chance(record["rows"], record["wished_false_pay"]))
    said = f"<p>{escape(shown.CHANCE)}</p>"
    return "\n".join((_section("How much of it is chance"), said, *drawn, table))


def _findings(record: Record, contract: Contract) -> str:
    tables = [
        _table(
            Shown(
                words,
                ("What", "Of", "Why"),
                tuple(
                    (in_words(each["kind"]), _about(each["about"], contract), each["why"])
                    for each in found
                ),
            )
        )
        for words, found in by_group(record["findings"])
    ]
    return "\n".join((_section("Reasons to think again"), *(tables or ["<p>None.</p>"])))


def _about(about: str, contract: Contract) -> str:
    """What a finding is of in words: an outcome by its title; its area where there are several."""
    name, _, area = about.partition(", ")
    titles = {each.outcome_id: each.title for each in contract.outcomes}
    if name not in titles:
        return in_words(about) if about.islower() else about
    is_alone = len({each.area_code for each in contract.providers}) == 1
    return titles[name] if is_alone or not area else f"{titles[name]}, {area}"


def _rests_on(record: Record) -> str:
    table = _table(shown.inputs_of(record["inputs"], record["release"]))
    return f"{_section('What it rests on')}\n{table}"
