"""What `outcomes explain` says to a person, in lines."""

from __future__ import annotations

from collections import Counter
from typing import Any

from dagster_project.judging.outcomes import Outcome
from dagster_project.reporting import STATUS_WORDS

ROWS_NAMED = 8
# Without --full: of many inputs these, and of many releases the latest.
INPUTS_NAMED = 3
PAST_NAMED = 3
SHORT = 12


def explain_lines(record: dict[str, Any], *, full: bool = False) -> list[str]:
    """What each value is and was, where it comes from and what judged it.

    With `full` the definition, every input and every check with its figures as well.
    """
    indicator, area = record["indicator"], record["area"]
    version = f", definition {indicator['definition_version']}"
    lines = [
        f"{indicator['title']} ({indicator['indicator_id']}{version})",
        f"{area['area_name']} ({area['area_code']})",
        f"Release {record['release']} of {record['created_at']}"
        + (f", as known on {record['as_at']}" if record["as_at"] else "")
        + (", made-up sample data" if record["synthetic"] else ""),
    ]
    if full:
        lines += [f"Code: {record['commit']}", *_definition(indicator)]
    lines += [record["note"]] if record["note"] else []
    for explained in record["values"]:
        lines += ["", *(_value(explained) if full else _short(explained))]
    lines += [""] if record["not_shown"] or record["other_series"] or not full else []
    if record["not_shown"]:
        lines.append(f"{record['not_shown']:,} more series: --json has them all")
    if record["other_series"]:
        lines.append(f"{record['other_series']:,} more series of this period: --all shows them")
    if not full:
        lines.append("The definition, every file and every check with its figures: --full")
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


def _said(explained: dict[str, Any]) -> list[str]:
    """The value in one line, and what is to be known of it."""
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
    return lines


def _value(explained: dict[str, Any]) -> list[str]:
    """All that is known of a value."""
    lines = [*_said(explained), _made_from(explained), *map(_input, explained["inputs"])]
    if explained["held_in"]:
        lines += [_held_in(explained), *map(_input, explained["held_in"])]
    lines += ["  judged by", *map(_check, explained["checks"])]
    lines += ["  history", *map(_past, explained["history"])]
    return lines


def _short(explained: dict[str, Any]) -> list[str]:
    """What a reader asks first: which files, whether it was found sound, how it changed."""
    lines = [*_said(explained), _made_from(explained), *_few_inputs(explained["inputs"])]
    if explained["held_in"]:
        lines += [_held_in(explained), *_few_inputs(explained["held_in"])]
    lines += [f"  judged by {len(explained['checks'])} checks: {_outcomes(explained['checks'])}"]
    lines += [f"    {_finding(check)}" for check in explained["checks"] if _is_finding(check)]
    history = explained["history"]
    # A line that says one is left out would take the place of that one.
    left_out = len(history) - PAST_NAMED if len(history) > PAST_NAMED + 1 else 0
    lines += [f"  history, {left_out} earlier changes left out" if left_out else "  history"]
    return lines + list(map(_past, history[left_out:]))


def _held_in(explained: dict[str, Any]) -> str:
    if explained["disagreeing"]:
        return "  held: these files disagree, and nothing says which is the later"
    return "  held: the newer figure is in"


def _few_inputs(inputs: list[dict[str, Any]]) -> list[str]:
    """Some of many files: the first of each source before a second of any."""
    seen: Counter[str] = Counter()
    nth = {}
    for each in inputs:
        seen[each["source_id"]] += 1
        nth[id(each)] = seen[each["source_id"]]
    first = sorted(inputs, key=lambda each: nth[id(each)])
    lines = list(map(_input, first[: max(INPUTS_NAMED, len(seen))]))
    left = len(inputs) - len(lines)
    return [*lines, f"    and {left} more"] if left > 0 else lines


def _outcomes(checks: list[dict[str, Any]]) -> str:
    """How many ended how, the most first."""
    counts = Counter(check["outcome"] for check in checks)
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common())


def _is_finding(check: dict[str, Any]) -> bool:
    return check["outcome"] not in (Outcome.PASSED, Outcome.NOT_APPLICABLE)


def _finding(check: dict[str, Any]) -> str:
    """A check that found something among the values judged together with this one."""
    return f"{check['check_id']} {check['title']}: {check['outcome']}, in its group"


def _made_from(explained: dict[str, Any]) -> str:
    """The heading of the inputs: of a held value they are those of the figures that are shown."""
    if explained["value"]["status"] != "held":
        return "  made from"
    if explained["figures_from"]:
        return f"  the figures shown were last published by {explained['figures_from']}, made from"
    if explained["no_figure_because"]:
        return f"  no figure is shown: {explained['no_figure_because']}"
    return "  the release that published the figures shown isn't there any more"


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
        + ("" if item.get("figure") is None else f" says {_number(item['figure'])}")
    )


def _check(result: dict[str, Any]) -> str:
    observed = "" if result["observed"] is None else f", saw {_number(result['observed'])}"
    return (
        f"    {result['check_id']} {result['title']}: {result['outcome']}"
        f" ({result['tested']:,} tested, {result['failed'] or 0:,} failed{observed},"
        f" bound: {result['bound']})"
    )


def _past(item: dict[str, Any]) -> str:
    span = item["release"]
    if item["last_release"] != item["release"]:
        span += f" to {item['last_release']}"
    if item["withdrawn"]:
        return f"    {span} ({item['created_at'][:10]}): the release was withdrawn"
    if item["status"] is None:
        return f"    {span}: not in it"
    figure = "no value" if item["value"] is None else _number(item["value"])
    if item["hidden_because"]:
        figure = f"hidden, since {item['hidden_because']}"
    return (
        f"    {span} ({item['created_at'][:10]}): {figure},"
        f" {STATUS_WORDS.get(item['status'], item['status'])}, definition"
        f" {item['definition_version']}{_reason(item)}"
    )


def _reason(item: dict[str, Any]) -> str:
    """What a role said of the move, where it needed a reason."""
    return f"; reason given by {item['reason_by']}: {item['reason']}" if item["reason"] else ""


def _number(figure: float) -> str:
    return f"{figure:,.10g}"
