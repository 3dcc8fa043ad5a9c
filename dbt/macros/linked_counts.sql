{# From people to counts: every indicator of linked records is cut in the same ways, by the same macros.
   All of it is plain SQL that Spark runs too. #}

{# The cuts of a population: an authority, whole and by segment, sex, age, deprivation, ethnic group and
   locality; a network; a practice. One cut at a time: each further one makes small counts, of which many
   are hidden and each is one more to keep from being worked out. #}
{% macro cut_sets() %}{{ return([
    'utla_code', 'utla_code, segment', 'utla_code, sex', 'utla_code, age_group',
    'utla_code, deprivation_quintile', 'utla_code, ethnic_group', 'utla_code, locality',
    'pcn_code', 'practice_code',
]) }}{% endmacro %}

{# Every row of `relation`, which has the columns of a person's year, in each of the cuts, added up:
   `measures` are select items such as sum(x) as x; `keys` further columns to group by. #}
{% macro in_cuts(relation, measures, keys=[]) -%}
    {%- set keys = ['period_type', 'period_start', 'period_end'] + keys -%}
    select
        {{ keys | join(', ') }},
        case when utla_code is not null then 'utla' when pcn_code is not null then 'pcn' else 'practice' end as area_type,
        coalesce(utla_code, pcn_code, practice_code) as area_code,
        coalesce(sex, 'Persons') as sex,
        coalesce(age_group, 'all') as age_group,
        coalesce(segment, 'all') as segment,
        case
            when locality is not null then 'Locality'
            when deprivation_quintile is not null then 'Deprivation quintiles (IMD2019)'
            when ethnic_group is not null then 'Ethnic groups'
            else 'all'
        end as breakdown_type,
        coalesce(locality, {{ quintile_words('deprivation_quintile') }}, ethnic_group, 'all') as breakdown,
        {{ measures | join(', ') }}
    from {{ relation }}
    group by grouping sets (
        {%- for cut in cut_sets() %}
        ({{ keys | join(', ') }}, {{ cut }}){{ ',' if not loop.last }}
        {%- endfor %}
    )
    -- Nobody's sex is 'Not known' for a reader, nor is a network 'Unknown': such people count in the wholes.
    having
        coalesce(sex, '') <> 'Not known'
        and coalesce(pcn_code, '') <> 'Unknown'
        and coalesce(deprivation_quintile, 1) between 1 and 5
{%- endmacro %}

{% macro quintile_words(quintile) -%}
    case {{ quintile }}
        when 1 then 'Most deprived quintile'
        when 2 then 'Second most deprived quintile'
        when 3 then 'Middle quintile'
        when 4 then 'Second least deprived quintile'
        when 5 then 'Least deprived quintile'
    end
{%- endmacro %}

{# Broad age groups, of which each age is in one: 0 to 18, as children's measures have it. #}
{% macro broad_ages() %}{{ return([(0, 18), (19, 64), (65, 74), (75, 84), (85, 999)]) }}{% endmacro %}

{% macro age_group(age) -%}
    case
        {%- for first, last in broad_ages() %}
        when {{ age }} <= {{ last }} then '{{ first }} to {{ last }}'
        {%- endfor %}
    end
{%- endmacro %}

{# The ages that a measure counts, in words: All ages, 65+ yrs, <75 yrs, 35-64 yrs. #}
{% macro ages_in_words(first, last) -%}
    {%- if first == 0 and last == 999 -%}All ages
    {%- elif last == 999 -%}{{ first }}+ yrs
    {%- elif first == 0 -%}<{{ last + 1 }} yrs
    {%- else -%}{{ first }}-{{ last }} yrs
    {%- endif -%}
{%- endmacro %}

{# The words of an age group as far as the measure counts it: of a measure from 35 on, 35-64 yrs. 'all' is
   the whole measure. #}
{% macro age_words(first, last) -%}
    case age_group
        when 'all' then '{{ ages_in_words(first, last) }}'
        {%- for from_age, to_age in broad_ages() if to_age >= first and from_age <= last %}
        when '{{ from_age }} to {{ to_age }}'
            then '{{ ages_in_words([from_age, first] | max, [to_age, last] | min) }}'
        {%- endfor %}
    end
{%- endmacro %}

{# The five-year band of an age, as the standard population of `bands` bands has them: the last is 85+ or 90+. #}
{% macro standard_band(age, bands=19) -%}
    {%- set last = 85 if bands == 18 else 90 -%}
    case
        when {{ age }} >= {{ last }} then '{{ last }}+'
        else concat(
            cast({{ age }} - {{ age }} % 5 as varchar), '-', cast({{ age }} - {{ age }} % 5 + 4 as varchar)
        )
    end
{%- endmacro %}

{# The last select of an indicator: one shape for all. `relation` has the cuts' columns, band and both
   counts. An age group that is all of the measure is no cut of it. #}
{% macro counts_shape(relation, first, last) -%}
{%- set ns = namespace(groups=0) -%}
{%- for from_age, to_age in broad_ages() if to_age >= first and from_age <= last -%}
    {%- set ns.groups = ns.groups + 1 -%}
{%- endfor -%}
select
    area_type,
    area_code,
    period_type,
    period_start,
    period_end,
    sex,
    {{ age_words(first, last) }} as age,
    segment,
    breakdown_type,
    breakdown,
    band,
    cast(numerator as double) as numerator,
    cast(denominator as double) as denominator
from {{ relation }}
{%- if ns.groups == 1 %}
where age_group = 'all'
{%- endif %}
{%- endmacro %}

{# Events out of a population. `events` is a relation with person_id, happened_on and age; who had them and
   when decide to whose year they belong. Everybody of those ages is the population: each cut of it stands,
   whatever happened there. Events of people who aren't in any population are nobody's. #}
{% macro events_in_population(events, first=0, last=999, banded=false) -%}
{%- set keys = ['period_start', 'area_type', 'area_code', 'sex', 'age_group', 'segment', 'breakdown_type', 'breakdown'] -%}
counted_people as (
    select
        period_type,
        {{ keys | join(', ') }},
        period_end,
        {{ standard_band('age') if banded else "'all'" }} as band,
        sum(people) as denominator
    from {{ ref('int_linked__population') }}
    where age between {{ first }} and {{ last }}
    group by
        period_type, {{ keys | join(', ') }}, period_end{% if banded %}, {{ standard_band('age') }}{% endif %}
),

events_of_people as (
    select
        people.period_type,
        people.period_start,
        people.period_end,
        people.utla_code,
        people.pcn_code,
        people.practice_code,
        people.locality,
        people.segment,
        people.sex,
        people.ethnic_group,
        people.deprivation_quintile,
        {{ age_group('happened.age') }} as age_group,
        {{ standard_band('happened.age') if banded else "'all'" }} as band,
        1 as amount
    from {{ events }} as happened
    inner join {{ ref('int_linked__person_years') }} as people
        on
            happened.person_id = people.person_id
            and happened.happened_on between people.period_start and people.period_end
    where happened.age between {{ first }} and {{ last }}
),

counted_events as (
    {{ in_cuts('events_of_people', ['sum(amount) as numerator'], ['band']) }}
),

counts as (
    select
        counted_people.period_type,
        {% for key in keys -%}
            counted_people.{{ key }},
        {% endfor -%}
        counted_people.period_end,
        counted_people.band,
        coalesce(counted_events.numerator, 0) as numerator,
        counted_people.denominator
    from counted_people
    left join counted_events
        on
            {% for key in keys -%}
                counted_people.{{ key }} = counted_events.{{ key }} and
            {% endfor -%}
            counted_people.band = counted_events.band
)

{{ counts_shape('counts', first, last) }}
{%- endmacro %}

{# People, or what belongs to them, of whom some count above the line. `rows` is a relation with person_id,
   period_start, age, numerator and denominator: whole numbers, the denominator of parts of one `per`. #}
{% macro shares_of_people(rows, first=0, last=999, per=1) -%}
{{ people_given(rows, first, last) }},

counts as (
    {{ in_cuts('people_given', [
        "'all' as band", 'sum(numerator) as numerator', 'cast(sum(denominator) as double) / ' ~ per ~ ' as denominator',
    ]) }}
)

{{ counts_shape('counts', first, last) }}
{%- endmacro %}

{# Values of people, each of which counts once in a mean: a row for each person and cut. `rows` is a relation
   with person_id, period_start, age and value. #}
{% macro values_of_people(rows, first=0, last=999) -%}
{{ people_given(rows, first, last, ['value']) }},

counts as (
    {{ in_cuts('people_given', ["'all' as band", 'max(value) as numerator', '1 as denominator'], ['person_id']) }}
)

{{ counts_shape('counts', first, last) }}
{%- endmacro %}

{# The people of a relation as they were on the first day of its year. #}
{% macro people_given(rows, first, last, measures=['numerator', 'denominator']) -%}
people_given as (
    select
        people.period_type,
        people.period_start,
        people.period_end,
        people.utla_code,
        people.pcn_code,
        people.practice_code,
        people.locality,
        people.segment,
        people.sex,
        people.ethnic_group,
        people.deprivation_quintile,
        {{ age_group('given.age') }} as age_group,
        given.person_id,
        given.{{ measures | join(', given.') }}
    from {{ rows }} as given
    inner join {{ ref('int_linked__person_years') }} as people
        on given.person_id = people.person_id and given.period_start = people.period_start
    where given.age between {{ first }} and {{ last }}
)
{%- endmacro %}
