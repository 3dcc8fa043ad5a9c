"""The site's own scripts and styles as browsers get them: short names, no comments, no indents.

The files of `assets/` are for people. What is written into a site is made from them by `minify`
(docs/decisions/0026), and the charts that are drawn at build run from the same text, so that pages
and browser can't differ. The budget is 60 kB for all of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

ASSETS = Path(__file__).with_name("assets")
SCRIPT, STYLE = "application/javascript", "text/css"


def script(names: Iterable[str]) -> str:
    """Several files of `assets/` as one script."""
    return _small(SCRIPT, tuple(names))


def write_style(name: str, out: Path) -> Path:
    """The stylesheet stands in the site's `assets/`."""
    path = out / "assets" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_small(STYLE, (name,)), encoding="utf-8", newline="\n")
    return path


@cache
def _small(kind: str, names: tuple[str, ...]) -> str:
    # What isn't a script or a style raises `minify.MinifyError`, which says line and column.
    import minify

    text = "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in names)
    return str(minify.string(kind, text)) + "\n"
