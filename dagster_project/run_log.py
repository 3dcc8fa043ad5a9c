"""The log of a home: what runs did and when, as lines of JSON, a file a day.

Numbers, and how many there are of what: no text from an extract gets here, nor a file's name, so
that a log can be handed to whoever looks after the machine. What a file was refused for, and what
stopped a run, stand in `outcomes status`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dagster_project import __version__, state
from dagster_project.home import Home


def write(home: Home, event: str, **facts: Any) -> None:
    """After this the log of today ends with that event; lines of two processes don't mix."""
    moment = state.now()
    line = {"at": moment, "event": event, "version": __version__, **facts}
    home.logs.mkdir(parents=True, exist_ok=True)
    text = json.dumps(line, separators=(",", ":"), ensure_ascii=True) + "\n"
    descriptor = os.open(_file(home, moment), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(descriptor, text.encode("ascii"))
    finally:
        os.close(descriptor)


def _file(home: Home, moment: str) -> Path:
    return home.logs / f"{moment[:10]}.jsonl"


def counted(content: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers of a step's summary; of lists how many they hold, of texts nothing."""
    told: dict[str, Any] = {}
    for name, value in content.items():
        if not name.isidentifier():
            # Not a word of ours: a place or a reason, which may quote a file.
            continue
        if isinstance(value, (bool, int, float)):
            told[name] = value
        elif isinstance(value, Mapping):
            told[name] = counted(value) if _is_counts(value) else len(value)
        elif isinstance(value, (list, tuple)):
            told[name] = len(value)
    return told


def _is_counts(value: Mapping[str, Any]) -> bool:
    """Whether a mapping is of our own words to numbers; one that is keyed by files isn't."""
    return all(
        isinstance(number, (bool, int, float)) and name.isidentifier()
        for name, number in value.items()
    )
