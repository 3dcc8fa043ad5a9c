"""Files written side by side, each by one thread.

Where two threads write one Parquet file, DuckDB 2.0 leaves words of an ENUM column empty, by chance
and without an error (docs/decisions/0043). Two files at a time keep as many cores busy.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import duckdb

Result = TypeVar("Result")


def side_by_side(
    con: duckdb.DuckDBPyConnection,
    jobs: Sequence[Callable[[duckdb.DuckDBPyConnection], Result]],
    on_done: Callable[[Result], None] | None = None,
) -> list[Result]:
    """What the jobs give, in their order; as many run at a time as the database has threads.

    `on_done` is told of each when it is done. Each has a connection of its own to the same
    database, which doesn't see the temporary tables of another. Where one fails, or the caller is
    told to stop, the others are stopped too.
    """
    threads = int(con.execute("select current_setting('threads')").fetchall()[0][0])
    cursors = [con.cursor() for _ in jobs]
    con.execute("set threads = 1")
    pool = ThreadPoolExecutor(threads)
    waited_for = [pool.submit(job, cursor) for job, cursor in zip(jobs, cursors, strict=True)]
    try:
        for future in as_completed(waited_for):
            result = future.result()
            if on_done:
                on_done(result)
        return [future.result() for future in waited_for]
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        # A job that is between two statements doesn't hear it: it is said until all have ended.
        while not all(future.done() for future in waited_for):
            for cursor in cursors:
                cursor.interrupt()
            time.sleep(0.05)
        raise
    finally:
        pool.shutdown()
        for cursor in cursors:
            cursor.close()
        con.execute(f"set threads = {threads}")
