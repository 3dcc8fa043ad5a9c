"""Python's search for dead objects, put off where millions are made that live until the end."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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
def undisturbed() -> Iterator[None]:
    """Until the block ends no search walks over what lives as it begins, such as all imports."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
