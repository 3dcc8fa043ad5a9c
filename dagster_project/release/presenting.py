"""What people open of a release: the workbook and the pages, written from its tables alone.

It is done when the tables are whole: at the publication, and again for each copy of a release from
which something was taken back or hidden, so that nothing of it survives where people look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from dagster_project import progress
from dagster_project.errors import PublicationRefused
from dagster_project.release.files import FileEntry, relative_files, sha256_of
from dagster_project.release.manifest import Manifest

# What isn't a presentation: the tables themselves.
TABLES = ("data/", "csv/")


@dataclass(frozen=True)
class Presenter:
    """One way to show a release.

    `write` is given the release's directory, whose tables are whole and whose manifest lists them.
    It adds files under `place` and changes none. The same tables and manifest give the same bytes.
    """

    stage: str
    place: str
    write: Callable[[Path, Manifest], None]


def _workbook(directory: Path, manifest: Manifest) -> None:
    from dagster_project.workbook.writing import write

    write(directory, manifest)


def _site(directory: Path, manifest: Manifest) -> None:
    from dagster_project.site.build import present_site

    present_site(directory, manifest)


SITE = Presenter("Writing the site", "site", _site)
# In this order: the site says whether there is a workbook.
PRESENTERS: tuple[Presenter, ...] = (
    Presenter("Writing the workbook", "outcomes.xlsx", _workbook),
    SITE,
)


def present(
    directory: Path, manifest: Manifest, presenters: Sequence[Presenter] | None = None
) -> tuple[FileEntry, ...]:
    """After this the release's workbook and pages show its tables; the files, by path.

    Their names and bytes are put on the disk with the rest of the release, by its store.
    """
    written: list[FileEntry] = []
    before = relative_files(directory)
    for presenter in PRESENTERS if presenters is None else presenters:
        progress.current().stage(presenter.stage)
        presenter.write(directory, manifest)
        after = relative_files(directory)
        _refuse_strays(presenter, before, after)
        written.extend(entries(directory, [path for path in after if path not in before]))
        before = after
    return tuple(sorted(written, key=lambda entry: entry.path))


def is_presented(manifest: Manifest) -> bool:
    """Whether the release has more than its tables: those of earlier versions had not."""
    return any(not file.path.startswith(TABLES) for file in manifest.files)


def _refuse_strays(presenter: Presenter, before: dict[str, int], after: dict[str, int]) -> None:
    """Refused if a presenter has touched what isn't its own to write."""
    own = (presenter.place, f"{presenter.place}/")
    strays = [
        path
        for path, size in after.items()
        if before.get(path) != size
        and (path in before or not (path == own[0] or path.startswith(own[1])))
    ]
    lost = [path for path in before if path not in after]
    if strays or lost:
        raise PublicationRefused(
            "what shows the release has changed other files of it",
            place=presenter.stage,
            got=", ".join(sorted([*strays, *lost])[:5]),
            expected=f"new files at {presenter.place}",
            fix="this is a mistake of the project: report it. Nothing was published",
        )


def entries(directory: Path, paths: Sequence[str]) -> list[FileEntry]:
    """What the files are, each read once."""
    with ThreadPoolExecutor() as pool:
        digests = pool.map(lambda path: sha256_of(directory / path), paths)
        return [
            FileEntry(path=path, sha256=sha256, bytes=(directory / path).stat().st_size)
            for path, sha256 in zip(paths, digests, strict=True)
        ]
