"""One method of PHStatsMethods, timed by itself, in an environment of its own.

    python tests/bench/peer.py METHOD CSV RESULT

METHOD is dsr, rate or proportion. It is GPL-3 and no part of the project, which never imports it:
`make bench-methods` installs it beside the project and runs this file by that environment's Python.
"""

from __future__ import annotations

import io
import json
import sys
import time
from contextlib import redirect_stdout

import pandas as pd
import PHStatsMethods

LEVELS = [0.95, 0.998]


def main() -> int:
    method, source, result = sys.argv[1:]
    rows = pd.read_csv(source, dtype={"band": str})
    counted = {"num_col": "numerator", "denom_col": "denominator", "metadata": False}
    options = {**counted, "confidence": LEVELS}
    began, began_cpu = time.perf_counter(), time.process_time()
    # It prints as it goes.
    with redirect_stdout(io.StringIO()):
        if method == "dsr":
            answer = PHStatsMethods.ph_dsr(
                rows, **options, ref_denom_col="weight", group_cols="area", euro_standard_pops=False
            )
        elif method == "rate":
            answer = PHStatsMethods.ph_rate(rows, **options, multiplier=100000)
        else:
            answer = PHStatsMethods.ph_proportion(rows, **options, multiplier=100)
    seconds, cpu = time.perf_counter() - began, time.process_time() - began_cpu
    if "area" not in answer:
        # Rows come out in the order they came in.
        answer = answer.assign(area=rows["area"].to_numpy())
    answer.to_csv(result, index=False)
    print(json.dumps({"seconds": [seconds], "cpu": [cpu]}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
