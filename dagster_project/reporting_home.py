"""What the command says of a home's releases, and whether they are whole."""

from __future__ import annotations

from typing import Any

from dagster_project.home import HOW_TO_BEGIN, Home
from dagster_project.nearest import instead
from dagster_project.reporting import files_of


def releases_record(home: Home) -> dict[str, Any]:
    """Every release with what is said of it."""
    from dagster_project.release.store import ReleaseStore

    return {
        "home": str(home.root),
        "releases": [
            {
                "release": listed.manifest.id,
                "created_at": listed.manifest.created_at,
                "latest": listed.is_latest,
                "withdrawn": listed.manifest.is_withdrawn,
                "synthetic": listed.manifest.synthetic,
                "counts": dict(listed.manifest.counts),
            }
            for listed in ReleaseStore(home).releases()
        ],
    }


def releases_lines(record: dict[str, Any]) -> list[str]:
    """A line a release, the newest first."""
    if not record["releases"]:
        return [f"{record['home']}: no release yet. To begin: {HOW_TO_BEGIN}."]
    return [
        "  ".join(
            filter(
                None,
                (
                    "→" if release["latest"] else " ",
                    release["release"],
                    release["created_at"],
                    f"{release['counts'].get('published', 0):,} published,"
                    f" {release['counts'].get('held', 0):,} held",
                    "made-up sample data" if release["synthetic"] else "",
                    "withdrawn" if release["withdrawn"] else "",
                ),
            )
        )
        for release in record["releases"]
    ]


def verify_record(home: Home, release: str | None) -> dict[str, Any]:
    """What every file of the releases is found to be, or of the one that is named."""
    from dagster_project.errors import OutcomesError, UsageError
    from dagster_project.release.manifest import problems, read_manifest
    from dagster_project.release.store import ReleaseStore

    store = ReleaseStore(home)
    if release is not None and release not in store.ids():
        raise UsageError(
            "there is no such release",
            got=release,
            expected=instead(release, store.ids(), "a release, but none is there"),
            fix="give the id as `outcomes releases` shows it",
        )
    found = []
    for identifier in [release] if release else store.ids():
        try:
            manifest = read_manifest(store.path(identifier))
        except OutcomesError as problem:
            told, files = {str(problem.got): ["manifest.json"]}, 0
        else:
            told, files = problems(store.path(identifier), manifest), len(manifest.files)
        found.append({"release": identifier, "files": files, "problems": told})
    return {"home": str(home.root), "releases": found}


def verify_lines(record: dict[str, Any]) -> list[str]:
    """A line a release; where something is wrong, a line a file."""
    lines = []
    for each in record["releases"]:
        wrong = [f"  {path}: {what}" for what, paths in each["problems"].items() for path in paths]
        said = "not what was published" if wrong else "as published"
        lines += [f"{each['release']}: {files_of(each['files'])}, {said}", *sorted(wrong)]
    return lines or [f"{record['home']}: no release yet."]
