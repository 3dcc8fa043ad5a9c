"""What a process and all that it started cost: CPU, memory, how many they are. Asks /proc."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def cost_of(pid: int) -> tuple[float, float, int]:
    """CPU seconds so far, MiB held now (shared pages shared out), and how many processes."""
    ticks = os.sysconf("SC_CLK_TCK")
    cpu = memory = 0.0
    count = 0
    for each in _with_descendants(pid):
        try:
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text()
            stat = _stat(each)
        except OSError:
            # It has ended since.
            continue
        count += 1
        cpu += (int(stat[11]) + int(stat[12])) / ticks
        memory += (
            sum(int(row.split()[1]) for row in rollup.splitlines() if row[:4] == "Pss:") / 1024
        )
    return cpu, memory, count


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


def _with_descendants(pid: int) -> Iterator[int]:
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parents.setdefault(int(_stat(int(path.name))[1]), []).append(int(path.name))
        except (OSError, IndexError):
            continue
    waiting = [pid]
    while waiting:
        this = waiting.pop()
        yield this
        waiting += parents.get(this, [])
