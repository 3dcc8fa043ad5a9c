"""The board paper of a contract: one page of HTML that prints, and needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from dagster_project.contracts import shown, telling
from dagster_project.contracts.asked import Asked
from dagster_project.contracts.charts import range_chart
from dagster_project.contracts.shown import Shown
from dagster_project.errors import UsageError

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
.warning { border: 2px solid #9a3412; background: #fff4ed; padding: .6rem .8rem; font-weight: 600;
  max-width: none; }
.quiet { color: #57606a; font-size: .85rem; }
svg { max-width: 100%; height: auto; }
@media print {
  @page { size: A4; margin: 16mm; }
  body { margin: 0; padding: 0; font-size: 10.5pt; max-width: none; }
  h2, h3, caption { break-after: avoid; }
  tr, figure { break-inside: avoid; }
}
"""


def write(asked: Asked, out: str | None, draws: int | None) -> Path:
    """After this the paper is a file; UsageError where one of that name is there."""
    path = Path(out or f"{asked.contract.contract_id}.html")
    if path.exists():
        raise UsageError(
            "this file is there already",
            file=str(path),
            expected="a name that is free",
            fix="name another file with --out",
        )
    if not path.parent.is_dir():
        raise UsageError(
            "there is no such folder", file=str(path.parent), fix="make it, or name another --out"
        )
    path.write_text(page(asked, draws), encoding="utf-8")
    return path


def page(asked: Asked, draws: int | None = None) -> str:
    """The paper: what is earned, what is at risk, how much is chance, what was decided and why."""
    paid = telling.pay_record(asked)
    judged = asked.ground.risk_of(asked.contract, draws)
    risk, check = telling.risk_record(asked, judged), telling.check_record(asked, judged)
    parts = (
        _head(paid),
        _earned(paid),
        _at_risk(risk),
        _chance(risk),
        _findings(check),
        _decided(check),
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


def _earned(record: Record) -> str:
    return "<h2>What is earned</h2>\n" + _table(shown.earned(record["payments"]))


def _by_outcome(record: Record) -> str:
    names = {row["provider_id"]: row["provider"] for row in record["payments"]}
    tables = (_table(each) for each in shown.by_outcome(record["lines"], names))
    return "\n".join(("<h2>Earned by outcome</h2>", *tables))


def _at_risk(record: Record) -> str:
    whole = [row for row in record["rows"] if row["outcome_id"] == shown.ALL]
    every = [*whole, *({**row, "title": "All providers"} for row in record["whole"])]
    return "\n".join(
        (
            f"<h2>What is at risk in a period ({escape(record['contract_period'])})</h2>",
            f"<p>{shown.AT_RISK}</p>",
            _table(shown.at_risk(every)),
            range_chart(record["whole"], shown.scenarios()),
            f'<p class="quiet">{escape(shown.error_of(every))}</p>',
        )
    )


def _chance(record: Record) -> str:
    table = _table(shown.chance(record["rows"], record["wished_false_pay"]))
    return f"<h2>How much of it is chance</h2>\n<p>{escape(shown.CHANCE)}</p>\n{table}"


def _findings(record: Record) -> str:
    found = tuple(
        (each["kind"].replace("_", " "), each["about"], each["why"]) for each in record["findings"]
    )
    table = _table(Shown("Each with its figures", ("What", "Of", "Why"), found))
    told = table if found else "<p>None.</p>"
    return f"<h2>Reasons to think again</h2>\n{told}"


def _decided(record: Record) -> str:
    rows = tuple(
        (row["part"], row["answer"], row["why"], row["note"]) for row in record["decisions"]
    )
    return "<h2>What was decided</h2>\n" + _table(
        Shown("The decision record", ("Part", "Answer", "Why", "Note"), rows)
    )


def _rests_on(record: Record) -> str:
    return "<h2>What it rests on</h2>\n" + _table(
        shown.inputs_of(record["inputs"], record["release"])
    )
