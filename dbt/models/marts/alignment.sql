-- National and local side by side: for each link between frameworks, area and period both sides, how far
-- apart they are, whether that is beyond chance, and which is judged better. Beside these, what is worked
-- out here and published too. What may not be compared has no difference, and says why.
-- One measure given twice is of the same people: its two figures agree within rounding or they don't, and
-- chance has no part in that. No check has judged a second publication: its figure is shown where it is
-- the first's but for rounding, and is nowhere in the release where it isn't.
{% set figures = ['value', 'lower_95', 'upper_95', 'numerator', 'denominator'] %}
{% set publications = [
    'kind', 'left_code', 'left_indicator_id', 'right_code', 'apart.left_side.period_type',
    'apart.left_side.period_start', 'apart.left_side.period_end', 'apart.left_side.sex', 'apart.left_side.age',
] %}
{% set side_columns = [
    'sex', 'age', 'period_type', 'period_label', 'period_start', 'period_end', 'origin', 'source_id',
] %}
{% set judged = "('better', 'similar', 'worse')" %}
with verdicts as (
    select
        "left" as left_indicator_id,
        "right" as right_indicator_id,
        left_kind = 'series' as is_of_origins,
        arg_min(verdict, strictness) as verdict,
        arg_min(reasons, strictness) as reasons
    from (
        select
            *,
            {
                'rank': case verdict when 'not_comparable' then 1 when 'caution' then 2 else 3 end,
                'theme': theme,
                'relation': relation
            } as strictness
        from {{ ref('comparability') }}
    )
    group by "left", "right", left_kind
),

stated as (
    select
        pairs.*,
        pairs.kind <> 'two_measures' as is_one_measure,
        coalesce(pairs.left_side.status, 'published') <> 'published'
        or coalesce(pairs.right_side.status, 'published') <> 'published' as is_set_aside,
        -- A pair that nobody has assessed isn't compared; a measure is comparable with itself. Another
        -- origin calls for care also where a value was recast, which comparability doesn't know of.
        coalesce(
            verdicts.verdict,
            case pairs.kind when 'two_measures' then 'not_comparable' when 'mirror' then 'caution' else 'comparable' end
        ) as verdict,
        coalesce(
            verdicts.reasons,
            case pairs.kind
                when 'two_measures' then ['not_assessed'] when 'mirror' then ['origin'] else cast([] as varchar[])
            end
        ) as reasons
    from {{ ref('alignment_pairs') }} as pairs
    left join verdicts
        on
            pairs.left_indicator_id = verdicts.left_indicator_id
            and pairs.right_indicator_id = verdicts.right_indicator_id
            and (pairs.kind = 'mirror') = verdicts.is_of_origins
),

-- Of one measure, what hides one of its figures hides the other.
shown as (
    select
        *,
        {% for side in ['left', 'right'] %}
            {% for figure in figures %}
                case when not (is_one_measure and is_set_aside) then stated.{{ side }}_side.{{ figure }} end
                    as {{ side }}_{{ figure }},
            {% endfor %}
        {% endfor %}
        verdict <> 'not_comparable' and stated.left_side.unit = stated.right_side.unit as may_subtract,
        not is_one_measure
        and stated.left_side.lower_95 is not null
        and stated.left_side.upper_95 is not null
        and stated.right_side.lower_95 is not null
        and stated.right_side.upper_95 is not null as has_limits
    from stated
),

apart as (
    select
        *,
        case when may_subtract then left_value - right_value end as difference,
        -- Two independent values, each with the limits of its own method: their distances, squared and added.
        case
            when may_subtract and has_limits
                then left_value - right_value - {{ squared_and_added('left', 'lower', 'right', 'upper', '95') }}
        end as difference_lower_95,
        case
            when may_subtract and has_limits
                then left_value - right_value + {{ squared_and_added('left', 'upper', 'right', 'lower', '95') }}
        end as difference_upper_95,
        case when is_one_measure then {{ same_but_for_rounding('left_value', 'right_value', 'rounding') }} end
            as is_same_figure,
        max(case when kind <> 'two_measures' then shown.left_side.period_end end) over (
            partition by kind, left_indicator_id
        ) = shown.left_side.period_end as is_latest
    from shown
),

-- What England says of the two, or else most areas of the level: what differs here alone is a matter of
-- which people and events are put to which area.
with_others as (
    select
        *,
        coalesce(
            bool_and(is_same_figure) filter (where apart.left_side.area_code = 'E92000001') over same_publications,
            -- Of the others: this one differs.
            2 * count(*) filter (where is_same_figure) over same_level
            > count(is_same_figure) over same_level - 1
        ) as agrees_elsewhere
    from apart
    window
        same_publications as (partition by {{ publications | join(', ') }}),
        same_level as (partition by {{ publications | join(', ') }}, apart.left_side.area_type)
),

seen as (
    select
        *,
        {{ count_beside('left_numerator', 'right_numerator') }} as numerator_beside,
        {{ count_beside('left_denominator', 'right_denominator') }} as denominator_beside,
        case when kind = 'mirror' then 'mirror' else 'publications' end as pair,
        case when agrees_elsewhere then 'agrees' else 'differs' end as elsewhere,
        case when is_latest then 'latest' else 'earlier' end as timing
    from with_others
),

-- Rules in the order of their rank: the first that fits what was seen.
causes as (
    select
        differing.*,
        arg_min(rules.cause, cast(rules.rank as integer)) as cause
    from (
        select distinct
            pair,
            numerator_beside,
            denominator_beside,
            elsewhere,
            timing
        from seen
        where is_same_figure = false
    ) as differing
    inner join {{ ref('mirror_causes') }} as rules
        on
            {{ cause_fits('rules.numerator', 'differing.numerator_beside') }}
            and {{ cause_fits('rules.denominator', 'differing.denominator_beside') }}
            and rules.pair in ('any', differing.pair)
            and rules.elsewhere in ('any', differing.elsewhere)
            and rules.timing in ('any', differing.timing)
    group by all
),

concluded as (
    select
        *,
        case
            when seen.left_side.indicator_id is null then 'left_missing'
            when seen.right_side.indicator_id is null then 'right_missing'
            when is_set_aside then 'value_set_aside'
            -- A publication may hold the cell and give no figure in it.
            when is_one_measure and left_value is null then 'left_missing'
            when is_one_measure and right_value is null then 'right_missing'
            when is_one_measure then case when is_same_figure then 'agree' else 'differ' end
            when verdict = 'not_comparable' then 'not_comparable'
            when seen.left_side.judgement in {{ judged }} and seen.right_side.judgement in {{ judged }}
                then case when seen.left_side.judgement = seen.right_side.judgement then 'agree' else 'differ' end
            else 'not_judged'
        end as agreement,
        max(coalesce(seen.left_side.period_end, seen.right_side.period_end)) over () as newest
    from seen
    left join causes using (pair, numerator_beside, denominator_beside, elsewhere, timing)
)

select
    rows_made.theme,
    rows_made.relation,
    {% for side in ['left', 'right'] %}
        rows_made.{{ side }}_framework,
        rows_made.{{ side }}_edition,
        rows_made.{{ side }}_code,
        rows_made.{{ side }}_indicator_id,
    {% endfor %}
    coalesce(rows_made.left_side.area_type, rows_made.right_side.area_type) as area_type,
    coalesce(rows_made.left_side.area_code, rows_made.right_side.area_code) as area_code,
    case
        when rows_made.right_side.sex in ('Male', 'Female') then rows_made.right_side.sex
        else coalesce(rows_made.left_side.sex, rows_made.right_side.sex)
    end as sex,
    coalesce(rows_made.left_side.age, rows_made.right_side.age) as age,
    'all' as segment,
    'all' as breakdown_type,
    'all' as breakdown,
    {% for part in ['type', 'start', 'end'] %}
        coalesce(rows_made.left_side.period_{{ part }}, rows_made.right_side.period_{{ part }}) as period_{{ part }},
    {% endfor %}
    {% for side in ['left', 'right'] %}
        {% for column in side_columns %}
            rows_made.{{ side }}_side.{{ column }} as {{ side }}_{{ column }},
        {% endfor %}
        case
            when rows_made.is_same_figure or coalesce(rows_made.second_side, '') <> '{{ side }}'
                then rows_made.{{ side }}_value
        end as {{ side }}_value,
        {% for limit in ['lower_95', 'upper_95'] %}
            case
                when
                    coalesce(rows_made.second_side, '') <> '{{ side }}'
                    or (
                        rows_made.is_same_figure
                        and {{ same_but_for_rounding(
                            'rows_made.left_' ~ limit, 'rows_made.right_' ~ limit, 'rows_made.rounding'
                        ) }}
                    )
                    then rows_made.{{ side }}_{{ limit }}
            end as {{ side }}_{{ limit }},
        {% endfor %}
        rows_made.{{ side }}_side.unit as {{ side }}_unit,
    {% endfor %}
    {{ days_between_middles('rows_made.right_side', 'rows_made.left_side') }} as period_distance_days,
    case when rows_made.is_same_figure or rows_made.second_side is null then rows_made.difference end as difference,
    rows_made.difference_lower_95,
    rows_made.difference_upper_95,
    rows_made.difference_lower_95 > 0 or rows_made.difference_upper_95 < 0 as is_beyond_chance,
    'E92000001' as compared_with,
    {% for side in ['left', 'right'] %}
        coalesce(rows_made.{{ side }}_side.judgement, 'not_compared') as {{ side }}_judgement,
    {% endfor %}
    {% for word, name in [('better', 'says_better'), ('worse', 'says_worse')] %}
        case
            when
                coalesce(rows_made.left_side.judgement, '') not in {{ judged }}
                or coalesce(rows_made.right_side.judgement, '') not in {{ judged }}
                then null
            when rows_made.left_side.judgement = rows_made.right_side.judgement
                then case when rows_made.left_side.judgement = '{{ word }}' then 'both' end
            when rows_made.left_side.judgement = '{{ word }}' then 'left'
            when rows_made.right_side.judgement = '{{ word }}' then 'right'
        end as {{ name }},
    {% endfor %}
    rows_made.agreement,
    rows_made.verdict,
    rows_made.reasons,
    case when rows_made.agreement = 'differ' then rows_made.differs_since end as differs_since,
    case when rows_made.agreement = 'differ' then rows_made.cause end as likeliest_cause,
    coalesce(rows_made.left_owner_partner, left_indicators.owner) as left_owner,
    rows_made.newest - rows_made.left_side.period_end as left_age_days,
    coalesce(rows_made.right_owner_partner, right_indicators.owner) as right_owner,
    rows_made.newest - rows_made.right_side.period_end as right_age_days
from concluded as rows_made
inner join {{ ref('int_indicators') }} as left_indicators
    on rows_made.left_indicator_id = left_indicators.indicator_id
inner join {{ ref('int_indicators') }} as right_indicators
    on rows_made.right_indicator_id = right_indicators.indicator_id
