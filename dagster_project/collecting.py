"""Python's search for dead objects, put off where millions are made that live until the end."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# The sample is made with half the searching, and with a tenth more memory.
BETWEEN_SEARCHES = 50_000


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage is looked for until the block ends: to walk over all that lives takes seconds."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Until the block ends garbage is looked for once in so many new objects, not in every 700."""
    before = gc.get_threshold()
    gc.set_threshold(BETWEEN_SEARCHES, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
