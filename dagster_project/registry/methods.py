"""What must hold of `seeds/methods.csv` and of the seeds that the methods read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dagster_project.registry.rules import FIRST_ROW, Finding, Row, Tables

PUBLISHED = "as_published"
# What a row of counts must come to: an indicator's decimals may be its own.
FOLLOWED = ("value_type", "ci_method")


def _rows(tables: Tables, file: str) -> Iterator[tuple[int, Row]]:
    return enumerate(tables.get(file, ()), start=FIRST_ROW)


def methods_are_whole(tables: Tables) -> Iterator[Finding]:
    """A method that works something out says by which macro, what comes of it, and how it shows."""
    columns = ("macro", "value_type", "ci_method", "compared_with", "decimals")
    for number, row in _rows(tables, "methods.csv"):
        for column in columns:
            if (row["needs"] == "nothing") == bool(row[column]):
                yield Finding(
                    "methods.csv",
                    number,
                    column,
                    "doesn't go with what the method needs",
                    f"{row[column] or 'an empty cell'} beside {row['needs']}",
                    "empty beside nothing, filled beside anything else",
                    "mend this cell or needs",
                )


def indicators_follow_their_method(tables: Tables) -> Iterator[Finding]:
    """Kind of value and limits of an indicator that is worked out are its method's own."""
    methods = {row["method"]: row for _, row in _rows(tables, "methods.csv")}
    for number, row in _rows(tables, "indicators.csv"):
        method = methods.get(row["method"])
        if not method:
            continue
        expected = {name: method[name] for name in FOLLOWED if method["needs"] != "nothing"}
        for column, value in expected.items():
            if row[column] != value:
                yield Finding(
                    "indicators.csv",
                    number,
                    column,
                    f"doesn't go with the method {row['method']}",
                    row[column],
                    value,
                    "mend this cell or method",
                )
        if not row["decimals"] and not method["decimals"]:
            yield Finding(
                "indicators.csv",
                number,
                "decimals",
                "can't be told from the method",
                f"an empty cell beside {row['method']}",
                "a whole number",
                "say how many decimals the publisher's values are shown with",
            )


def counts_have_a_method(tables: Tables) -> Iterator[Finding]:
    """A source of counts leads to an indicator whose method makes a value of counts."""
    needs = {row["method"]: row["needs"] for _, row in _rows(tables, "methods.csv")}
    methods = {row["indicator_id"]: row["method"] for _, row in _rows(tables, "indicators.csv")}
    for number, row in _rows(tables, "indicator_sources.csv"):
        method = methods.get(row["indicator_id"], "")
        if row["value_origin"] == "computed" and needs.get(method, "counts") != "counts":
            yield Finding(
                "indicator_sources.csv",
                number,
                "value_origin",
                "leads to an indicator that isn't worked out from counts",
                f"computed, and the method {method} of {row['indicator_id']}",
                "a method of seeds/methods.csv that needs counts",
                "name one in seeds/indicators.csv, or say that the value is published",
            )


def quantiles_are_complete(tables: Tables) -> Iterator[Finding]:
    """A cut by deprivation names each of its quantiles once, all of one basis."""
    cuts: dict[str, list[tuple[int, Row]]] = {}
    for number, row in _rows(tables, "deprivation_quantiles.csv"):
        cuts.setdefault(row["breakdown_type"], []).append((number, row))
    for cut, rows in cuts.items():
        first = rows[0][1]
        wanted = [str(place + 1) for place in range(int(first["quantiles"] or 0))]
        found = sorted((row["quantile"] for _, row in rows), key=lambda text: (len(text), text))
        if found != wanted or len({(row["quantiles"], row["basis"]) for _, row in rows}) > 1:
            yield Finding(
                "deprivation_quantiles.csv",
                rows[0][0],
                "quantile",
                "isn't a whole cut",
                f"{', '.join(found)} of {cut}",
                f"1 to {first['quantiles']}, each once, with one basis",
                "add the quantile that is missing, or mend the numbers",
            )


def peers_are_others(tables: Tables) -> Iterator[Finding]:
    """Nobody is their own peer, and a peer is there once on any day."""
    seen: dict[tuple[str, ...], str] = {}
    for number, row in _rows(tables, "peer_sets.csv"):
        key = (row["peer_set"], row["area_code"], row["peer_code"])
        if row["area_code"] == row["peer_code"] or seen.get(key, "") >= row["valid_from"]:
            yield Finding(
                "peer_sets.csv",
                number,
                "peer_code",
                "is the area itself, or a peer twice over",
                " / ".join(key),
                "another area, whose dates don't overlap with those of another row",
                "take the row out, or end the earlier one before this one begins",
            )
        seen[key] = row["valid_to"] or "9999-12-31"


METHOD_RULES: tuple[Callable[[Tables], Iterator[Finding]], ...] = (
    methods_are_whole,
    indicators_follow_their_method,
    counts_have_a_method,
    quantiles_are_complete,
    peers_are_others,
)
