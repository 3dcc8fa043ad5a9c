"""What must hold between the seeds that say what may be compared with what."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dagster_project.registry.rules import FIRST_ROW, Finding, Row, Tables

Codes = dict[tuple[str, str, str], set[str]]


def _rows(tables: Tables, file: str) -> Iterator[tuple[int, Row]]:
    return enumerate(tables.get(file, ()), start=FIRST_ROW)


def _codes(tables: Tables) -> Codes:
    found: Codes = {}
    for _, row in _rows(tables, "framework_indicators.csv"):
        code = (row["framework"], row["edition"], row["code"])
        found.setdefault(code, set()).add(row["indicator_id"])
    return found


def _side(row: Row, side: str) -> tuple[str, str, str]:
    return (row[f"{side}_framework"], row[f"{side}_edition"], row[f"{side}_code"])


def linked_indicators_are_described(tables: Tables) -> Iterator[Finding]:
    """Each indicator that a link leads to says what it measures, so that the pair can be judged."""
    described = {row["indicator_id"] for _, row in _rows(tables, "measures.csv")}
    codes = _codes(tables)
    for number, row in _rows(tables, "crosswalk.csv"):
        for side in ("left", "right"):
            lacking = codes.get(_side(row, side), set()) - described
            if described and lacking:
                yield Finding(
                    "crosswalk.csv",
                    number,
                    f"{side}_code",
                    "leads to an indicator that isn't described",
                    ", ".join(sorted(lacking)),
                    "a row of seeds/measures.csv for it",
                    "say in seeds/measures.csv what it measures, as what, and of whom",
                )


def links_say_what_differs(tables: Tables) -> Iterator[Finding]:
    """A link between two measures says in what they differ."""
    codes = _codes(tables)
    for number, row in _rows(tables, "crosswalk.csv"):
        left, right = (codes.get(_side(row, side), set()) for side in ("left", "right"))
        if left and right and not left & right and not row["differs"]:
            yield Finding(
                "crosswalk.csv",
                number,
                "differs",
                "is empty, though the codes lead to different indicators",
                f"{', '.join(sorted(left))} and {', '.join(sorted(right))}",
                "one or more words, parted by |",
                "say what differs, or give both codes one indicator_id",
            )


def followers_measure_the_same(tables: Tables) -> Iterator[Finding]:
    """What took the place of a measure is another indicator with the same concept."""
    concepts = {row["indicator_id"]: row["concept"] for _, row in _rows(tables, "measures.csv")}
    for number, row in _rows(tables, "measures.csv"):
        old = row["replaces"]
        if old == row["indicator_id"] or (old in concepts and concepts[old] != row["concept"]):
            yield Finding(
                "measures.csv",
                number,
                "replaces",
                "isn't an earlier measure of the same",
                f"{old}, which is about {concepts[old]}",
                f"another indicator about {row['concept']}",
                "mend the id, or give both one concept",
            )


def areas_published_together_are_pairs(tables: Tables) -> Iterator[Finding]:
    """Where an area's figure may hold another's, the other's row says so too."""
    pairs = {
        (row["area_code"], row["published_with"])
        for _, row in _rows(tables, "published_together.csv")
    }
    for number, row in _rows(tables, "published_together.csv"):
        if (row["published_with"], row["area_code"]) not in pairs:
            yield Finding(
                "published_together.csv",
                number,
                "published_with",
                "isn't told the other way round",
                f"{row['area_code']} / {row['published_with']}",
                f"{row['published_with']} / {row['area_code']} too",
                "add the row of the other area",
            )


def reasons_are_in_order(tables: Tables) -> Iterator[Finding]:
    """Ranks of reasons run from 1, each once, and what forbids comes before what only warns."""
    rows = [(n, row) for n, row in _rows(tables, "comparability_reasons.csv")]
    ranks = [row["rank"] for _, row in rows]
    forbidding = sum(row["verdict"] == "not_comparable" for _, row in rows)
    for number, row in rows:
        first, last = (1, forbidding)
        if row["verdict"] == "caution":
            first, last = (forbidding + 1, len(rows))
        wanted = [str(rank) for rank in range(first, last + 1)]
        if row["rank"] not in wanted or ranks.count(row["rank"]) > 1:
            yield Finding(
                "comparability_reasons.csv",
                number,
                "rank",
                "breaks the order of the reasons",
                f"{row['rank']}, {row['verdict']}",
                f"a number from {first} to {last} that no other row has",
                "number the reasons anew",
            )


COMPARABILITY_RULES: tuple[Callable[[Tables], Iterator[Finding]], ...] = (
    linked_indicators_are_described,
    links_say_what_differs,
    followers_measure_the_same,
    areas_published_together_are_pairs,
    reasons_are_in_order,
)
