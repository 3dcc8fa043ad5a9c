"""What a preview says: in lines on a terminal, or as a page of its own."""

from __future__ import annotations

from html import escape
from typing import Any

from dagster_project.preview import chart
from dagster_project.reporting import STATUS_WORDS

MOST_ROWS = 15
CUT = ("segment", "breakdown_type", "breakdown", "sex", "age")


def preview_lines(record: dict[str, Any]) -> list[str]:
    """Definition, values, chart, checks, siblings, and that nothing was published."""
    said = record["definition"]
    lines = [
        f"{said['title']} ({record['indicator_id']}, definition {said['definition_version']})",
        said["meaning"],
        *_facts(record),
        "",
        *_values(record),
        *no_headline(record),
        "",
        *_checks(record),
        *_siblings(record),
        "",
        "Nothing was published: this was a copy, which is gone.",
    ]
    return [line for line in lines if line is not None]


def _facts(record: dict[str, Any]) -> list[str]:
    said = record["definition"]
    overdue = ", which is past" if record["review_is_overdue"] else ""
    places = ", ".join(
        f"{each['framework']} {each['edition']} {each['code']}" for each in record["places"]
    )
    facts = (
        ("method", f"{said['method']}, {said['unit'] or 'no unit'}"),
        ("numerator", said["numerator"]),
        ("denominator", said["denominator"]),
        ("polarity", f"{said['polarity']} ({said['polarity_certainty']})"),
        ("owner", said["owner"]),
        ("checked", _check_of(said)),
        ("to be checked by", f"{said['review_by']}{overdue}"),
        ("in frameworks", places or "none"),
        ("worked examples", f"{record['worked_examples']} passed"),
        ("stand-in", "yes: the definition is ours" if said["is_stand_in"] else ""),
    )
    return [f"  {name}: {fact}" for name, fact in facts if fact]


def _check_of(said: dict[str, Any]) -> str:
    if said["checked_by"] is None:
        return "by nobody yet: it can't be live until another role than the owner has"
    return f"by {said['checked_by']} on {said['reviewed_on']}"


def headline(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of the latest period and first cut that its definition shows, or that there is."""
    values, said = record["values"], record["definition"]
    if not values:
        return []
    latest = [row for row in values if row["period_label"] == values[0]["period_label"]]
    shown = {"sex": (said["headline_sex"] or "").split("|")[0], "age": said["headline_age"]}
    first = min(latest, key=lambda row: _is_off(row, shown))
    return [row for row in latest if all(row[name] == first[name] for name in CUT)]


def _is_off(row: dict[str, Any], shown: dict[str, str | None]) -> tuple[bool, ...]:
    """In what a row isn't the headline: where none is, one of everybody comes first."""
    return tuple(bool(word) and row[name] != word for name, word in shown.items())


def no_headline(record: dict[str, Any]) -> list[str]:
    """What to set where pages and workbook would show nothing of it, though it has values."""
    values, said = record["values"], record["definition"]
    whole = [row for row in values if row["segment"] == "all" and row["breakdown_type"] == "all"]
    sexes, age = (said["headline_sex"] or "").split("|"), said["headline_age"]
    there = sorted({f"{row['sex']} and {row['age']}" for row in whole})
    # The only series that there is speaks, whatever the definition says (the mart `headlines`).
    if len(there) < 2 or any(
        (sexes == [""] or row["sex"] in sexes) and age in (None, row["age"]) for row in whole
    ):
        return []
    return [
        f"No row is of the headline, {' or '.join(sexes)} and {age or 'any age'}: tables of areas"
        " and the workbook would leave it out.",
        f"  Set headline_sex and headline_age to what the SQL gives: {'; '.join(there)}",
    ]


def _values(record: dict[str, Any]) -> list[str]:
    rows = headline(record)
    if not rows:
        return ["No value: the SQL gives no row. Look at its joins and at what has landed."]
    first = rows[0]
    lines = [f"{first['period_label']}, {', '.join(_cut(first))}: {_several(len(rows), 'area')}"]
    lines += [_line(row) for row in rows[:MOST_ROWS]]
    if len(rows) > MOST_ROWS:
        lines.append(f"  and {len(rows) - MOST_ROWS:,} more: --json and --html have them all")
    lines += ["", *chart.in_characters(bars(rows[:MOST_ROWS]))]
    others = len(record["values"]) - len(rows)
    periods = sorted({row["period_label"] for row in record["values"]})
    cuts = sorted({" / ".join(_cut(row)) for row in record["values"]})
    of = f"{_several(len(periods), 'period')} and {_several(len(cuts), 'cut')}"
    lines += ["", f"{others:,} more of {len(record['values']):,} rows: {of} in all"]
    states: dict[str, int] = {}
    for row in record["values"]:
        states[row["status"]] = states.get(row["status"], 0) + 1
    told = ", ".join(f"{n:,} {STATUS_WORDS.get(word, word)}" for word, n in sorted(states.items()))
    return [*lines, f"  before any check holds one: {told}"]


def bars(rows: list[dict[str, Any]]) -> list[chart.Bar]:
    """The rows that have a value, as a chart takes them."""
    return [
        chart.Bar(row["area_name"], row["value"], row["lower_95"], row["upper_95"])
        for row in rows
        if row["value"] is not None
    ]


def _several(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _cut(row: dict[str, Any]) -> list[str]:
    cut = [row["sex"], row["age"]]
    cut += [row["breakdown"]] if row["breakdown_type"] != "all" else []
    return [*cut, *([row["segment"]] if row["segment"] != "all" else [])]


def _line(row: dict[str, Any]) -> str:
    name = f"  {chart.shortened(row['area_name']):<{chart.NAME}} {row['area_code']:<10}"
    if row["value"] is None:
        why = f" ({row['status_reason']})" if row["status_reason"] else ""
        return f"{name} {STATUS_WORDS.get(row['status'], row['status'])}{why}"
    limits = ""
    if row["lower_95"] is not None and row["upper_95"] is not None:
        limits = f"  {chart.figure(row['lower_95'])} to {chart.figure(row['upper_95'])}"
    counts = ""
    if row["numerator"] is not None and row["denominator"] is not None:
        counts = f"  ({chart.figure(row['numerator'])} of {chart.figure(row['denominator'])})"
    return f"{name} {chart.figure(row['value']):>10}{limits}{counts}"


def _checks(record: dict[str, Any]) -> list[str]:
    lines = [f"Checks: {record['passed']} passed, {len(record['failing'])} didn't"]
    for each in record["failing"]:
        what = f"{each['failed']:,} values" if each["failed"] else f"{each['groups']:,} groups"
        note = f": {each['note']}" if each["note"] else ""
        lines.append(f"  {each['check_id']} {each['outcome']}, {what}: {each['title']}{note}")
    return lines


def _siblings(record: dict[str, Any]) -> list[str]:
    if not record["siblings"]:
        return ["Siblings: none is named, so nothing stands beside it"]
    lines = ["Siblings:"]
    for each in record["siblings"]:
        said = f"  {each['indicator_id']} ({each['name']}): {each['verdict'].replace('_', ' ')}"
        lines.append(said + (f". {each['reason_text']}" if each["reason_text"] else ""))
    return lines


def page(record: dict[str, Any]) -> str:
    """The preview as one HTML file, with every row of the headline and a picture."""
    rows = headline(record)
    title = escape(record["definition"]["title"])
    words = "\n".join(escape(line) for line in preview_lines(record))
    cells = ("area_name", "area_code", "value", "lower_95", "upper_95", "numerator", "denominator")
    head = "".join(f"<th>{name.replace('_', ' ')}</th>" for name in (*cells, "status"))
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(row[name])}</td>" for name in (*cells, "status")) + "</tr>"
        for row in rows
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Preview: {title}</title>'
        "<style>body{font-family:sans-serif;max-width:60rem;margin:2rem auto}td,th{padding:.2rem"
        " .6rem;text-align:right}td:first-child,th:first-child{text-align:left}"
        "pre{white-space:pre-wrap}</style>"
        f"<h1>{title}</h1><p><strong>A preview: not published.</strong></p>"
        f"{chart.as_svg(bars(rows), record['definition']['title'])}"
        f"<table><tr>{head}</tr>{body}</table><pre>{words}</pre></html>\n"
    )


def _cell(said: Any) -> str:
    if said is None:
        return ""
    return chart.figure(said) if isinstance(said, float) else escape(str(said))
