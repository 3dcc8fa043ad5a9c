"""The made-up linked extracts of the sample: a few thousand people of three local systems."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from dagster_project.registry.registry import Registry
from dagster_project.sample.linked import Practice, Recipe, draw, write
from dagster_project.sample.world import practices

PEOPLE = 4_000
# The places of places.csv by the sub-ICB location that they lie in: Stockport, Tower Hamlets and
# Bristol. Every count of people is kept from being worked out, a second's work for 500: North
# Somerset and South Gloucestershire are drawn for the benchmarks alone.
PLACES = {"E38000174": (1,), "E38000255": (2,), "E38000222": (3,)}
# Networks of a place, and practices of a network.
NETWORKS = 2
PRACTICES = 2
LOCALITIES = ("North (made up)", "South (made up)")


def made(registry: Registry, seed: int) -> Iterator[tuple[str, bytes]]:
    """Each extract's name and bytes."""
    import duckdb

    recipe = Recipe(PEOPLE, _practices(registry, seed), seed=seed, other_codes=0.1)
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        draw(connection, recipe)
        for path in sorted(write(connection, Path(folder), prefix="linked_")):
            yield path.name, path.read_bytes()


def _practices(registry: Registry, seed: int) -> tuple[Practice, ...]:
    """The sample's own practices in those locations; a network lies in one place."""
    everywhere = practices(registry, seed).places
    found = []
    for location, (place,) in PLACES.items():
        networks = [one for one in everywhere if one.kind == "pcn" and one.parent == location]
        for network, locality in zip(networks[:NETWORKS], LOCALITIES, strict=True):
            members = [one for one in everywhere if one.parent == network.code]
            found += [
                Practice(one.code, network.code, locality, place) for one in members[:PRACTICES]
            ]
    return tuple(found)
