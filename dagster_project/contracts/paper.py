"""The board paper of a contract: one page of HTML that prints, and needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from dagster_project.contracts import telling
from dagster_project.contracts.asked import Asked
from dagster_project.contracts.charts import range_chart
from dagster_project.contracts.telling import SCENARIOS, STATUS, about_pounds, pounds
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


def _table(
    caption: str, header: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()
) -> str:
    """A table; the columns in `numbers` are figures. Cells are text and are escaped here."""

    def cell(place: int, text: str, tag: str) -> str:
        kind = ' class="number"' if place in numbers else ""
        scope = ' scope="col"' if tag == "th" else ""
        return f"<{tag}{scope}{kind}>{escape(text)}</{tag}>"

    head = "".join(cell(place, text, "th") for place, text in enumerate(header))
    body = "\n".join(
        "<tr>" + "".join(cell(place, text, "td") for place, text in enumerate(row)) + "</tr>"
        for row in rows
    )
    return (
        f"<table>\n<caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n"
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
    return "<h2>What is earned</h2>\n" + _table(
        "Each provider and period",
        ("Period", "Provider", "At stake", "Earned", "Waiting", "Not earned", "State"),
        [
            (
                row["contract_period"],
                row["provider"],
                *(pounds(row[name]) for name in ("stake", "earned", "waiting", "not_earned")),
                STATUS[row["status"]] + _also(row),
            )
            for row in record["payments"]
        ],
        (2, 3, 4, 5),
    )


def _by_outcome(record: Record) -> str:
    names = {row["provider_id"]: row["provider"] for row in record["payments"]}
    grouped = groupby(record["lines"], key=lambda r: (r["contract_period"], r["provider_id"]))
    tables = [
        _table(
            f"{period}, {names[provider_id]}",
            ("Outcome", "Value", "Pays from", "In full", "Earned", "Of", "How it came about"),
            [_outcome_row(row) for row in lines],
            (1, 2, 3, 4, 5),
        )
        for (period, provider_id), lines in grouped
    ]
    return "\n".join(("<h2>Earned by outcome</h2>", *tables))


def _also(row: Record) -> str:
    told = [f"gate {gate}" for gate in row["gates"]]
    if row["rests_on"]:
        told.append(f"rests on {', '.join(row['rests_on'])}")
    return f" ({'; '.join(told)})" if told else ""


def _figure(number: float | None) -> str:
    return "-" if number is None else f"{number:,.4g}" if abs(number) < 1000 else f"{number:,.1f}"


def _outcome_row(row: Record) -> tuple[str, ...]:
    how = row["rule"] + "."
    if row["reason"]:
        how = f"{row['state'].replace('_', ' ')}: {row['reason'].replace('_', ' ')}. {how}"
    period = f" ({row['value_period']})" if row["value_period"] else ""
    return (
        row["title"],
        _figure(row["value"]) + period,
        _figure(row["pays_from"]),
        _figure(row["pays_in_full"]),
        pounds(row["amount"]),
        pounds(row["stake"]),
        how,
    )


def _at_risk(record: Record) -> str:
    whole = [row for row in record["rows"] if row["outcome_id"] == "all"]
    every = [*whole, *({**row, "title": "All providers"} for row in record["whole"])]
    return "\n".join(
        (
            f"<h2>What is at risk in a period ({escape(record['contract_period'])})</h2>",
            "<p>All that is linked is the theoretical risk. What is likely lost is the effective"
            " risk: it depends on what happens to the truth, and on chance.</p>",
            _table(
                "What may come of it",
                (
                    "Who",
                    "If",
                    "Linked",
                    "Earned on average",
                    "Likely lost",
                    "Nine times in ten",
                    "Nothing",
                    "Beyond reserve",
                ),
                [
                    (
                        row["title"],
                        SCENARIOS[row["scenario"]].removeprefix("if "),
                        about_pounds(row["theoretical"]),
                        about_pounds(row["mean"]),
                        about_pounds(row["effective"]),
                        f"{about_pounds(row['p05'])} to {about_pounds(row['p95'])}",
                        f"{1 - row['chance_paid']:.1%}",
                        f"{row['chance_beyond_reserve']:.1%}",
                    )
                    for row in every
                ],
                (2, 3, 4, 5, 6, 7),
            ),
            range_chart(record["whole"], SCENARIOS),
            f'<p class="quiet">{record["whole"][0]["draws"]:,} draws; one standard error of the'
            f" mean is at most {about_pounds(max(r['error_of_mean'] for r in every))}, of a chance"
            f" {max(row['error_of_chance'] for row in every):.2%}.</p>",
        )
    )


def _chance(record: Record) -> str:
    single: dict[tuple[str, str], Record] = {}
    for row in record["rows"]:
        if row["outcome_id"] != "all" and row["scenario"] == "no_change":
            single.setdefault((row["area_code"], row["outcome_id"]), row)
    rows = []
    for row in single.values():
        if row["method"] == "not_modelled":
            rows.append((row["title"], *["-"] * 6, f"not modelled: {row['reason']}"))
            continue
        rows.append(
            (
                row["title"],
                f"{row['false_pay']:.0%}",
                f"{row['false_pay_of_three']:.0%}",
                f"{row['false_miss']:.0%}",
                _figure(row["change_asked"]),
                _figure(row["detectable_change"]),
                _figure(row["threshold_for_wished"]),
                telling.instead(row),
            )
        )
    return "\n".join(
        (
            "<h2>How much of it is chance</h2>",
            "<p>Paid by luck: something is paid though nothing has changed. Missed by luck: nothing"
            " is paid though the plan was reached. A change that is smaller than what would be seen"
            " can't be told from none.</p>",
            _table(
                f"Each outcome (luck is to be paid {record['wished_false_pay']:.0%} of the time"
                " at most)",
                (
                    "Outcome",
                    "Paid by luck",
                    "Three pooled",
                    "Missed by luck",
                    "Change asked",
                    "Would be seen",
                    "Pay from",
                    "Or",
                ),
                rows,
                (1, 2, 3, 4, 5, 6),
            ),
        )
    )


def _findings(record: Record) -> str:
    found = [
        (each["kind"].replace("_", " "), each["about"], each["why"]) for each in record["findings"]
    ]
    table = _table("Each with its figures", ("What", "Of", "Why"), found)
    told = table if found else "<p>None.</p>"
    return f"<h2>Reasons to think again</h2>\n{told}"


def _decided(record: Record) -> str:
    rows = [(row["part"], row["answer"], row["why"], row["note"]) for row in record["decisions"]]
    return "<h2>What was decided</h2>\n" + _table(
        "The decision record", ("Part", "Answer", "Why", "Note"), rows
    )


def _rests_on(record: Record) -> str:
    seen: dict[tuple[str, ...], None] = {}
    for row in record["inputs"]:
        name = (row["indicator_id"], row["area_code"], row["sex"], row["age"], row["period_label"])
        seen[(*name, row["role"], row["status"])] = None
    return "<h2>What it rests on</h2>\n" + _table(
        f"Values of release {record['release']}: `outcomes explain` tells where each comes from",
        ("Indicator", "Area", "Sex", "Age", "Period", "As", "Status"),
        sorted(seen),
    )
