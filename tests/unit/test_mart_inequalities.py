"""The mart `inequalities` on made-up values: by deprivation, sex and other cuts, and refusals."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import models
from tests.support.models import indicator, value

SCHEME = "County & UA deprivation deciles in England (IMD2015)"
DECILES = [row for row in models.seed("deprivation_quantiles") if row["breakdown_type"] == SCHEME]
Values = list[dict[str, Any]]


def deciles(**said: Any) -> Values:
    """Ten deciles of England, each a point below the one more deprived: 30 to 21."""
    return [
        value(
            **{
                "area_code": "E92000001",
                "area_type": "england",
                "breakdown_type": SCHEME,
                "breakdown": row["breakdown"],
                "value": 31.0 - int(row["quantile"]),
                "lower_95": 30.0 - int(row["quantile"]),
                "upper_95": 32.0 - int(row["quantile"]),
                "lower_998": 29.0 - int(row["quantile"]),
                "upper_998": 33.0 - int(row["quantile"]),
            }
            | said
        )
        for row in sorted(DECILES, key=lambda row: int(row["quantile"]))
    ]


def sexes(**said: Any) -> Values:
    return [
        value(**{"sex": "Female", "value": 20.0} | said),
        value(**{"sex": "Male", "value": 25.0, "lower_95": 22.0, "upper_95": 28.0} | said),
    ]


def parts(*values: tuple[str, float | None], **said: Any) -> Values:
    return [
        value(**{"breakdown_type": "Ethnic groups", "breakdown": name, "value": figure} | said)
        for name, figure in values
    ]


def unequal(values: Values, **said: Any) -> dict[str, dict[str, Any]]:
    """The measures of the one cut among `values`, by name."""
    found = models.rows(
        "marts/inequalities.sql",
        indicator_values=values,
        int_indicators=[indicator(**said)],
        methods=models.seed("methods"),
        deprivation_quantiles=models.seed("deprivation_quantiles"),
        breakdown_dimensions=models.seed("breakdown_dimensions"),
    )
    assert len({(row["sex"], row["dimension"], row["measure"]) for row in found}) == len(found)
    for row in found:
        assert (row["status"] == "published") == (row["value"] is not None)
        assert (row["status_reason"] is None) == (row["status"] == "published")
    return {row["measure"]: row for row in found}


def reasons(values: Values, **said: Any) -> dict[str, Any]:
    return {measure: row["status_reason"] for measure, row in unequal(values, **said).items()}


# By deprivation


@pytest.mark.parametrize("kind", ["mean", "life_expectancy", "score"])
def test_a_straight_line_through_deciles_has_its_own_slope(kind):
    """Ten equal groups a point apart: the line runs over ten tenths, from 30.5 to 20.5."""
    found = unequal(deciles(), value_type=kind)
    assert found["sii"]["value"] == pytest.approx(-10, abs=1e-9)
    assert found["rii"]["value"] == pytest.approx(20.5 / 30.5, abs=1e-9)
    assert found["absolute_gap"]["value"] == -9
    assert found["relative_gap"]["value"] == 21 / 30
    assert found["sii"]["method"] == "weighted_line_identity"
    for row in found.values():
        assert row["quantile_basis"] == "national"
        assert row["from_group"] == "Most deprived decile (IMD2015)"
        assert row["to_group"] == "Least deprived decile (IMD2015)"
        assert (
            row["lower_998"] < row["lower_95"] < row["value"] < row["upper_95"] < row["upper_998"]
        )


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("proportion", "weighted_line_logit"),
        ("dsr", "weighted_line_log"),
        ("crude_rate", "weighted_line_log"),
    ],
)
def test_shares_and_rates_are_fitted_where_their_limits_are_symmetrical(kind, method):
    found = unequal(deciles(), value_type=kind)
    assert found["sii"]["method"] == found["rii"]["method"] == method
    # In the indicator's own unit, whatever the scale.
    assert found["sii"]["value"] == pytest.approx(-10, rel=0.05)
    assert found["rii"]["value"] == pytest.approx(20.5 / 30.5, rel=0.05)


def test_more_people_in_a_decile_make_it_count_for_more():
    rows = deciles()
    rows[0] |= {"value": 60.0, "lower_95": 59.0, "upper_95": 61.0}
    equal = unequal(rows, value_type="mean")["sii"]["value"]
    rows[0]["denominator"] = 5000.0
    assert unequal(rows, value_type="mean")["sii"]["value"] < equal < -10


NO_POPULATION = "quantile_population_missing"
NO_SLOPE, NO_GAP = ["sii", "rii"], ["absolute_gap", "relative_gap"]


@pytest.mark.parametrize(
    ("change", "kind", "slope", "gap"),
    [
        (lambda rows: rows.pop(4), "mean", "quantile_missing", None),
        (lambda rows: rows.pop(0), "mean", "quantile_missing", "group_missing"),
        (lambda rows: rows.pop(), "mean", "quantile_missing", "group_missing"),
        (lambda rows: rows[3].update(status="not_available"), "mean", "quantile_missing", None),
        (lambda rows: rows[3].update(status="held"), "mean", *["value_set_aside"] * 2),
        (lambda rows: rows[3].update(status="suppressed"), "mean", *["value_set_aside"] * 2),
        (lambda rows: rows[3].update(denominator=None), "mean", NO_POPULATION, None),
        (lambda rows: rows[3].update(lower_95=None), "mean", "no_limits", None),
        (lambda rows: rows[9].update(value=0.0, lower_95=0.0), "dsr", "logarithm_infinite", None),
        (lambda rows: None, "isr", *["indirectly_standardised"] * 2),
        (lambda rows: None, "count", *["count_depends_on_size"] * 2),
        (lambda rows: None, "index", "no_index_of_this_kind", None),
        (lambda rows: [row.update(breakdown=row["breakdown"][:-1]) for row in rows],
         "mean", "quantile_missing", "group_missing"),
        (lambda rows: [row.update(breakdown_type="Deprivation quintile") for row in rows],
         "mean", *["quantiles_not_known"] * 2),
    ],
)  # fmt: skip
def test_what_is_not_measured_by_deprivation_says_why(change, kind, slope, gap):
    rows = deciles()
    change(rows)
    expected = dict.fromkeys(NO_SLOPE, slope) | dict.fromkeys(NO_GAP, gap)
    assert reasons(rows, value_type=kind) == expected


def test_a_group_beside_the_deciles_is_none_of_them():
    rows = [*deciles(), value(breakdown_type=SCHEME, breakdown="Unknown", area_code="E92000001")]
    assert unequal(rows, value_type="mean")["sii"]["value"] == pytest.approx(-10, abs=1e-9)


# By sex


def test_the_gap_of_the_sexes_is_men_less_women():
    found = unequal(sexes())
    assert found.keys() == {"absolute_gap", "relative_gap"}
    gap = found["absolute_gap"]
    assert (gap["from_group"], gap["to_group"], gap["sex"]) == ("Female", "Male", "all")
    assert gap["dimension"] == "sex"
    assert gap["value"] == 5
    # Newcombe: 5 - √(3² + 2²) and 5 + √(3² + 2²).
    assert gap["lower_95"] == pytest.approx(5 - 13**0.5)
    assert gap["upper_95"] == pytest.approx(5 + 13**0.5)
    assert found["relative_gap"]["value"] == 1.25


def test_an_indicator_of_one_sex_has_no_gap_of_the_sexes():
    assert unequal(sexes()[:1]) == {}
    assert unequal([value()]) == {}


def test_where_an_area_lacks_one_sex_the_gap_is_refused():
    women = value(sex="Female", area_code="E06000022")
    found = models.rows(
        "marts/inequalities.sql",
        indicator_values=[*sexes(), women],
        int_indicators=[indicator()],
        methods=models.seed("methods"),
        deprivation_quantiles=models.seed("deprivation_quantiles"),
        breakdown_dimensions=models.seed("breakdown_dimensions"),
    )
    lacking = {row["status_reason"] for row in found if row["area_code"] == "E06000022"}
    assert lacking == {"group_missing"}


def test_a_held_or_hidden_sex_hides_the_gap():
    women, men = sexes()
    for status in ("held", "suppressed", "withdrawn"):
        # Held, it may keep its last good value: that isn't for comparing either.
        assert set(reasons([women, men | {"status": status}]).values()) == {"value_set_aside"}


# By other cuts


def test_the_highest_and_the_lowest_group_are_named_and_have_no_limits():
    """Picked for being far apart: their limits would say too much."""
    found = unequal(parts(("White", 20.0), ("Asian", 12.0), ("Black", 24.0), ("Mixed", None)))
    gap = found["absolute_gap"]
    assert (gap["from_group"], gap["to_group"], gap["value"]) == ("Asian", "Black", 12.0)
    assert gap["dimension"] == "ethnicity"
    assert found["relative_gap"]["value"] == 2
    for row in found.values():
        assert [row[name] for name in ("lower_95", "upper_95", "lower_998", "upper_998")] == [
            None
        ] * 4


def test_a_cut_that_is_none_of_people_has_no_inequality():
    assert unequal(parts(("Primary", 20.0), ("Revision", 12.0), breakdown_type="Procedure")) == {}


def test_groups_alike_are_told_apart_by_name():
    found = unequal(parts(("B", 20.0), ("C", 20.0), ("A", 20.0)))
    assert found["absolute_gap"]["value"] == 0
    assert (found["absolute_gap"]["from_group"], found["absolute_gap"]["to_group"]) == ("A", "C")


def test_one_group_alone_has_no_gap_and_a_hidden_one_might_be_the_farthest():
    assert set(reasons(parts(("A", 20.0), ("B", None))).values()) == {"group_missing"}
    hidden = parts(("A", 20.0), ("B", 30.0)) + parts(("C", None), status="suppressed")
    assert set(reasons(hidden).values()) == {"value_set_aside"}


def test_nought_is_no_reference():
    assert reasons(parts(("A", 0.0), ("B", 30.0))) == {
        "absolute_gap": None,
        "relative_gap": "reference_is_nought",
    }
