"""Being told to stop, by Ctrl-C, `systemctl stop` or a terminal that goes: no failure.

Libraries set handlers of their own, raise under names of their own, and make a failure of it: dbt
does. Which signals came is noted beneath them all, by the interpreter itself.
"""

from __future__ import annotations

import atexit
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

# Windows has no terminal that hangs up.
SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
# What Dagster raises in the place of KeyboardInterrupt; it isn't imported to be asked.
INTERRUPTED = "DagsterExecutionInterruptedError"


class _Ear:
    """Where the interpreter writes the number of each signal that comes."""

    def __init__(self) -> None:
        self.mine, self.theirs = socket.socketpair()
        for end in (self.mine, self.theirs):
            end.setblocking(False)
        self.heard: list[int] = []

    def listen(self) -> None:
        signal.set_wakeup_fd(self.theirs.fileno(), warn_on_full_buffer=False)

    def number(self) -> int | None:
        """The first signal to stop that has come; None where none has."""
        with suppress(BlockingIOError):
            self.heard += self.mine.recv(4096)
        return next((each for each in self.heard if each in SIGNALS), None)


_EAR: list[_Ear] = []
# The exit codes of commands of this process that ended because they were told to.
_TOLD: list[int] = []


def listen() -> None:
    """After this a signal to stop is noted, in whatever way it is passed on."""
    if not _EAR and threading.current_thread() is threading.main_thread():
        _EAR.append(_Ear())
        _EAR[0].listen()


@contextmanager
def heeded() -> Iterator[None]:
    """Within this each signal to stop does what Ctrl-C does, and which came is noted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    outer, before = list(_EAR), {number: signal.getsignal(number) for number in SIGNALS}
    _EAR[:] = [_Ear()]
    _EAR[0].listen()
    for number in SIGNALS:
        # What runs under nohup goes on.
        if before[number] is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        _EAR[:] = outer
        if outer:
            outer[0].listen()
        else:
            signal.set_wakeup_fd(-1)


def number() -> int | None:
    """The signal by which this process was told to stop; None where it wasn't."""
    return _EAR[0].number() if _EAR else None


def is_told_too(exit_code: int) -> bool:
    """Whether a process that ended so was told to stop, and this one as well.

    Whoever stops a unit tells each of its processes, in any order. If this one isn't told, it is
    the other alone that was ended, for want of memory say.
    """
    if -exit_code not in SIGNALS:
        return False
    until = time.monotonic() + 1
    while number() is None and time.monotonic() < until:
        time.sleep(0.05)
    return number() is not None


def was_told(problem: BaseException | None) -> bool:
    """Whether this process was told to stop, of which `problem` came under whatever name."""
    return number() is not None or _is_interrupted(problem)


def _is_interrupted(problem: BaseException | None) -> bool:
    seen: set[int] = set()
    # Libraries that raise an error again from another may close the chain to a ring.
    while problem is not None and id(problem) not in seen:
        seen.add(id(problem))
        if isinstance(problem, KeyboardInterrupt) or type(problem).__name__ == INTERRUPTED:
            return True
        problem = problem.__cause__ or problem.__context__
    return False


def exit_code() -> int:
    """What a command that was told to stop ends with: 128 and the signal's number."""
    code = 128 + (number() or signal.SIGINT)
    _TOLD.append(code)
    return code


def leave_quietly() -> None:
    """After this a process that is told to stop ends without the interpreter being taken down.

    Called before anything else asks to be called at the end: then all of that is done, and every
    thread has ended. What comes after has libraries say, in pages, what the stop left in memory.
    """
    atexit.register(_leave)


def _leave() -> None:
    code = _TOLD[0] if _TOLD else 0
    if not code:
        return
    for stream in (sys.stdout, sys.stderr):
        # Whoever read it may have gone with the terminal.
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
