"""Whether a text is in the encoding it should be in, and where it stops being so."""

from __future__ import annotations

import codecs
from pathlib import Path

from dagster_project.errors import RefusedError
from dagster_project.landing.unpacking import CHUNK
from dagster_project.sources.layout import Extract, Layout


def settle(extract: Extract, layout: Layout) -> str:
    """The encoding of the whole file, one that the layout allows; RefusedError if it is none.

    Only a text without any character of UTF-8's own is taken for Windows-1252: both in one file
    are two files pasted together, or one cut short.
    """
    if layout.encodings == ("cp1252",):
        # What looks like UTF-8 in it was garbled before it was saved; reading tells what can't be.
        return "cp1252"
    bad, has_own = first_bad_byte(extract.path)
    if bad is None:
        return "utf-8"
    if "cp1252" in layout.encodings and not has_own:
        return "cp1252"
    raise RefusedError(
        "the text is in two encodings" if has_own else "the text is not in this layout's encoding",
        file=extract.relative_path,
        place=f"byte {bad:,}",
        got="a byte that is not UTF-8" + ("" if has_own else " (Windows-1252, by the look of it)"),
        expected=" or ".join(layout.encodings),
        fix="save it as CSV UTF-8; a program that opened and saved it has changed it",
    )


def first_bad_byte(path: Path) -> tuple[int | None, bool]:
    """Which byte, from 1, isn't UTF-8, and whether characters of UTF-8's own stand before it."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    before, has_own = 0, False
    with path.open("rb") as stream:
        while True:
            chunk = stream.read(CHUNK)
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as problem:
                good = problem.object[: problem.start].decode("utf-8").removeprefix("\ufeff")
                return before - pending + problem.start + 1, has_own or not good.isascii()
            has_own = has_own or not text.removeprefix("\ufeff").isascii()
            before += len(chunk)
            if not chunk:
                return None, has_own
