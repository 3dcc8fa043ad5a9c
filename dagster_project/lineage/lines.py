"""What `outcomes explain` says to a person, in lines."""

from __future__ import annotations

from typing import Any

from dagster_project.reporting import STATUS_WORDS

ROWS_NAMED = 8
SHORT = 12


def explain_lines(record: dict[str, Any]) -> list[str]:
    """The definition once, then each value with its inputs, checks and history."""
    indicator, area = record["indicator"], record["area"]
    lines = [
        f"{indicator['title']} ({indicator['indicator_id']}, definition"
        f" {indicator['definition_version']})",
        f"{area['area_name']} ({area['area_code']})",
        f"Release {record['release']} of {record['created_at']}"
        + (f", as known on {record['as_at']}" if record["as_at"] else "")
        + (", made-up sample data" if record["synthetic"] else ""),
        f"Code: {record['commit']}",
        *_definition(indicator),
        *([record["note"]] if record["note"] else []),
    ]
    for explained in record["values"]:
        lines += ["", *_value(explained, indicator)]
    if record["not_shown"]:
        lines += ["", f"{record['not_shown']:,} more series: --json has them all"]
    if record["other_series"]:
        lines += ["", f"{record['other_series']:,} more series of this period: --all shows them"]
    return lines


def _definition(indicator: dict[str, Any]) -> list[str]:
    facts = (
        ("method", indicator["method"]),
        ("numerator", indicator["numerator_definition"]),
        ("denominator", indicator["denominator_definition"]),
        ("polarity", f"{indicator['polarity']} ({indicator['polarity_certainty']})"),
        ("owner", indicator["owner"]),
        ("evidence", f"{indicator['evidence']} ({indicator['certainty']})"),
    )
    return [f"  {name}: {fact}" for name, fact in facts if fact]


def _value(explained: dict[str, Any], indicator: dict[str, Any]) -> list[str]:
    value = explained["value"]
    cut = [value["sex"], value["age"]]
    cut += [value["breakdown"]] if value["breakdown_type"] != "all" else []
    cut += [value["segment"]] if value["segment"] != "all" else []
    lines = [f"{value['period_label']}, {', '.join(cut)}, {value['origin']}: {_figure(explained)}"]
    if value["flags"]:
        lines.append(f"  flags: {', '.join(value['flags'])}")
    lines += [f"  held by {hold['check_id']}: {hold['reason']}" for hold in explained["holds"]]
    lines += [
        f"  let through by {each['role']} until {each['until']}, failures of {each['check_id']}:"
        f" {each['reason']}"
        for each in explained["waivers"]
    ]
    lines += [_made_from(explained), *(_input(each) for each in explained["inputs"])]
    if explained["held_in"]:
        lines += ["  held: the newer figure is in", *map(_input, explained["held_in"])]
    lines += ["  judged by", *(_check(each) for each in explained["checks"])]
    lines += ["  history", *(_past(each, indicator) for each in explained["history"])]
    return lines


def _made_from(explained: dict[str, Any]) -> str:
    """The heading of the inputs: of a held value they are those of the figures that are shown."""
    if explained["value"]["status"] != "held":
        return "  made from"
    if explained["figures_from"]:
        return f"  the figures shown were last published by {explained['figures_from']}, made from"
    return "  no release that is still there published it"


def _figure(explained: dict[str, Any]) -> str:
    value = explained["value"]
    status = STATUS_WORDS.get(value["status"], value["status"])
    why = f" ({value['status_reason']})" if value["status_reason"] else ""
    if explained["hidden_today"] and value["status"] not in ("suppressed", "withdrawn"):
        return f"hidden: {explained['hidden_because']}"
    if value["value"] is None:
        return f"no value, {status}{why}"
    said = f"{_number(value['value'])} {value['unit'] or ''}".rstrip()
    if value["lower_95"] is not None and value["upper_95"] is not None:
        said += f", 95% limits {_number(value['lower_95'])} to {_number(value['upper_95'])}"
    if value["numerator"] is not None and value["denominator"] is not None:
        said += f", {_number(value['numerator'])} of {_number(value['denominator'])}"
    return f"{said}; {status}{why}"


def _input(item: dict[str, Any]) -> str:
    stated = [item["layout_id"], item["period"], item["vintage"] and f"vintage {item['vintage']}"]
    rows = item["rows"]
    if rows:
        where = ", ".join(rows[:ROWS_NAMED])
        where += f" and {len(rows) - ROWS_NAMED} more" if len(rows) > ROWS_NAMED else ""
    else:
        where = item["certainty"]
    return (
        f"    {item['file']} (SHA-256 {item['sha256'][:SHORT]}…;"
        f" {', '.join(filter(None, stated))}): {where}"
    )


def _check(result: dict[str, Any]) -> str:
    observed = "" if result["observed"] is None else f", saw {_number(result['observed'])}"
    return (
        f"    {result['check_id']} {result['title']}: {result['outcome']}"
        f" ({result['tested']:,} tested, {result['failed'] or 0:,} failed{observed},"
        f" bound: {result['bound']})"
    )


def _past(item: dict[str, Any], indicator: dict[str, Any]) -> str:
    span = item["release"]
    if item["last_release"] != item["release"]:
        span += f" to {item['last_release']}"
    if item["withdrawn"]:
        return f"    {span} ({item['created_at'][:10]}): the release was withdrawn"
    if item["status"] is None:
        return f"    {span}: not in it"
    figure = "no value" if item["value"] is None else _number(item["value"])
    return (
        f"    {span} ({item['created_at'][:10]}): {figure},"
        f" {STATUS_WORDS.get(item['status'], item['status'])}, definition"
        f" {item['definition_version']}"
    )


def _number(figure: float) -> str:
    return f"{figure:,.10g}"
