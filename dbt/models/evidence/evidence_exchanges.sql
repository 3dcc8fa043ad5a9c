-- One row per value of men or women that has both now and in the period before: by how much both fit each
-- other's past better than their own, as a difference of squared standard errors. Where men and women are alike,
-- it is about nought; where they differ and keep to their own, it is below.
with sexes as (
    select
        candidates.*,
        changes.group_id,
        changes.value as value_now,
        changes.value_before,
        changes.variance
    from {{ ref('evidence_changes') }} as changes
    inner join {{ ref('candidate_values') }} as candidates on changes.row_id = candidates.row_id
    where candidates.sex in ('Male', 'Female') and changes.variance > 0 and changes.value_before is not null
),

pairs as (
    select
        men.row_id as men_id,
        women.row_id as women_id,
        men.group_id,
        power(men.value_now - men.value_before, 2) / men.variance
        + power(women.value_now - women.value_before, 2) / women.variance as from_own,
        power(men.value_now - women.value_before, 2) / men.variance
        + power(women.value_now - men.value_before, 2) / women.variance as from_other
    from sexes as men
    inner join sexes as women
        on
            men.sex = 'Male' and women.sex = 'Female'
            {% for column in key_columns() + ['source_id'] if column != 'sex' -%}
                and men.{{ column }} = women.{{ column }}
            {% endfor %}
),

-- Areas vary by more than chance. By how much is told by whichever reading fits the group better, the columns
-- as they are or exchanged, in terms of the median of chi-squared with two degrees of freedom.
spreads as (
    select
        group_id,
        greatest(1.0, least(median(from_own), median(from_other)) / 1.3862943611198906) as spread,
        median(from_own - from_other) as usual_gain
    from pairs
    group by group_id
)

select
    unnest([pairs.men_id, pairs.women_id]) as row_id,
    -- Where most of a group changed places all did, those too in which both sexes are alike.
    greatest(pairs.from_own - pairs.from_other, spreads.usual_gain) / spreads.spread as exchange_gain
from pairs
inner join spreads on pairs.group_id = spreads.group_id
