"""What has come of a download, kept on disk: a broken one is gone on with, not begun again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.fetching.addresses import Address
from dagster_project.fetching.problems import Passing

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@dataclass(frozen=True)
class Partial:
    """The bytes that have come of one address as they came, and a note of what they begin.

    Only what has a validator is gone on with: the server then says itself whether it is the same.
    """

    address: Address
    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / f"{self._stem}.part"

    @property
    def _note(self) -> Path:
        return self.folder / f"{self._stem}.json"

    @property
    def files(self) -> tuple[Path, Path]:
        """All that may be kept of it."""
        return (self.path, self._note)

    @property
    def _stem(self) -> str:
        return self.address.place.replace("/", "__")

    @property
    def bytes(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def question(self) -> dict[str, str]:
        """The headers that ask for the rest; none where there is nothing to go on with."""
        noted = self._noted()
        if not (noted and noted["validator"] and self.bytes):
            return {}
        return {
            "Range": f"bytes={self.bytes}-",
            "If-Range": noted["validator"],
        }

    def _noted(self) -> dict[str, Any] | None:
        if not self._note.exists():
            return None
        try:
            noted = json.loads(self._note.read_text(encoding="utf-8"))
        except ValueError:
            # Written as the machine stopped: nothing vouches for the bytes beside it.
            return None
        same = isinstance(noted, dict) and noted.get("request") == self.address.request_key
        return noted if same else None

    def begin(self, response: BaseHTTPResponse) -> None:
        """After this nothing has come yet, and the note says what is to come."""
        self.drop()
        self.folder.mkdir(parents=True, exist_ok=True)
        noted = {
            "request": self.address.request_key,
            "validator": validator(response),
            "encoding": response.headers.get("Content-Encoding"),
        }
        self._note.write_text(json.dumps(noted), encoding="utf-8")
        self.path.touch()

    def go_on(self, response: BaseHTTPResponse) -> int:
        """How long the whole is, if this answer is the rest of what has come; else Passing."""
        noted = self._noted()
        match = CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
        problem = None
        if noted is None or not match:
            problem = "a part of the file, and not the part that was asked for"
        elif int(match[1]) != self.bytes or int(match[2]) != int(match[3]) - 1:
            problem = (
                f"bytes {match[1]} to {match[2]}, where {self.bytes} to the end were asked for"
            )
        elif (
            validator(response) not in (None, noted["validator"])
            or response.headers.get("Content-Encoding") != noted["encoding"]
        ):
            problem = "the rest of another version of the file"
        if problem or not match:
            self.drop()
            raise Passing(problem or "")
        return int(match[3])

    def complete(self) -> None:
        """After this the bytes are a whole file, and no longer the beginning of one."""
        self._note.unlink()

    def drop(self) -> None:
        """After this nothing is left of it."""
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)


def drop_others(folder: Path, wanted: Iterable[Address]) -> None:
    """After this `folder` holds nothing but what was begun of the wanted addresses."""
    partials = [Partial(address, folder) for address in wanted]
    kept = {path for partial in partials for path in partial.files}
    for path in folder.glob("*"):
        if path not in kept:
            path.unlink()


def validator(response: BaseHTTPResponse) -> str | None:
    """What names exactly these bytes: a strong ETag, else the time of change; None if neither."""
    headers = response.headers
    if headers.get("Accept-Ranges", "").lower() == "none":
        return None
    etag = headers.get("ETag")
    if etag is not None:
        return None if etag.startswith("W/") else etag
    return headers.get("Last-Modified")
