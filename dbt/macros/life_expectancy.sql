{# Life expectancy from an abridged life table (Chiang), with Silcocks' limits. One row a key and age
   band: `age` is the first age of the band, 0, 1, 5, 10 … 85 and 90 for 90 and over; deaths are the
   numerator, people the denominator, of the same years. One row comes out for each key and each age
   of `ages`, all twenty if none are named, in a column called as `age` is; numerator and denominator
   are those from that age on. #}
{% macro method_life_expectancy(
    relation, keys, age='age', numerator='numerator', denominator='denominator', ages=none
) -%}
with {{ life_tables(relation, keys, age, numerator, denominator) }},

life_expectancies as (
    select
        *,
        list_transform({{ bands() }}, lambda _i: list_sum(years[_i:]) / alive[_i]) as expectancy
    from life_tables
),

life_variances as (
    select
        *,
        {{ variance_of_deaths('(1 - fraction[_i]) * width[_i] + expectancy[_i + 1]') }}
        || [power(alive[20] / 2, 2) * variance[20]] as variance_at
    from life_expectancies
),

{{ expectancy_figures('life_variances', keys, age, 'expectancy', 'list_sum(variance_at[_i:])', ages) }}
{%- endmacro %}

{# Healthy life expectancy (Sullivan): the years of the life table, each band's counted for the share
   of a survey's sample that is in good health. `healthy` out of `sample` people of the band; the
   sample is the effective one where the survey's design calls for it. `variance`: 'survey', or
   'survey_and_mortality' to count the chance in the deaths too. #}
{% macro method_healthy_life_expectancy(
    relation, keys, age='age', numerator='numerator', denominator='denominator',
    healthy='healthy', sample='sample', variance='survey', ages=none
) -%}
{%- if variance not in ['survey', 'survey_and_mortality'] -%}
    {{ refuse_argument('variance', variance, "'survey' or 'survey_and_mortality'") }}
{%- endif -%}
with {{ life_tables(relation, keys, age, numerator, denominator, healthy, sample) }},

healthy_lives as (
    select
        *,
        list_transform({{ bands() }}, lambda _i: years[_i] * share_healthy[_i]) as healthy_years
    from life_tables
),

healthy_expectancies as (
    select
        *,
        list_transform({{ bands() }}, lambda _i: list_sum(healthy_years[_i:]) / alive[_i]) as expectancy
    from healthy_lives
),

healthy_variances as (
    select
        *,
        list_transform(
            {{ bands() }},
            lambda _i: power(years[_i], 2) * share_healthy[_i] * (1 - share_healthy[_i]) / sample[_i]
        ) as variance_of_survey,
        {{ variance_of_deaths('(1 - fraction[_i]) * width[_i] * share_healthy[_i] + expectancy[_i + 1]') }}
        || [power(alive[20] / 2 * share_healthy[20], 2) * variance[20]] as variance_of_deaths
    from healthy_expectancies
),

{% set of_survey = 'list_sum(variance_of_survey[_i:])' -%}
{{ expectancy_figures(
    'healthy_variances', keys, age, 'expectancy',
    of_survey if variance == 'survey' else of_survey ~ ' + list_sum(variance_of_deaths[_i:])', ages
) }}
{%- endmacro %}

{# The life table of each key, a list of twenty a column. In lists, because their sums are always
   taken in the order of age: a window's may depend on the number of threads. #}
{% macro life_tables(relation, keys, age, numerator, denominator, healthy=none, sample=none) -%}
life_counts as (
    select
        {{ listed(keys) }}
        cast({{ age }} as integer) as first_age,
        coalesce(cast({{ numerator }} as double), 0) as deaths,
        cast({{ denominator }} as double) as people,
        cast({{ healthy or 0 }} as double) as healthy,
        cast({{ sample or 1 }} as double) as sample
    from {{ relation }}
),

life_rows as (
    select
        *,
        case
            when people is null or people = 0 then 'missing_band'
            when not {{ is_population('people') }} or not {{ is_countable('deaths') }} then 'impossible_figure'
            when deaths > people then 'more_events_than_people'
            when sample is null or healthy is null or sample = 0 then 'missing_sample'
            when not {{ is_population('sample') }} or not {{ is_countable('healthy') }} then 'impossible_figure'
            when healthy > sample then 'more_events_than_people'
        end as fault
    from life_counts
),

life_bands as (
    select
        {{ listed(keys) }}
        list(
            {
                'first_age': first_age,
                'deaths': deaths,
                {% if sample %}
                'share_healthy': healthy / sample,
                'sample': sample,
                {% endif %}
                'people': people
            } order by first_age
        ) as band,
        max(fault) as fault
    from life_rows
    group by {{ keys | join(', ') }}
),

life_columns as (
    select
        {{ listed(keys) }}
        fault,
        {% for column in ['first_age', 'deaths', 'people'] + (['share_healthy', 'sample'] if sample else []) %}
        list_transform(band, lambda _band: _band.{{ column }}) as {{ column }},
        {% endfor %}
    from life_bands
),

life_rates as (
    select
        *,
        case
            when not list_has_all(first_age, {{ first_ages() }}) then 'missing_band'
            when len(first_age) > 20 then 'odd_band'
            when fault is not null then fault
            when list_sum(people) <= 5000 then 'too_few_people'
            when deaths[20] = 0 then 'no_deaths_in_last_band'
        end as refusal,
        [cast(1 as double), 4] || list_transform(range(17), lambda _i: cast(5 as double)) as width,
        -- How much of the band those lived who died in it: deaths of the first year come early.
        [cast(0.1 as double)] || list_transform(range(19), lambda _i: cast(0.5 as double)) as fraction,
        list_transform({{ bands() }}, lambda _i: deaths[_i] / people[_i]) as rate
    from life_columns
),

life_chances as (
    select
        *,
        -- The chance to die in the band; everybody dies in the last, and in one with so many deaths
        -- that nobody could be left.
        list_transform(range(1, 20), lambda _i: case
            when deaths[_i] <= people[_i] / width[_i] / fraction[_i]
                then rate[_i] * width[_i] / (1 + rate[_i] * width[_i] * (1 - fraction[_i]))
            else 1
        end) || [cast(1 as double)] as chance
    from life_rates
),

life_survivors as (
    select
        *,
        list_transform(
            {{ bands() }},
            lambda _i: 100000 * coalesce(list_product(list_transform(chance[:_i - 1], lambda _q: 1 - _q)), 1)
        ) as alive,
        list_transform(range(1, 20), lambda _i: case
            when deaths[_i] > 0 then power(chance[_i], 2) * (1 - chance[_i]) / deaths[_i]
            else 0
        end) || [4 / (deaths[20] * power(rate[20], 2))] as variance
    from life_chances
),

life_tables as (
    select
        *,
        list_transform(
            range(1, 20),
            lambda _i: width[_i] * (alive[_i + 1] + fraction[_i] * (alive[_i] - alive[_i + 1]))
        ) || [alive[20] / rate[20]] as years
    from life_survivors
)
{%- endmacro %}

{% macro bands() %}range(1, 21){% endmacro %}

{% macro first_ages() %}[0, 1] || range(5, 91, 5){% endmacro %}

{# What chance in the deaths of each band but the last adds, given what one more survivor is worth.
   Nothing where nobody can survive: what a survivor would be worth isn't known there. #}
{% macro variance_of_deaths(worth) -%}
    list_transform(range(1, 20), lambda _i: case
        when variance[_i] > 0 and alive[_i + 1] > 0 then variance[_i] * power(alive[_i], 2) * power({{ worth }}, 2)
        else 0
    end)
{%- endmacro %}

{# The end of both: a row a key and age. #}
{% macro expectancy_figures(step, keys, age, expectancy, variance, ages) -%}
expectancy_rows as (
    select
        {{ listed(keys) }}
        refusal,
        coalesce(refusal, '') not in ('missing_band', 'odd_band', 'impossible_figure') as has_all_bands,
        unnest({{ first_ages() }}) as {{ age }},
        unnest(alive) as alive,
        unnest({{ expectancy }}) as value,
        unnest(list_transform({{ bands() }}, lambda _i: sqrt({{ variance }}) / alive[_i])) as standard_error,
        unnest(list_transform({{ bands() }}, lambda _i: list_sum(deaths[_i:]))) as numerator,
        unnest(list_transform({{ bands() }}, lambda _i: list_sum(people[_i:]))) as denominator
    from {{ step }}
),

expectancy_figures as (
    select
        {{ listed(keys) }}
        {{ age }},
        case
            when refusal is not null then refusal
            when alive = 0 then 'nobody_reaches_age'
            when {{ z95() }} * standard_error > 10 then 'limits_too_wide'
        end as refusal,
        value,
        value - {{ z95() }} * standard_error as lower_95,
        value + {{ z95() }} * standard_error as upper_95,
        value - {{ z998() }} * standard_error as lower_998,
        value + {{ z998() }} * standard_error as upper_998,
        -- Sums over bands that aren't all there would be of other ages than they say.
        case when has_all_bands then numerator end as numerator,
        case when has_all_bands then denominator end as denominator
    from expectancy_rows
    {% if ages %}where {{ age }} in ({{ ages | join(', ') }}){% endif %}
)

{{ method_result('expectancy_figures', keys + [age]) }}
{%- endmacro %}
