"""The made-up files: what is in each, and how they are put in place."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.registry import Registry, load_registry
from dagster_project.sample import ascof, fingertips, qof, surveys
from dagster_project.sample.facts import facts
from dagster_project.sample.linked import files as linked_files
from dagster_project.sample.recipes import FINGERTIPS
from dagster_project.sample.world import councils, deciles, practices

PREFIX = "SYNTHETIC_"
# The first moment that a zip can state: a real one would change the bytes from day to day.
NO_MOMENT = (1980, 1, 1, 0, 0, 0)
QOF_YEARS = qof.YEARS[-2:]


def write(directory: Path, seed: int) -> list[Path]:
    """After this the files are in `directory`; a file that was there with the same bytes stays."""
    directory.mkdir(parents=True, exist_ok=True)
    registry = load_registry(PROJECT_ROOT / "seeds")
    return [put(directory / f"{PREFIX}{name}", content) for name, content in _made(registry, seed)]


def put(path: Path, content: bytes) -> Path:
    """After this `path` holds `content`, whole; its time of change stays if it did already."""
    if path.exists() and path.read_bytes() == content:
        return path
    # A name that begins with a dot isn't taken for an extract, should this be cut short.
    building = path.with_name(f".{path.name}.part")
    building.write_bytes(content)
    building.replace(path)
    return path


def _made(registry: Registry, seed: int) -> Iterator[tuple[str, bytes]]:
    """Each file's name and bytes, in the order of the names."""
    surgeries = practices(registry, seed)
    drawn = qof.registers(surgeries, seed)
    for year in QOF_YEARS:
        content = _csv(qof.geography_csv(surgeries, registry, year))
        yield f"MAPPING_NHS_GEOGRAPHIES_{_short(year)}.csv", content
    for year in QOF_YEARS:
        yield f"PREVALENCE_{_short(year)}.csv", _csv(qof.registers_csv(surgeries, drawn, year))
    older, newer = sorted(ascof.EDITIONS)
    name = f"{PREFIX}ascof-{_long(older)}"
    yield (
        f"ascof-{_long(older)}.zip",
        _zipped(f"{name}.csv", _csv(ascof.rows(registry, seed, older))),
    )
    yield f"ascof-{_long(newer)}.csv", _csv(ascof.rows(registry, seed, newer))
    yield "fingertips_areas.json", qof.areas_json(surgeries).encode()
    yield "fingertips_phof.csv", _csv(_phof(registry, seed))
    shown = qof.fingertips_rows(surgeries, drawn, registry)
    yield "fingertips_qof.csv", _csv([fingertips.HEADER, *shown])
    yield from linked_files.made(registry, seed)
    yield "survey_return.xlsx", surveys.content(registry, seed)


def _phof(registry: Registry, seed: int) -> Iterator[str]:
    places = councils(registry, seed)
    cut_places = places.with_groups(deciles(places))
    known = facts(registry, "fingertips")
    yield fingertips.HEADER
    for recipe in FINGERTIPS:
        geography = cut_places if recipe.deciles else places
        yield from fingertips.drawn_rows(recipe, known[recipe.code], geography, seed)
    yield from ascof.shown_by_fingertips(registry, seed)


def _short(year: int) -> str:
    return f"{year % 100:02d}{(year + 1) % 100:02d}"


def _long(year: int) -> str:
    return f"{year}-{(year + 1) % 100:02d}"


def _csv(lines: Iterable[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def _zipped(name: str, content: bytes) -> bytes:
    """A zip of one file, stored as it is: how it is pressed differs between systems."""
    member = zipfile.ZipInfo(name, NO_MOMENT)
    member.create_system = 3
    member.external_attr = 0o644 << 16
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(member, content)
    return stream.getvalue()
