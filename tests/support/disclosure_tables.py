"""Made-up counts of people in a table with totals, and readers who work out what is hidden.

The readers share no code with the product: they know how the table is built and what is shown of
it, and use plain arithmetic: elimination in fractions, bounds that narrow each other, trying out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product

from dagster_project.disclosure.cells import Cell

Key = tuple[str, str, str, str]
Counts = Mapping[Key, int]
Shown = Mapping[Key, int | None]
Equation = tuple[Key, tuple[Key, ...]]

REGIONS = ("N", "S")
SEXES = ("Female", "Male")
AGES = ("0-17 yrs", "18-64 yrs", "65+ yrs")
YEARS = ("2020", "2021")
PERIODS = {"2020": (0, 366), "2021": (366, 731), "2020-21": (0, 731)}
HIGHEST = 10**6


def areas(number: int) -> list[str]:
    """The smallest areas, shared out between the regions."""
    return [f"{REGIONS[place % 2]}{place}" for place in range(number)]


def wholes(key: Key) -> Iterator[Key]:
    """Every cell of the table in which a smallest one is counted."""
    area, sex, age, year = key
    yield from product((area, area[0], "E"), (sex, "Persons"), (age, "All ages"), (year, "2020-21"))


def table(atoms: Counts) -> dict[Key, int]:
    """All cells of the table: sums over what is counted in them."""
    found: dict[Key, int] = {}
    for key, count in atoms.items():
        for whole in wholes(key):
            found[whole] = found.get(whole, 0) + count
    return found


def equations(keys: set[Key]) -> list[Equation]:
    """Each total of the table beside its parts along one line."""
    found: list[Equation] = []
    for key in sorted(keys):
        area, sex, age, year = key
        if area == "E":
            found.append((key, tuple((region, *key[1:]) for region in REGIONS)))
        if area in REGIONS:
            inside = sorted({k[0] for k in keys if len(k[0]) > 1 and k[0][0] == area})
            found.append((key, tuple((each, *key[1:]) for each in inside)))
        if sex == "Persons":
            found.append((key, tuple((area, each, age, year) for each in SEXES)))
        if age == "All ages":
            found.append((key, tuple((area, sex, each, year) for each in AGES)))
        if year == "2020-21":
            found.append((key, tuple((area, sex, age, each) for each in YEARS)))
    whole = [(total, tuple(part for part in parts if part in keys)) for total, parts in found]
    return [(total, parts) for total, parts in whole if parts]


def cells(counts: Counts, threshold: int, lowest: int = 1, **said: frozenset[Key]) -> list[Cell]:
    """The cells as the product is given them; `was_hidden` and `is_known` name keys."""
    found = []
    for number, (key, count) in enumerate(sorted(counts.items())):
        area, sex, age, year = key
        ancestors = () if area == "E" else ("E",) if area in REGIONS else (area[0], "E")
        found.append(
            Cell(
                row_id=number,
                area_code=area,
                ancestors=ancestors,
                area_system="local",
                period=PERIODS[year],
                sex=sex,
                age=age,
                figures={"numerator": count},
                small=frozenset({"numerator"} if lowest <= count <= threshold else ()),
                threshold=threshold,
                lowest=lowest,
                was_hidden=key in said.get("was_hidden", ()),
                is_known=key in said.get("is_known", ()),
            )
        )
    return found


def shown(counts: Counts, hidden: set[int]) -> dict[Key, int | None]:
    """What readers see: None where a mark stands."""
    return {
        key: None if number in hidden else count
        for number, (key, count) in enumerate(sorted(counts.items()))
    }


def eliminated(seen: Shown) -> dict[Key, Fraction]:
    """What elimination gives: the hidden cells that the equations fix, with their count."""
    hidden = [key for key, count in seen.items() if count is None]
    place = {key: number for number, key in enumerate(hidden)}
    rows = []
    for total, parts in equations(set(seen)):
        row: dict[int, Fraction] = {}
        known = Fraction(0)
        for key, sign in ((total, -1), *((part, 1) for part in parts)):
            count = seen[key]
            if count is None:
                row[place[key]] = row.get(place[key], Fraction(0)) + sign
            else:
                known -= sign * count
        rows.append((row, known))
    reduced = _reduced(rows)
    return {
        hidden[next(iter(row))]: known / next(iter(row.values()))
        for row, known in reduced
        if len(row) == 1
    }


Row = tuple[dict[int, Fraction], Fraction]


def _reduced(rows: list[Row]) -> list[Row]:
    """The rows after Gauss and Jordan."""
    done: list[tuple[int, Row]] = []
    for row in rows:
        current = row
        for pivot, other in done:
            current = _without(current, pivot, other)
        if not current[0]:
            continue
        pivot = min(current[0])
        done = [(place, _without(other, pivot, current)) for place, other in done]
        done.append((pivot, current))
    return [row for _, row in done]


def _without(row: Row, pivot: int, other: Row) -> Row:
    if pivot not in row[0]:
        return row
    times = row[0][pivot] / other[0][pivot]
    left = dict(row[0])
    for place, factor in other[0].items():
        left[place] = left.get(place, Fraction(0)) - times * factor
    return {place: factor for place, factor in left.items() if factor}, row[1] - times * other[1]


def bounded(seen: Shown, lowest: int = 1) -> dict[Key, tuple[int, int]]:
    """What bounds give that narrow each other until none does."""
    bounds = {
        key: (lowest, HIGHEST) if count is None else (count, count) for key, count in seen.items()
    }
    sums = equations(set(seen))
    moved = True
    while moved:
        moved = False
        for total, parts in sums:
            low = sum(bounds[part][0] for part in parts)
            high = sum(bounds[part][1] for part in parts)
            moved |= _narrow(bounds, total, low, high)
            for part in parts:
                rest_low, rest_high = low - bounds[part][0], high - bounds[part][1]
                most, least = bounds[total][1] - rest_low, bounds[total][0] - rest_high
                moved |= _narrow(bounds, part, least, most)
                low = sum(bounds[each][0] for each in parts)
                high = sum(bounds[each][1] for each in parts)
    return {key: bounds[key] for key, count in seen.items() if count is None}


def _narrow(bounds: dict[Key, tuple[int, int]], key: Key, low: int, high: int) -> bool:
    before = bounds[key]
    bounds[key] = (max(before[0], low), min(before[1], high))
    assert bounds[key][0] <= bounds[key][1], "the shown table contradicts itself"
    return bounds[key] != before


def tried_out(seen: Shown, atoms: list[Key], lowest: int = 1) -> dict[Key, set[int]]:
    """Every count that each hidden cell has in some table that fits, by trying all of them.

    The counts of the smallest cells are tried in turn; those that are hidden up to a few beyond
    anything that matters.
    """
    found: dict[Key, set[int]] = {key: set() for key, count in seen.items() if count is None}
    fixed = {key: count for key, count in seen.items() if count is not None}
    reach = max((count for count in fixed.values()), default=0)
    limits = [
        (fixed[key], fixed[key]) if key in fixed else (lowest, min(reach, 14) + 3) for key in atoms
    ]
    after: dict[Key, int] = {}
    for number, key in enumerate(atoms):
        for whole in set(wholes(key)) & set(seen):
            after[whole] = number

    def go(number: int, sums: dict[Key, int]) -> None:
        if number == len(atoms):
            if all(sums[key] >= lowest for key in found):
                for key in found:
                    found[key].add(sums[key])
            return
        touched = [whole for whole in set(wholes(atoms[number])) if whole in seen]
        for count in range(limits[number][0], limits[number][1] + 1):
            for whole in touched:
                sums[whole] = sums.get(whole, 0) + count
            if all(
                sums[whole] == fixed[whole]
                if after[whole] == number
                else sums[whole] <= fixed[whole]
                for whole in touched
                if whole in fixed
            ):
                go(number + 1, sums)
            for whole in touched:
                sums[whole] -= count

    go(0, {})
    return found
