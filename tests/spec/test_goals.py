"""How a value stands to its goal.

A goal has a target, a day by which it is to be reached, and a path. The path says where the value
should be by the end of its period: on a `linear` path evenly between the baseline and the target, from
the last day of the baseline period to the day of the target; on an `at_end` path at the baseline until
that day. From that day on it is the target.

Which way is good is told by the target beside the baseline; where there is no baseline, or both are the
same, by the polarity.

The state is told by the 95% limits, as a comparison with England is, and never by the value alone:

- `met` where all of the limits are at the target or beyond it;
- `on_track` where all of them are where the path says or beyond;
- `off_track` where all of them fall short of that;
- `too_noisy` where the path runs through them (`path_within_limits`), or there are none (`no_limits`).

Without a value it is `no_value`, and without a baseline too while the target isn't met
(`no_baseline_value`). Where neither baseline nor polarity says which way is good it is `not_comparable`.

A value may be right on its path and too noisy to say: with limits as wide as the way that is asked
for, met and missed would be told by luck.

Source: the rule is this project's own. The limits as the judge of a value are Fingertips' rule for
comparisons (methods/comparison).
"""

import math
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import macros
from tests.support.examples import Example

EXAMPLES = [
    Example(
        title="a linear path from 20 to 10 in ten years, lower is better",
        given={
            "goals": """
                goal | baseline_value | baseline_end | target_value | target_by  | path   | polarity         | value | lower_95 | upper_95 | period_end
                A    | 20             | 2020-03-31   | 10           | 2030-03-31 | linear | lower_is_better  | 9     | 8        | 10       | 2025-03-31
                B    | 20             | 2020-03-31   | 10           | 2030-03-31 | linear | lower_is_better  | 13    | 12       | 14       | 2025-03-31
                C    | 20             | 2020-03-31   | 10           | 2030-03-31 | linear | lower_is_better  | 15    | 13       | 17       | 2025-03-31
                D    | 20             | 2020-03-31   | 10           | 2030-03-31 | linear | lower_is_better  | 18    | 17       | 19       | 2025-03-31
                E    | 20             | 2020-03-31   | 10           | 2030-03-31 | linear | lower_is_better  | 12    | 11       | 13       | 2031-03-31
            """
        },
        call="method_goal('goals', ['goal'])",
        answer="""
            goal | expected_value | state     | reason
            A    | 15.00          | met       |
            B    | 15.00          | on_track  |
            C    | 15.00          | too_noisy | path_within_limits
            D    | 15.00          | off_track |
            E    | 10.00          | off_track |
        """,
        note="E is on its way, and late: the day of the target has gone by.",
    ),
    Example(
        title="nothing due before the end; no baseline; no limits; no value; no way that is good",
        given={
            "goals": """
                goal | baseline_value | baseline_end | target_value | target_by  | path   | polarity         | value | lower_95 | upper_95 | period_end
                F    | 80             | 2022-12-31   | 95           | 2026-12-31 | at_end | higher_is_better | 84    | 82       | 86       | 2024-12-31
                G    |                |              | 95           | 2026-12-31 | linear | higher_is_better | 97    | 96       | 98       | 2024-12-31
                H    |                |              | 95           | 2026-12-31 | linear | higher_is_better | 90    | 89       | 91       | 2024-12-31
                I    | 80             | 2022-12-31   | 95           | 2026-12-31 | linear | higher_is_better | 99    |          |          | 2024-12-31
                J    | 80             | 2022-12-31   | 95           | 2026-12-31 | linear | higher_is_better |       |          |          | 2024-12-31
                K    |                |              | 95           | 2026-12-31 | linear | no_judgement     | 99    | 98       | 100      | 2024-12-31
            """
        },
        call="method_goal('goals', ['goal'])",
        answer="""
            goal | expected_value | state          | reason
            F    | 80             | on_track       |
            G    |                | met            |
            H    |                | no_value       | no_baseline_value
            I    | 87.505         | too_noisy      | no_limits
            J    | 87.505         | no_value       | missing_value
            K    |                | not_comparable | polarity_not_confirmed
        """,
    ),
]  # fmt: skip

FIGURE = st.one_of(st.none(), st.floats(-1e6, 1e6), st.sampled_from([0.0, math.inf, math.nan]))
DAY = st.dates(date(2015, 1, 1), date(2035, 12, 31))
COLUMNS = ("baseline_value", "target_value", "value", "lower_95", "upper_95")
DATES = ("baseline_end", "target_by", "period_end")


def finite(figure):
    return figure if figure is not None and math.isfinite(figure) else None


def by_hand(row):
    """The state in plain Python."""
    start, target, value, lower, upper = (finite(row[name]) for name in COLUMNS)
    if value is None:
        return "no_value"
    up = {"higher_is_better": True, "lower_is_better": False}.get(row["polarity"])
    if None not in (start, target) and start != target:
        up = target > start
    if target is None or up is None:
        return "not_comparable"
    if lower is None or upper is None:
        return "too_noisy"
    sign = 1 if up else -1
    worst, best = (sign * lower, sign * upper) if up else (sign * upper, sign * lower)
    if worst >= sign * target:
        return "met"
    due = _due(row, start, target)
    if due is None:
        return "no_value"
    if worst >= sign * due:
        return "on_track"
    return "off_track" if best < sign * due else "too_noisy"


def _due(row, start, target):
    now, began, by = (row[name] for name in ("period_end", "baseline_end", "target_by"))
    if now >= by:
        return target
    if start is None or row["path"] == "at_end" or now <= began:
        return start
    return start + (target - start) * (now - began).days / (by - began).days


@settings(deadline=None, max_examples=80)
@given(
    st.lists(
        st.tuples(
            st.lists(FIGURE, min_size=5, max_size=5),
            st.lists(DAY, min_size=3, max_size=3),
            st.sampled_from(["linear", "at_end"]),
            st.sampled_from(["higher_is_better", "lower_is_better", "no_judgement", None]),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_sql_and_plain_python_agree(drawn):
    rows = [
        dict(zip(COLUMNS, figures, strict=True))
        | dict(zip(DATES, days, strict=True))
        | {"path": path, "polarity": polarity, "goal": str(number)}
        for number, (figures, days, path, polarity) in enumerate(drawn)
    ]
    for row in rows:
        # A path that ends before it begins is none.
        row["target_by"] = max(row["target_by"], row["baseline_end"] + timedelta(days=1))
    table = {name: [row[name] for row in rows] for name in rows[0]}
    table |= {name: [day.isoformat() for day in table[name]] for name in DATES}
    answered = macros.rows("method_goal('t', ['goal'])", t=table)
    assert len(answered) == len(rows)
    for found in answered:
        assert found["state"] == by_hand(rows[int(found["goal"])])
        assert (found["reason"] is None) == (found["state"] in ("met", "on_track", "off_track"))
