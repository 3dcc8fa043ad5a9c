{# Directly standardised rate with Dobson's limits. One row a key and age band; `standard` has the
   bands and their weights: exactly those bands must be there, so a rate over some ages takes a
   standard of those ages. `match`: keys that the standard has too, where it isn't the same for all. #}
{% macro method_dsr(
    relation, keys, standard, band='band', numerator='numerator', denominator='denominator',
    weight='weight', match=[], multiplier=100000
) -%}
with dsr_bands as (
    select
        {{ listed(keys) }}
        {{ band }} as band,
        coalesce(cast({{ numerator }} as double), 0) as events,
        coalesce(cast({{ numerator }} as double), 0) as events_by_frequency,
        cast({{ denominator }} as double) as population
    from {{ relation }}
),

{{ dsr_of_bands(keys, standard, band, weight, match, multiplier) }}
{%- endmacro %}

{# The same where one person may have several events. One row a key, band and `frequency`; the
   numerator counts the people who had so many events, the denominator is the band's whole population
   on each of its rows. Limits are wider: what varies by chance is people, not events. #}
{% macro method_dsr_non_independent(
    relation, keys, standard, band='band', numerator='numerator', denominator='denominator',
    frequency='frequency', weight='weight', match=[], multiplier=100000
) -%}
with dsr_people as (
    select
        {{ listed(keys) }}
        {{ band }} as band,
        coalesce(cast({{ numerator }} as double), 0) as people,
        cast({{ frequency }} as double) as frequency,
        cast({{ denominator }} as double) as population
    from {{ relation }}
),

dsr_events as (
    select
        *,
        -- People of whom nobody knows how many events they had can't be counted.
        case when people = 0 then 0 else people * coalesce(frequency, cast('nan' as double)) end as events,
        case when people = 0 then 0 else people * frequency * frequency end as events_by_frequency
    from dsr_people
),

dsr_sound as (
    select
        *,
        {{ is_countable('events') }} and events_by_frequency <= 1e12 as is_sound
    from dsr_events
),

dsr_bands as (
    select
        {{ listed(keys) }}
        band,
        case
            when bool_and(is_sound) then {{ steady_count('case when is_sound then events end') }}
            else cast('nan' as double)
        end as events,
        {{ steady_sum('case when is_sound then events_by_frequency end') }} as events_by_frequency,
        -- Two populations for one band are none.
        case when min(population) = max(population) then min(population) end as population
    from dsr_sound
    group by {{ listed(keys) }} band
),

{{ dsr_of_bands(keys, standard, band, weight, match, multiplier) }}
{%- endmacro %}

{# The rest of both: from `dsr_bands`, a row a key and band. #}
{% macro dsr_of_bands(keys, standard, band, weight, match, multiplier) -%}
dsr_standard as (
    select
        {{ listed(match) }}
        {{ band }} as band,
        cast({{ weight }} as double) / nullif({{ exact_total(weight, match) }}, 0) as weight,
        {{ bits_of_band(band, match) }}
    from {{ standard }}
    where cast({{ weight }} as double) between 0 and 1e15
),

dsr_joined as (
    select
        dsr_bands.*,
        dsr_standard.band_bit,
        dsr_standard.bands,
        dsr_standard.weight / dsr_bands.population as weight_per_person
    from dsr_bands
    left join dsr_standard on {{ same_band('dsr_bands', 'dsr_standard', match) }}
),

dsr_terms as (
    select
        *,
        {{ band_fault('> 0') }} as fault,
        case when fault = 0 then weight_per_person * events end as rate_term,
        case when fault = 0 then weight_per_person * weight_per_person * events_by_frequency end as variance_term
    from dsr_joined
),

dsr_sums as (
    select
        {{ listed(keys) }}
        {{ band_refusal() }} as refusal,
        {{ steady_count('case when fault <> 2 then events end') }} as events,
        {{ steady_count('case when fault <> 2 then population end') }} as population,
        {{ steady_sum('rate_term') }} as rate,
        sqrt({{ steady_sum_of_small('variance_term') }}) as standard_error
    from dsr_terms
    group by {{ keys | join(', ') }}
),

dsr_figures as (
    select
        {{ listed(keys) }}
        coalesce(refusal, case when events < 10 then 'too_few_events' end) as refusal,
        {{ multiplier }} * rate as value,
        {{ multiplier }} * {{ dobson(byar_lower('events', z95())) }} as lower_95,
        {{ multiplier }} * {{ dobson(byar_upper('events', z95())) }} as upper_95,
        {{ multiplier }} * {{ dobson(byar_lower('events', z998())) }} as lower_998,
        {{ multiplier }} * {{ dobson(byar_upper('events', z998())) }} as upper_998,
        events as numerator,
        population as denominator
    from dsr_sums
)

{{ method_result('dsr_figures', keys) }}
{%- endmacro %}

{# Dobson's limit: as many standard errors of the rate from it as the count's limit is of its own. #}
{% macro dobson(count_limit) -%}
    (rate + standard_error / sqrt(events) * ({{ count_limit }} - events))
{%- endmacro %}

{# Indirectly standardised ratio: events over those expected had the reference's rates applied, times
   `multiplier`. One row a key and band, with the population; `reference` has events and population of
   each band. The events may stand on one row of the key alone: only their sum counts. #}
{% macro method_isr_ratio(
    relation, keys, reference, band='band', numerator='numerator', denominator='denominator',
    reference_numerator='numerator', reference_denominator='denominator', match=[], multiplier=100
) -%}
{{ indirectly_standardised(
    relation, keys, reference, band, numerator, denominator, reference_numerator, reference_denominator,
    match, multiplier
) }}
{%- endmacro %}

{# Indirectly standardised rate: the ratio times the reference's crude rate per `multiplier`. #}
{% macro method_isr(
    relation, keys, reference, band='band', numerator='numerator', denominator='denominator',
    reference_numerator='numerator', reference_denominator='denominator', match=[], multiplier=100000
) -%}
{{ indirectly_standardised(
    relation, keys, reference, band, numerator, denominator, reference_numerator, reference_denominator,
    match, multiplier ~ ' * crude_rate'
) }}
{%- endmacro %}

{% macro indirectly_standardised(
    relation, keys, reference, band, numerator, denominator, reference_numerator, reference_denominator,
    match, multiplier
) -%}
with isr_reference as (
    select
        {{ listed(match) }}
        {{ band }} as band,
        coalesce(cast({{ reference_numerator }} as double), 0)
        / nullif(cast({{ reference_denominator }} as double), 0) as rate,
        {{ exact_total(reference_numerator, match) }} / {{ exact_total(reference_denominator, match) }} as crude_rate,
        {{ bits_of_band(band, match) }}
    from {{ reference }}
),

isr_joined as (
    select
        {{ listed(keys, 'counts.') }}
        coalesce(cast(counts.{{ numerator }} as double), 0) as events,
        cast(counts.{{ denominator }} as double) as population,
        isr_reference.rate,
        isr_reference.crude_rate,
        isr_reference.band_bit,
        isr_reference.bands
    from {{ relation }} as counts
    left join isr_reference on {{ same_band('counts', 'isr_reference', match, band) }}
),

isr_terms as (
    select
        *,
        {{ band_fault('>= 0') }} as fault
    from isr_joined
),

isr_sums as (
    select
        {{ listed(keys) }}
        {{ band_refusal() }} as refusal,
        count(*) filter (where rate between 0 and 1000) < count(*) as lacks_a_rate,
        max(crude_rate) as crude_rate,
        {{ steady_count('case when fault <> 2 then events end') }} as events,
        {{ steady_sum('case when fault = 0 and rate between 0 and 1000 then population * rate end') }} as expected
    from isr_terms
    group by {{ keys | join(', ') }}
),

isr_figures as (
    select
        {{ listed(keys) }}
        case
            when refusal is not null then refusal
            when lacks_a_rate then 'missing_reference'
            when expected = 0 then 'zero_denominator'
        end as refusal,
        {{ multiplier }} * events / expected as value,
        {{ multiplier }} * {{ count_lower('events', z95(), tail95()) }} / expected as lower_95,
        {{ multiplier }} * {{ count_upper('events', z95(), tail95()) }} / expected as upper_95,
        {{ multiplier }} * {{ count_lower('events', z998(), tail998()) }} / expected as lower_998,
        {{ multiplier }} * {{ count_upper('events', z998(), tail998()) }} / expected as upper_998,
        events as numerator,
        expected as denominator
    from isr_sums
)

{{ method_result('isr_figures', keys) }}
{%- endmacro %}
