"""Comparison with another value: better, similar, worse.

A value stands beside a comparator's, England's as a rule, by one of three rules.

- `limits_95`: similar where the comparator lies within the value's own 95% limits.
- `limits_95_and_998`: a comparator outside the 95% limits makes better or worse; one outside the
  99.8% limits too makes best or worst.
- `overlap_95`: both have limits; similar where they overlap. It finds fewer differences than the
  first, and is for comparators that are uncertain themselves.

A limit belongs to its interval: a comparator exactly on it is similar. Unrounded figures are to be
given, since a rounded one may fall on the other side.

Which side is better is the indicator's polarity. Where none of the sides is better (`no_judgement`)
the words are lower and higher, lowest and highest. Where nobody has confirmed a polarity nothing is
judged. Without a value, its limits or a comparator nothing is compared, and the reason is given.

Source: the comparison rules of Fingertips, the Department of Health and Social Care's public health
profiles, as its published code (fingertips-open and FingertipsNext) has them.

Recalled, not verified: that the guidance of Fingertips asks for the same rules as its code.

Differs from other tools: none in the rules. Fingertips leaves the reason of a missing comparison
unsaid.
"""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import answers, macros, vectors
from tests.support.examples import Example

OVERLAPPING = """
area|value|lower_95|upper_95|comparator_value|comparator_lower_95|comparator_upper_95|polarity
A   |20   |18      |22      |23              |22                 |24                 |no_judgement
B   |20   |18      |22      |23              |22.5               |23.5               |no_judgement
"""

EXAMPLES = [
    Example(
        title="the comparator within, on and outside the limits",
        given={
            "areas": """
                area | value | lower_95 | upper_95 | comparator_value | polarity
                A    | 20    | 18       | 22       | 21               | lower_is_better
                B    | 20    | 18       | 22       | 22               | lower_is_better
                C    | 20    | 18       | 22       | 25               | lower_is_better
                D    | 20    | 18       | 22       | 25               | higher_is_better
                E    | 20    | 18       | 22       | 25               | no_judgement
                F    | 20    |          |          | 25               | lower_is_better
                G    | 20    | 18       | 22       | 25               |
            """
        },
        call="method_comparison('areas', ['area'])",
        answer="""
            area | judgement    | reason
            A    | similar      |
            B    | similar      |
            C    | better       |
            D    | worse        |
            E    | lower        |
            F    | not_compared | no_limits
            G    | no_judgement | polarity_not_confirmed
        """,
    ),
    Example(
        title="two levels",
        given={
            "areas": """
                area|value|lower_95|upper_95|lower_998|upper_998|comparator_value|polarity
                A   |20   |18      |22      |17       |23       |22.5            |higher_is_better
                B   |20   |18      |22      |17       |23       |25              |higher_is_better
                C   |20   |18      |22      |17       |23       |25              |no_judgement
            """
        },
        call="method_comparison('areas', ['area'], rule='limits_95_and_998')",
        answer="""
            area | judgement
            A    | worse
            B    | worst
            C    | lowest
        """,
    ),
    Example(
        title="limits that overlap although the comparator is outside them",
        given={"areas": OVERLAPPING},
        call="method_comparison('areas', ['area'], rule='overlap_95')",
        answer="""
            area | judgement
            A    | similar
            B    | lower
        """,
    ),
]

RULES = {
    "limits_95": "one_level",
    "limits_95_and_998": "two_level",
    "overlap_95": "double_overlap",
}
POLARITIES = ["higher_is_better", "lower_is_better", "no_judgement", "unheard of", None]
FIGURES = ["value", "lower_95", "upper_95", "lower_998", "upper_998"]
FIGURES += ["comparator_value", "comparator_lower_95", "comparator_upper_95"]
COLUMNS = "area integer, " + ", ".join(f"{name} double" for name in FIGURES) + ", polarity varchar"


def plainly(rule: str, row: dict) -> str:
    """The rules in plain Python, from which side of the comparator the interval ends."""
    low, high, other = row["lower_95"], row["upper_95"], row["comparator_value"]
    needed = [row["value"], low, high, other]
    if rule == "limits_95_and_998":
        needed += [row["lower_998"], row["upper_998"]]
    if rule == "overlap_95":
        needed += [row["comparator_lower_95"], row["comparator_upper_95"]]
    if any(figure is None or figure != figure or abs(figure) == float("inf") for figure in needed):
        return "not_compared"
    if row["polarity"] not in POLARITIES[:3]:
        return "no_judgement"
    other_low, other_high = other, other
    if rule == "overlap_95":
        other_low, other_high = row["comparator_lower_95"], row["comparator_upper_95"]
    if high < other_low:
        side, far = "lower", row["upper_998"] is None or row["upper_998"] < other
    elif low > other_high:
        side, far = "higher", row["lower_998"] is None or row["lower_998"] > other
    else:
        return "similar"
    if row["polarity"] != "no_judgement":
        side = "better" if row["polarity"] == f"{side}_is_better" else "worse"
    far = far and rule == "limits_95_and_998"
    return (
        {"better": "best", "worse": "worst", "lower": "lowest", "higher": "highest"}[side]
        if far
        else side
    )


@st.composite
def compared(draw):
    """A value within its limits and a comparator within its own, often on one another's."""
    figure = st.one_of(st.sampled_from([0.0, 1.0, 1e300, -5.0, 20.0]), st.floats(-100, 100))
    inner = sorted(draw(st.lists(figure, min_size=3, max_size=3)))
    width = abs(draw(st.floats(0, 50)))
    outer = [inner[0] - width, inner[2] + width]
    near = st.one_of(st.sampled_from(inner + outer), figure)
    other = sorted(draw(st.lists(near, min_size=3, max_size=3)))
    row = [inner[1], inner[0], inner[2], *outer, other[1], other[0], other[2]]
    if draw(st.booleans()) and draw(st.booleans()):
        row[draw(st.integers(0, 7))] = draw(st.sampled_from([None, float("nan"), float("inf")]))
    return [*row, draw(st.sampled_from(POLARITIES))]


@settings(deadline=None, max_examples=30)
@given(rows=st.lists(compared(), min_size=1, max_size=30))
@pytest.mark.parametrize("rule", RULES)
def test_sql_and_plain_python_agree(rule, rows):
    numbered = [[place, *row] for place, row in enumerate(rows)]
    got = answers.of(f"method_comparison('given', ['area'], rule='{rule}')", COLUMNS, numbered)
    for row, found in zip(numbered, got, strict=True):
        named = dict(zip(["area", *FIGURES, "polarity"], row, strict=True))
        assert found["judgement"] == plainly(rule, named), named
        assert (found["reason"] is None) == (
            found["judgement"] not in ("not_compared", "no_judgement")
        )


@pytest.mark.parametrize("rule", RULES)
def test_vector_cases_of_comparison_with_england(rule):
    with duckdb.connect() as connection:
        vectors.load(connection, "compare_england")
        vectors.load(connection, "compare_england", "expected", "expected")
        connection.execute(
            """
            create table areas as
            select
                case_id, value, lower95 as lower_95, upper95 as upper_95,
                lower998 as lower_998, upper998 as upper_998, england_value as comparator_value,
                england_lower95 as comparator_lower_95, england_upper95 as comparator_upper_95,
                case polarity
                    when 'high_good' then 'higher_is_better'
                    when 'low_good' then 'lower_is_better'
                    else polarity
                end as polarity
            from input
            """
        )
        query = macros.render(f"method_comparison('areas', ['case_id'], rule='{rule}')")
        rows = connection.execute(
            f"""
            select case_id, {RULES[rule]}, judgement
            from expected left join ({query}) using (case_id)
            """
        ).fetchall()
    assert rows
    assert [row for row in rows if row[1] != row[2]] == []
