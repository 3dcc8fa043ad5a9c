-- One row per group of values with a period before: the share of its values whose sex, age and cut the
-- period before had none of. Where it is all of them, other people are counted under the same name.
with cuts as (
    select
        {{ group_number() }} as group_id,
        sex,
        age,
        segment,
        breakdown_type,
        breakdown,
        count(*) as n_rows
    from {{ ref('candidate_values') }}
    group by
        indicator_id, area_type, period_type, period_start, period_end, source_id,
        sex, age, segment, breakdown_type, breakdown
)

select
    cuts.group_id,
    sum(case when earlier.group_id is null then cuts.n_rows else 0 end) / sum(cuts.n_rows) as new_cuts_share,
    cast(sum(cuts.n_rows) as bigint) as n_rows
from cuts
inner join {{ ref('evidence_periods') }} as periods on cuts.group_id = periods.group_id
left join cuts as earlier
    on
        periods.before_id = earlier.group_id
        {% for column in ['sex', 'age', 'segment', 'breakdown_type', 'breakdown'] -%}
            and cuts.{{ column }} = earlier.{{ column }}
        {% endfor %}
where periods.before_id is not null
group by cuts.group_id
