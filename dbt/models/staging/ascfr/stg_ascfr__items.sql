-- The keys stay keys: the publisher's dictionary of them isn't held.
select
    extract_id,
    item_number,
    cast(cast(year_ending as integer) - 1 as varchar) || '/' || right(year_ending, 2) as period,
    council_code,
    region_code,
    data_source_key,
    data_type_key,
    age_band_key,
    primary_support_reason_key,
    care_type_key,
    support_setting_key,
    purpose_key,
    activity_provision_key,
    finance_type_key,
    comparative_totals_key,
    value,
    value_marker as marker
from {{ source('ascfr', 'ascfr_items') }}
