"""A large file is copied and hashed at once, and what goes wrong is told as of any other."""

from __future__ import annotations

import errno
import hashlib
import os
import sys
import threading
from pathlib import Path

import pytest

from dagster_project.landing import copying
from tests.support.landing_files import as_csv, fingertips
from tests.support.landing_place import Place

CONTENT = b"".join(number.to_bytes(4) for number in range(250_000)) + b"end"

needs_sendfile = pytest.mark.skipif(
    sys.platform != "linux", reason="this system doesn't copy from file to file"
)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(copying, "PART", 100_000)
    monkeypatch.setattr(copying, "CHUNK", 30_000)
    source = tmp_path / "source"
    source.write_bytes(CONTENT)
    return source


@needs_sendfile
@pytest.mark.parametrize("size", [0, 1, 29_999, 100_000, 100_001, 300_000, len(CONTENT)])
def test_the_copy_has_all_bytes_and_their_hash(source: Path, tmp_path: Path, size: int) -> None:
    source.write_bytes(CONTENT[:size])
    target = tmp_path / "target"
    target.write_bytes(b"of before" * 1_000)
    assert copying.copied(source, target) == (size, hashlib.sha256(CONTENT[:size]).hexdigest())
    assert target.read_bytes() == CONTENT[:size]


@needs_sendfile
def test_what_is_hashed_are_the_bytes_that_are_kept(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = copying._send

    def send_and_overwrite(*files: object) -> int:
        sent = send(*files)  # type: ignore[arg-type]  # as they are given
        source.write_bytes(bytes(len(CONTENT)))
        return sent

    monkeypatch.setattr(copying, "_send", send_and_overwrite)
    done = copying.copied(source, tmp_path / "target")
    kept = (tmp_path / "target").read_bytes()
    assert kept not in (CONTENT, bytes(len(CONTENT)))
    assert done == (len(kept), hashlib.sha256(kept).hexdigest())


@needs_sendfile
@pytest.mark.parametrize("fails_in", ["_send", "_hash"])
def test_a_failure_in_either_thread_ends_both(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_in: str
) -> None:
    real, calls = getattr(copying, fails_in), []

    def fail(*given: object) -> int:
        calls.append(given)
        if len(calls) == 3:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return int(real(*given))

    threads = threading.active_count()
    monkeypatch.setattr(copying, fails_in, fail)
    assert copying.copied(source, tmp_path / "target") is None
    assert threading.active_count() == threads


@needs_sendfile
def test_who_stops_it_waits_for_one_part_and_no_more(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*given: object) -> int:
        raise KeyboardInterrupt

    threads = threading.active_count()
    monkeypatch.setattr(copying, "_hash", stop)
    with pytest.raises(KeyboardInterrupt):
        copying.copied(source, tmp_path / "target")
    assert (tmp_path / "target").stat().st_size == 2 * copying.PART
    assert threading.active_count() == threads


@pytest.mark.parametrize("problem", [None, errno.EINVAL])
def test_where_the_system_does_not_copy_the_bytes_are_read_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: int | None
) -> None:
    def refuse(*given: object) -> int:
        raise OSError(problem, "no")

    monkeypatch.setattr(copying, "PART", 100)
    if problem is None:
        monkeypatch.delattr(os, "sendfile", raising=False)
    else:
        monkeypatch.setattr(os, "sendfile", refuse, raising=False)
    place, content = Place(tmp_path), as_csv(fingertips())
    place.put("export.csv", content)
    assert place.land().landed == ["export.csv"]
    place.agrees()


def test_a_large_file_that_grows_while_it_is_copied_is_refused_and_read_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "PART", 100)
    place, content = Place(tmp_path), as_csv(fingertips())
    path = place.put("growing.csv", content[:200])
    copied = copying.copied

    def copied_while_growing(source: Path, target: Path) -> tuple[int, str] | None:
        path.write_bytes(content)
        return copied(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(copying, "copied", copied_while_growing)
        place.land()
    assert place.refused("growing.csv").problem == "the file changed while it was read"
    assert place.land().landed == ["growing.csv"]
    place.agrees()
