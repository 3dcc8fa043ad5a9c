"""Processes for tests to kill, each begun in a moment.

A server that has imported what they need forks them; one that is begun anew imports for longer than
it lives.
"""

from __future__ import annotations

import multiprocessing

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(
    ["duckdb", "tests.support.landing_place", "dagster_project.release.withdraw"]
)
