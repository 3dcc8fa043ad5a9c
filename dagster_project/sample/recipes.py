"""What the made-up figures of each indicator look like, as data. The levels are invented.

Names, units, years, ages and methods of limits come from the registry, not from here.
"""

from __future__ import annotations

from dataclasses import dataclass

LAST_YEAR = 2023
CARERS = (2023,)


@dataclass(frozen=True)
class Recipe:
    """How the figures of one Fingertips indicator are made up.

    `level` is England's, in the published unit, in the last year. `gradient` is what one standard
    deviation of deprivation does, `spread` how far areas differ otherwise, `trend` the change a
    year: all three in the published unit for an estimate, else in log odds (proportions) or logs
    (rates). `share` is the part of the population that is looked at; where it is 0 the indicator
    is an estimate without counts, and `error` its standard error for 250,000 people. `female` is
    how far women are above men; where it is None the indicator isn't cut by sex.
    """

    code: str
    level: float
    gradient: float
    spread: float
    trend: float
    share: float = 0.0
    error: float = 0.0
    female: float | None = None
    deciles: bool = False
    periods: int = 7
    last: int = LAST_YEAR


@dataclass(frozen=True)
class CareRecipe:
    """How the figures of one ASCOF measure are made up; found by its indicator in both editions.

    `base` is the part of the population that answers a survey (0 for a council's return), and
    `deviation` the spread of single scores where the measure is a mean.
    """

    indicator_id: str
    level: float
    gradient: float
    share: float
    base: float = 0.0
    deviation: float = 0.0
    by_sex: bool = False
    survey_years: tuple[int, ...] = (LAST_YEAR - 1, LAST_YEAR)


@dataclass(frozen=True)
class RegisterRecipe:
    """A disease register of general practice: its share of the list, in per cent."""

    group_code: str
    level: float
    list_type: str = "TOTAL"


FINGERTIPS = (
    # Overarching
    Recipe("90366", 79.6, -1.2, 0.45, 0.02, error=0.21, female=3.7, deciles=True),
    Recipe("90362", 62.4, -2.6, 0.9, -0.05, error=0.85, female=0.6, deciles=True),
    Recipe("92901", 9.1, 0.7, 1.3, 0.08, error=1.1, female=-1.7),
    # Wider determinants
    Recipe("93701", 15.2, 0.33, 0.16, 0.012, share=0.187),
    Recipe("90631", 68.3, -0.13, 0.12, 0.006, share=0.0117, female=0.62),
    Recipe("90633", 79.1, -0.12, 0.11, 0.004, share=0.0119, female=0.45),
    Recipe("10301", 6.8, 0.08, 0.05, 0.07, share=0.118),
    Recipe("10401", 151.0, 0.18, 0.25, -0.09, share=0.094),
    Recipe("93203", 5.6, 0.21, 0.3, 0.01, share=0.0226),
    Recipe("90282", 10.6, 0.8, 2.4, -0.1, error=1.9),
    Recipe("90283", 66.2, 0.7, 2.1, 0.1, error=2.4),
    Recipe("11201", 43.0, 0.34, 0.18, -0.03, share=0.99),
    Recipe("11202", 32.5, 0.2, 0.16, 0.05, share=0.99),
    Recipe("93513", 25.8, 0.06, 0.1, -0.03, share=0.0024),
    Recipe("93735", 4.3, 0.25, 0.7, 0.06, share=0.43),
    Recipe("93759", 13.4, 0.15, 0.12, 0.01, share=0.43, last=2022),
    # Health improvement
    Recipe("20401", 13.8, 0.26, 0.17, -0.05, share=0.0168, last=2022),
    Recipe("94131", 25.4, 0.12, 0.11, 0.03, share=0.0094, periods=6),
    Recipe("93085", 8.7, 0.27, 0.21, -0.07, share=0.0096, deciles=True),
    Recipe("92517", 51.6, -0.24, 0.22, 0.02, share=0.0098),
    Recipe("20601", 22.1, 0.09, 0.07, -0.003, share=0.0104),
    Recipe("20602", 36.3, 0.14, 0.06, 0.01, share=0.0111),
    Recipe("90284", 78.0, 0.13, 0.2, -0.03, share=0.174),
    Recipe("90285", 119.0, 0.12, 0.22, -0.02, share=0.115),
    Recipe("93088", 63.1, 0.14, 0.1, 0.008, share=0.0032),
    Recipe("93014", 66.8, -0.18, 0.11, 0.003, share=0.0032),
    Recipe("92443", 12.9, 0.22, 0.12, -0.05, share=0.0028, female=-0.28, deciles=True),
    Recipe("90244", 5.3, -0.1, 0.24, -0.02, share=0.0026),
    Recipe("92432", 5.4, 0.4, 0.22, 0.03, share=1.0, last=2022),
    Recipe("93764", 488.0, 0.19, 0.14, -0.01, share=0.98),
    Recipe("93671", 54.4, -0.06, 0.05, 0.008, share=0.0047, last=2021),
    Recipe("94063", 66.5, -0.16, 0.16, -0.04, share=0.107),
    Recipe("93560", 66.9, -0.13, 0.14, -0.03, share=0.172),
    Recipe("91720", 70.6, -0.15, 0.1, 0.05, share=0.152),
    Recipe("91112", 28.3, -0.06, 0.42, -0.04, share=0.054),
    Recipe("22301", 5.7, 0.15, 0.16, 0.02, share=0.0026, last=2022),
    Recipe("22401", 1945.0, 0.09, 0.13, -0.01, share=0.186, female=0.25),
    # Health protection
    Recipe("93861", 5.5, 0.05, 0.12, -0.03, share=0.55, last=2022),
    Recipe("90776", 1655.0, 0.17, 0.26, -0.02, share=0.118),
    Recipe("30310", 92.9, -0.17, 0.3, -0.05, share=0.0116, last=2022),
    Recipe("30311", 84.6, -0.16, 0.28, -0.04, share=0.0116, last=2022),
    Recipe("30314", 78.2, -0.13, 0.13, 0.03, share=0.187),
    Recipe("91361", 8.2, 0.36, 0.45, -0.03, share=1.0, last=2022),
    # Healthcare and premature mortality
    Recipe("92196", 4.0, 0.16, 0.14, 0.0, share=0.0103),
    Recipe("93721", 156.0, 0.24, 0.07, 0.004, share=0.92, female=-0.52, deciles=True),
    Recipe("40401", 78.0, 0.22, 0.08, 0.005, share=0.92, female=-0.74, deciles=True),
    Recipe("40501", 121.5, 0.12, 0.05, -0.012, share=0.92, female=-0.2),
    Recipe("40601", 20.7, 0.28, 0.13, 0.025, share=0.92),
    Recipe("40701", 31.4, 0.33, 0.1, -0.01, share=0.92),
    Recipe("41001", 10.5, 0.1, 0.14, 0.008, share=0.89, female=-1.1),
    Recipe("41101", 14.5, 0.05, 0.07, 0.004, share=0.11, last=2022),
    Recipe("41202", 13.1, 0.02, 0.2, 0.0, share=0.5),
    Recipe("41401", 552.0, 0.05, 0.09, -0.008, share=0.187),
    Recipe("90360", 12.9, 0.3, 1.0, -0.4, error=3.4, last=2021),
    Recipe("92949", 64.3, 0.02, 0.09, 0.005, share=0.0124),
    # What others are seen against, and what only this layout's older files hold
    Recipe("92708", 1.0, 0.0, 0.0, 0.0, share=1.0),
    Recipe("93553", 21.4, 7.4, 1.6, 0.0, periods=1, last=2019),
    Recipe("92527", 2.4, -0.09, 0.06, 0.0, error=0.04, periods=1, last=2014),
)

CARE = (
    CareRecipe("social_care_related_quality_of_life", 18.9, -0.16, 0.0115, 0.0014, 3.4, True),
    CareRecipe("adjusted_social_care_related_quality_of_life", 0.41, -0.006, 0.0115, 0.0014, 0.17),
    CareRecipe("control_over_daily_life", 77.3, -0.09, 0.0115, 0.0014, by_sex=True),
    CareRecipe(
        "satisfaction_with_care_and_support_users", 64.9, -0.08, 0.0115, 0.0014, by_sex=True
    ),
    CareRecipe("social_contact_users", 44.8, -0.09, 0.0115, 0.0014),
    CareRecipe("information_easy_to_find_users", 67.4, -0.06, 0.0115, 0.0014),
    CareRecipe("people_who_use_services_feel_safe", 70.9, -0.1, 0.0115, 0.0014),
    CareRecipe("services_make_people_feel_safe", 87.3, -0.08, 0.0115, 0.0014),
    # Carers are asked every other year.
    CareRecipe("carer_reported_quality_of_life", 7.4, -0.1, 0.0046, 0.0009, 2.1, False, CARERS),
    CareRecipe(
        "satisfaction_with_social_services_carers", 36.4, -0.07, 0.0046, 0.0009, survey_years=CARERS
    ),
    CareRecipe("carers_included_in_discussions", 66.2, -0.05, 0.0046, 0.0009, survey_years=CARERS),
    CareRecipe("information_easy_to_find_carers", 58.7, -0.06, 0.0046, 0.0009, survey_years=CARERS),
    CareRecipe("social_contact_carers", 29.6, -0.08, 0.0046, 0.0009, survey_years=CARERS),
    # Councils' returns
    CareRecipe("short_term_service_no_ongoing_support", 78.4, -0.12, 0.0034),
    CareRecipe("care_home_admissions_18_to_64", 15.3, 0.12, 0.598),
    CareRecipe("care_home_admissions_65_and_over", 571.0, 0.1, 0.187),
    CareRecipe("at_home_91_days_after_reablement_65_and_over", 83.6, -0.08, 0.0011),
    CareRecipe("offered_reablement_after_hospital_65_and_over", 3.1, -0.05, 0.041),
    CareRecipe("settled_home_learning_disability", 81.2, 0.04, 0.0024),
    CareRecipe("paid_employment_learning_disability", 5.1, -0.15, 0.0024),
    CareRecipe("paid_employment_secondary_mental_health", 6.4, -0.14, 0.0041),
    CareRecipe("living_independently_secondary_mental_health", 57.2, -0.12, 0.0041),
    CareRecipe("self_directed_support_users", 93.8, -0.1, 0.0081),
    CareRecipe("self_directed_support_carers", 91.1, -0.1, 0.0037),
    CareRecipe("direct_payments_users", 26.4, -0.08, 0.0081),
    CareRecipe("direct_payments_carers", 76.9, -0.1, 0.0037),
    CareRecipe("safeguarding_enquiries_risk_reduced", 90.6, -0.05, 0.0009),
)

# The part of a practice's list that each list type covers.
LIST_SHARES = {
    "TOTAL": 1.0,
    "06OV": 0.934,
    "16OV": 0.821,
    "17OV": 0.809,
    "18OV": 0.797,
    "50OV": 0.386,
}

REGISTERS = (
    RegisterRecipe("AF", 2.2),
    RegisterRecipe("AST", 6.4, "06OV"),
    RegisterRecipe("CAN", 3.5),
    RegisterRecipe("CHD", 3.1),
    RegisterRecipe("CKD", 4.3, "18OV"),
    RegisterRecipe("COPD", 1.9),
    RegisterRecipe("DEM", 0.77),
    RegisterRecipe("DEP", 12.8, "18OV"),
    RegisterRecipe("DM", 7.4, "17OV"),
    RegisterRecipe("EP", 0.83, "18OV"),
    RegisterRecipe("HF", 1.1),
    RegisterRecipe("HYP", 14.3),
    RegisterRecipe("LD", 0.56),
    RegisterRecipe("MH", 0.97),
    RegisterRecipe("NDH", 6.7, "18OV"),
    RegisterRecipe("OB", 10.6, "18OV"),
    RegisterRecipe("OST", 1.2, "50OV"),
    RegisterRecipe("PAD", 0.62),
    RegisterRecipe("PC", 0.53),
    RegisterRecipe("RA", 0.79, "16OV"),
    RegisterRecipe("STIA", 1.9),
)

# Registers that Fingertips shows too: down to the practice, or down to the sub-ICB location.
SHOWN_TO_PRACTICES = ("DEM",)
SHOWN_TO_SUB_ICBS = ("DM", "HYP")
