"""A server that answers as the Fingertips API and the sites of other publishers do.

What it serves it is given: rows of indicator CSV files, metadata, files at fixed addresses. What it
does with a question follows the publisher's open code: no more than 100 indicators, the rest passed
over without a word; a header alone where there is no row; the areas of the registry.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.registry import Registry, live_areas, load_registry
from tests.support.http_publisher import Publisher, Reply, known_by, status, whole

HOST = "fingertips.phe.org.uk"
MOST_INDICATORS = 100
ENGLAND = "E92000001"
# The levels of our area types, as the registry calls them.
LEVELS = {"502": ("utla", "region"), "221": ("icb", "nhs_region")}
NHS_LABELS = ("ICB", "NHS region", "Sub-ICB", "CCG", "PCN", "GP")
LISTED_ON = "2026-11-24"

Row = list[str]


@dataclass
class Fingertips(Publisher):
    """The service, and beside it whatever `files` stand at other hosts: by host and path."""

    header: Row = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    files: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    faults: dict[str, Reply] = field(default_factory=dict)
    registry: Registry = field(default_factory=lambda: load_registry(PROJECT_ROOT / "seeds"))

    def reply_to(self, path: str) -> Reply:
        """The answer to a question, unless a fault is played in its place."""
        parts = urlsplit(path)
        question = {name: values[0] for name, values in parse_qs(parts.query).items()}
        for words, fault in self.faults.items():
            if words in path:
                return fault
        host, _, asked = parts.path.removeprefix("/").partition("/")
        if host != HOST:
            body, kind = self.files.get(f"{host}/{asked}", (b"", ""))
            return known_by(body, f'"{hash(body)}"', kind) if body else status(404)
        answers: dict[str, Callable[[dict[str, str]], Reply]] = {
            "api/all_data/csv/by_indicator_id": self._data,
            "api/indicator_metadata/by_indicator_id": self._metadata,
            "api/areas/by_area_type": self._areas,
            "api/parent_to_child_areas": self._parents,
        }
        return answers[asked](question) if asked in answers else status(404)

    def take(self, content: bytes) -> None:
        """After this the rows of an indicator CSV file are served, in the columns of the first."""
        header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        self.header = self.header or header
        # Older files lack the last column, and some rows the last cell.
        self.rows += [row + [""] * (len(self.header) - len(row)) for row in rows]

    def _data(self, question: dict[str, str]) -> Reply:
        codes = set(question["indicator_ids"].split(",")[:MOST_INDICATORS])
        is_nhs = question["child_area_type_id"] == "221"
        level = self.header.index("Area Type"), self.header.index("Area Code")
        rows = [
            row
            for row in self.rows
            if row[0] in codes
            and (row[level[1]] == ENGLAND or row[level[0]].startswith(NHS_LABELS) == is_nhs)
        ]
        return whole(as_csv([self.header, *rows]))

    def _metadata(self, question: dict[str, str]) -> Reply:
        codes = question["indicator_ids"].split(",")[:MOST_INDICATORS]
        found = {code: self.metadata[code] for code in codes if code in self.metadata}
        return _json(found)

    def _areas(self, question: dict[str, str]) -> Reply:
        child, _ = LEVELS[question["area_type_id"]]
        number = int(question["area_type_id"])
        return _json(
            [
                {"Code": row["area_code"], "Name": row["area_name"], "AreaTypeId": number}
                for row in live_areas(self.registry, LISTED_ON, child)
            ]
        )

    def _parents(self, question: dict[str, str]) -> Reply:
        child, parent = LEVELS[question["child_area_type_id"]]
        found: dict[str, list[str]] = {
            row["area_code"]: [] for row in live_areas(self.registry, LISTED_ON, parent)
        }
        for row in live_areas(self.registry, LISTED_ON, child):
            found[row["parent_code"]].append(row["area_code"])
        return _json(found)


def as_csv(rows: Iterable[Row]) -> bytes:
    """Rows as the service writes them."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerows(rows)
    return stream.getvalue().encode()


def _json(document: Any) -> Reply:
    return whole(json.dumps(document).encode(), "application/json; charset=utf-8")
