"""What each file of `seeds/` must look like, as data: a new column or allowed value is a line here.

`registry.py` reads the files and applies these tables; rules that span rows are in
`rules.py`, `live.py`, `methods.py` and `disclosure.py`.
"""

from __future__ import annotations

from dagster_project.registry.checks import CHECK_TABLES
from dagster_project.registry.forms import CERTAINTY, SEXES, Table, columns, words
from dagster_project.registry.tables_alerts import ALERT_TABLES
from dagster_project.registry.tables_alignment import ALIGNMENT_TABLES
from dagster_project.registry.tables_comparability import COMPARABILITY_TABLES
from dagster_project.registry.tables_contracts import CONTRACT_TABLES
from dagster_project.registry.tables_frameworks import FRAMEWORK_TABLES
from dagster_project.registry.tables_geography import GEOGRAPHY_TABLES
from dagster_project.registry.tables_linked import LINKED_TABLES
from dagster_project.registry.tables_surveys import SURVEY_TABLES

BASES = words("resident registered service_users survey")
# The area type of each kind, and how its codes begin.
AREA_KINDS = {
    "country": ("england", "E92"),
    "region": ("region", "E12"),
    "unitary": ("utla", "E06"),
    "district": ("district", "E07"),
    "metropolitan_district": ("utla", "E08"),
    "london_borough": ("utla", "E09"),
    "county": ("utla", "E10"),
    "nhs_region": ("nhs_region", "E40"),
    "icb": ("icb", "E54"),
    "stp": ("icb", "E54"),
    "sub_icb": ("sub_icb", "E38"),
    "ccg": ("sub_icb", "E38"),
}
PARENT_OF_TYPE = {
    "england": (),
    "region": ("england",),
    "utla": ("region",),
    "district": ("utla",),
    "nhs_region": ("england",),
    "icb": ("nhs_region",),
    "sub_icb": ("icb",),
}
STATUSES = words(
    "published suppressed held withdrawn not_calculated not_available not_collected not_applicable"
)
VALUE_TYPES = words(
    "proportion crude_rate dsr isr isr_ratio mean score ratio life_expectancy sii count index gap"
    " other"
)
CI_METHODS = words(
    "wilson byar dobson_byar exact normal student chiang_silcocks published_margin other none"
    " not_stated"
)

TABLES: tuple[Table, ...] = (
    *ALERT_TABLES,
    Table(
        "disclosure_policies.csv",
        ("disclosure_policy",),
        columns(
            "disclosure_policy*:id description* primary_threshold:whole hides_zero*:flag"
            " rounding_base:whole figures_from exempt_area_types applies_to certainty*"
        ),
        allowed={"figures_from": words("rounded unrounded"), "certainty": CERTAINTY},
    ),
    Table(
        "sources.csv",
        ("source_id",),
        columns(
            "source_id*:id publisher* title* licence* licence_url*:web attribution* cadence*"
            " expected_month:whole expected_day:whole period_lag_months:whole"
            " grace_working_days:whole page_url*:web owner* rank*:whole is_public*:flag"
            " disclosure_policy*"
            " certainty* note"
        ),
        allowed={
            "certainty": CERTAINTY,
            "cadence": words("monthly quarterly annual none"),
            "expected_month": tuple(str(month) for month in range(1, 13)),
            "expected_day": tuple(str(day) for day in range(1, 32)),
        },
        refers_to={
            "owner": ("owners.csv", "owner_id"),
            "disclosure_policy": ("disclosure_policies.csv", "disclosure_policy"),
        },
    ),
    Table(
        "live_sources.csv",
        ("live_id",),
        columns(
            "live_id*:id source_id*:id address*:web hosts* codes_of:id page_size:whole file_name*"
            " content_types* max_megabytes*:whole pause_seconds*:whole certainty* note"
        ),
        allowed={"certainty": words("verified recalled")},
        refers_to={
            "source_id": ("sources.csv", "source_id"),
            "codes_of": ("sources.csv", "source_id"),
        },
    ),
    Table(
        "out_of_scope.csv",
        ("content_id",),
        columns("content_id*:id title* container* names* file_name reason*"),
        allowed={"container": words("csv xlsx json parquet ods")},
    ),
    Table(
        "status_reasons.csv",
        ("status", "status_reason"),
        columns("status*:id status_reason*:id label*"),
        # A published value has a reason where its limits can't be had.
        allowed={"status": STATUSES},
    ),
    Table(
        "publisher_notes.csv",
        ("source_id", "marker"),
        columns("source_id* marker* status* status_reason means note"),
        allowed={"means": words("combined recast")},
        refers_to={"source_id": ("sources.csv", "source_id")},
    ),
    Table(
        "indicators.csv",
        ("indicator_id",),
        columns(
            "indicator_id*:id title* definition_version*:whole status* unit multiplier:whole"
            " value_type* method* ci_method* is_standardised*:flag standard_population polarity*"
            " polarity_certainty* year_type pooled_years*:whole population_basis numerator"
            " denominator periodicity source_id disclosure_policy* headline_sex headline_age"
            " decimals:whole owner* certainty* evidence* note"
        ),
        allowed={
            "status": words("live under_review ended draft"),
            "value_type": VALUE_TYPES,
            "ci_method": CI_METHODS,
            "polarity": words("higher_is_better lower_is_better no_judgement"),
            "polarity_certainty": words("verified recalled guessed review"),
            "year_type": words("calendar financial academic other"),
            "population_basis": BASES,
            "periodicity": words("monthly quarterly six-monthly annual biennial irregular once"),
            "headline_sex": SEXES,
            "certainty": CERTAINTY,
        },
        refers_to={
            "source_id": ("sources.csv", "source_id"),
            "disclosure_policy": ("disclosure_policies.csv", "disclosure_policy"),
            "method": ("methods.csv", "method"),
            "owner": ("owners.csv", "owner_id"),
        },
    ),
    *FRAMEWORK_TABLES,
    Table(
        "indicator_sources.csv",
        words("source_id source_code edition"),
        columns(
            "source_id* source_code* edition indicator_id* value_origin* period_from:date"
            " period_to:date sex age population_basis note"
        ),
        allowed={
            "value_origin": ("published", "computed"),
            "sex": SEXES,
            "population_basis": BASES,
        },
        refers_to={
            "source_id": ("sources.csv", "source_id"),
            "indicator_id": ("indicators.csv", "indicator_id"),
        },
        span=("period_from", "period_to"),
    ),
    *COMPARABILITY_TABLES,
    Table(
        "deprivation_editions.csv",
        ("edition",),
        columns(
            "edition*:whole lsoa_year*:whole small_areas*:whole population_mid_year*:whole"
            " certainty* note"
        ),
        allowed={"lsoa_year": ("2011", "2021"), "certainty": CERTAINTY},
    ),
    Table(
        "breakdown_dimensions.csv",
        ("breakdown_type",),
        columns("breakdown_type* dimension*:id certainty* evidence*"),
        allowed={
            "dimension": words(
                "age country_of_birth disability ethnicity housing_tenure religion"
                " sexual_orientation socioeconomic_group working_status"
            ),
            "certainty": CERTAINTY,
        },
    ),
    Table(
        "deprivation_quantiles.csv",
        words("breakdown_type breakdown"),
        columns(
            "breakdown_type* breakdown* quantile*:whole quantiles*:whole basis* index_edition"
            " certainty* evidence*"
        ),
        allowed={
            "quantiles": words("5 10"),
            "basis": words("national within_area"),
            "certainty": CERTAINTY,
        },
    ),
    Table(
        "methods.csv",
        ("method",),
        columns(
            "method*:id title* macro:id needs* value_type ci_method fewest_events:whole"
            " compared_with decimals:whole certainty* note"
        ),
        allowed={
            "needs": words("nothing counts bands values quantiles"),
            "value_type": VALUE_TYPES,
            "ci_method": CI_METHODS,
            "compared_with": words("areas england"),
            "certainty": CERTAINTY,
        },
    ),
    Table(
        "peer_sets.csv",
        words("peer_set area_code peer_code valid_from"),
        columns(
            "peer_set*:id area_code*:area peer_code*:area valid_from*:date valid_to:date source*"
            " certainty*"
        ),
        allowed={"certainty": CERTAINTY},
        refers_to={
            "area_code": ("areas.csv", "area_code"),
            "peer_code": ("areas.csv", "area_code"),
        },
        span=("valid_from", "valid_to"),
    ),
    Table(
        "standard_populations.csv",
        words("standard bands band"),
        columns(
            "standard*:id bands*:whole band* age_from*:whole age_to:whole weight*:whole certainty*"
            " evidence*"
        ),
        allowed={"certainty": CERTAINTY},
    ),
    Table(
        "areas.csv",
        ("area_code",),
        columns(
            "area_code*:area area_name* area_type* area_kind* is_utla*:flag is_ltla*:flag"
            " parent_code:area region_code:area valid_from*:date valid_to:date"
            " successor_codes:area ods_code:ods note"
        ),
        allowed={
            "area_kind": tuple(AREA_KINDS),
            "area_type": tuple(PARENT_OF_TYPE),
        },
        refers_to={
            "parent_code": ("areas.csv", "area_code"),
            "region_code": ("areas.csv", "area_code"),
            "successor_codes": ("areas.csv", "area_code"),
        },
        several=("successor_codes",),
        span=("valid_from", "valid_to"),
    ),
    *ALIGNMENT_TABLES,
    *GEOGRAPHY_TABLES,
    *LINKED_TABLES,
    *CHECK_TABLES,
    *CONTRACT_TABLES,
    *SURVEY_TABLES,
)
