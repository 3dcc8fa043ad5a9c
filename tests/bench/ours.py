"""One of our methods, timed by itself: the statement over rows that are in DuckDB already.

python -m tests.bench.ours METHOD CSV RESULT PASSES THREADS
"""

from __future__ import annotations

import json
import sys
import time

import duckdb

from tests.support import macros

METHODS = {
    "dsr": "method_dsr('counts', ['area'], 'standard')",
    "rate": "method_crude_rate('counts', ['area'])",
    "proportion": "method_proportion('counts', ['area'])",
    "life_expectancy": "method_life_expectancy('counts', ['area'])",
}


def main() -> int:
    method, source, result, *rest = sys.argv[1:]
    passes, threads = map(int, rest)
    statement = f"create or replace table answer as {macros.render(METHODS[method])}"
    seconds, cpu = [], []
    with duckdb.connect(config={"threads": str(threads), "memory_limit": "2GB"}) as connection:
        types = "types={'band': 'VARCHAR'}" if method == "dsr" else "auto_detect=true"
        connection.execute(f"create table counts as from read_csv('{source}', {types})")
        if method == "dsr":
            connection.execute("create table standard as select distinct band, weight from counts")
        for _ in range(passes):
            began, began_cpu = time.perf_counter(), time.process_time()
            connection.execute(statement)
            seconds.append(time.perf_counter() - began)
            cpu.append(time.process_time() - began_cpu)
        connection.execute(f"copy answer to '{result}' (header)")
    print(json.dumps({"seconds": seconds, "cpu": cpu}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
