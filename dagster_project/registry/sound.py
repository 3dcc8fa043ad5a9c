"""Seeds that today's code has found sound: known again by their bytes, and not checked twice.

Checking takes longer than a refresh with nothing new may. The same bytes, definitions and code give
the same findings, so that none were found needs no more than a digest of the bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dagster_project.home import PROJECT_ROOT
from dagster_project.registry import definitions
from dagster_project.registry.forms import Row
from dagster_project.registry.reading import rows_of

SEEDS = PROJECT_ROOT / "seeds"


@dataclass(frozen=True)
class Known:
    """The bytes of seeds that are sound, and the rows that definitions put beside theirs."""

    seeds: Mapping[str, bytes]
    defined: Mapping[str, tuple[Row, ...]]

    def rows(self, file: str) -> tuple[Row, ...]:
        """The rows of a file of the registry, those of definitions among them."""
        if file not in definitions.FILES:
            return rows_of(self.seeds[file])
        # Which of a definition's rows stand where is decided by drafts among the indicators.
        needed = {"indicators.csv", file}
        tables = {name: rows_of(self.seeds[name]) for name in needed}
        said = {name: self.defined[name] for name in needed}
        return definitions.with_definitions(tables, said)[file]


def known(seeds_dir: Path, folder: Path, contents: Mapping[str, bytes]) -> Known | None:
    """What is known of the project's own seeds; None where they have to be checked."""
    noted = _note_at(seeds_dir, folder)
    rows = definitions.kept(folder)
    if noted is None or rows is None or not noted.exists():
        return None
    if noted.read_text(encoding="utf-8") != _digest(contents):
        return None
    return Known(contents, rows)


def note(seeds_dir: Path, folder: Path, contents: Mapping[str, bytes]) -> None:
    """After this these seeds count as sound, as long as code and definitions stay as they are."""
    path = _note_at(seeds_dir, folder)
    if path is not None:
        definitions.keep_text(path, _digest(contents), others="sound-*.txt")


def _note_at(seeds_dir: Path, folder: Path) -> Path | None:
    kept = definitions.kept_at(folder)
    if kept is None or seeds_dir != SEEDS:
        return None
    return kept.with_name(kept.name.replace("definitions-", "sound-")).with_suffix(".txt")


def _digest(contents: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for file, content in sorted(contents.items()):
        digest.update(file.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()
