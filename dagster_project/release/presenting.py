"""What people open of a release: the workbook and the pages, written from its tables alone.

It is done when the tables are whole: at the publication, and again for each copy of a release from
which something was taken back or hidden, so that nothing of it survives where people look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

from dagster_project import progress
from dagster_project.errors import PublicationRefused
from dagster_project.release.beside import Beside, beside
from dagster_project.release.files import FileEntry, relative_files, sha256_of
from dagster_project.release.manifest import Manifest

# What isn't a presentation: the tables themselves.
TABLES = ("data/", "csv/")


@dataclass(frozen=True)
class Presenter:
    """One way to show a release.

    `write` is given the release's directory, whose tables are whole and whose manifest lists them.
    It adds files under `place` and changes none. The same tables and manifest give the same bytes.
    One file that is made of the tables alone may be written by a process of its own, `is_beside`
    the others.
    """

    stage: str
    place: str
    write: Callable[[Path, Manifest], None]
    is_beside: bool = False


def _workbook(directory: Path, manifest: Manifest) -> None:
    from dagster_project.workbook.writing import write

    write(directory, manifest)


def _site(directory: Path, manifest: Manifest) -> None:
    from dagster_project.site.build import present_site

    present_site(directory, manifest)


SITE = Presenter("Writing the site", "site", _site)
PRESENTERS: tuple[Presenter, ...] = (
    Presenter("Writing the workbook", "outcomes.xlsx", _workbook, is_beside=True),
    SITE,
)


def present(
    directory: Path, manifest: Manifest, presenters: Sequence[Presenter] | None = None
) -> tuple[FileEntry, ...]:
    """After this the release's workbook and pages show its tables; the files, by path.

    Their names and bytes are put on the disk with the rest of the release, by its store.
    """
    presenters = PRESENTERS if presenters is None else presenters
    before = relative_files(directory)
    with ExitStack() as under_way:
        started = [
            (each, under_way.enter_context(_started(each, directory, manifest)))
            for each in presenters
            if each.is_beside
        ]
        for presenter in presenters:
            if not presenter.is_beside:
                progress.current().stage(presenter.stage)
                presenter.write(directory, manifest)
        for presenter, process in started:
            # It began before the others: what its stage takes is what is left of it.
            progress.current().stage(presenter.stage)
            process.wait()
            _refuse_unwritten(presenter, directory)
    after = relative_files(directory)
    _refuse_strays(presenters, before, after)
    written = entries(directory, [path for path in after if path not in before])
    return tuple(sorted(written, key=lambda entry: entry.path))


def _started(
    presenter: Presenter, directory: Path, manifest: Manifest
) -> AbstractContextManager[Beside]:
    # It has its name from the start: the site says whether there is a workbook.
    (directory / presenter.place).touch()
    return beside(presenter.write, directory.resolve(), manifest)


def _refuse_unwritten(presenter: Presenter, directory: Path) -> None:
    """Refused if what has its name from the start has nothing more."""
    place = directory / presenter.place
    if not place.is_file() or not place.stat().st_size:
        raise PublicationRefused(
            "what shows the release wasn't written",
            place=presenter.stage,
            got=f"an empty {presenter.place}" if place.exists() else f"no {presenter.place}",
            expected="a file with what it shows",
            fix="this is a mistake of the project: report it. Nothing was published",
        )


def is_presented(manifest: Manifest) -> bool:
    """Whether the release has more than its tables: those of earlier versions had not."""
    return any(not file.path.startswith(TABLES) for file in manifest.files)


def _refuse_strays(
    presenters: Sequence[Presenter], before: dict[str, int], after: dict[str, int]
) -> None:
    """Refused if a presenter has touched what isn't its own to write."""
    own = [presenter.place for presenter in presenters]
    strays = [
        path
        for path, size in after.items()
        if before.get(path) != size
        and (path in before or not any(path == each or path.startswith(f"{each}/") for each in own))
    ]
    lost = [path for path in before if path not in after]
    if strays or lost:
        raise PublicationRefused(
            "what shows the release has changed other files of it",
            place=", ".join(presenter.stage for presenter in presenters),
            got=", ".join(sorted([*strays, *lost])[:5]),
            expected=f"new files at {', '.join(own)}",
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
