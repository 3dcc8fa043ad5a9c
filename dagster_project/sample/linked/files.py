"""The made-up linked extracts of the sample: a few thousand people of three local systems."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from dagster_project.registry import Registry
from dagster_project.sample.linked import Practice, Recipe, draw, write
from dagster_project.sample.world import practices

PEOPLE = 4_000
# The places of places.csv by the sub-ICB location that they lie in: Stockport, Tower Hamlets, and the
# three authorities of Bristol, North Somerset and South Gloucestershire.
PLACES = {"E38000174": (1,), "E38000255": (2,), "E38000222": (3, 4, 5)}
LOCALITIES = ("North (made up)", "South (made up)")


def made(registry: Registry, seed: int) -> Iterator[tuple[str, bytes]]:
    """Each extract's name and bytes."""
    import duckdb

    recipe = Recipe(PEOPLE, _practices(registry, seed), seed=seed, other_codes=0.1)
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        draw(connection, recipe)
        for path in write(connection, Path(folder), prefix="linked_"):
            yield path.name, path.read_bytes()


def _practices(registry: Registry, seed: int) -> tuple[Practice, ...]:
    """The sample's own practices in those locations; a network lies in one place."""
    everywhere = practices(registry, seed).places
    networks = [place for place in everywhere if place.kind == "pcn" and place.parent in PLACES]
    found = []
    for number, network in enumerate(networks):
        places = PLACES[network.parent]
        of_location = [other for other in networks if other.parent == network.parent]
        place = places[of_location.index(network) % len(places)]
        members = [one for one in everywhere if one.kind == "practice" and one.parent == network.code]
        found += [
            Practice(one.code, network.code, _locality(number, nth, len(places)), place)
            for nth, one in enumerate(members)
        ]
    return tuple(found)


def _locality(network: int, practice: int, places: int) -> str:
    """A place of one network alone is parted by practice, the others by network."""
    return LOCALITIES[(practice if places > 1 else network) % len(LOCALITIES)]
