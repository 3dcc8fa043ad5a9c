-- One row per value that its file gives under the name of another area: those rows alone, of the area's
-- others nothing is said against. A name that stands in no row of its own speaks of all of them. How much the
-- people counted speak for the name: 1 where they do or nothing is known, less where they are closer to those
-- of the code in the period before, by as much as they are closer.
with mismatched as (
    select
        names.extract_id,
        names.area_code,
        names.area_name,
        names.other_code
    from {{ ref('evidence_names') }} as names
    where names.name_of_another = 1
),

printed as (
    select
        printed.extract_id,
        printed.area_code,
        printed.indicator_code,
        printed.period_label,
        printed.sex,
        printed.age,
        max(mismatched.other_code) as other_code
    from {{ ref('stg_fingertips__values') }} as printed
    inner join mismatched
        on
            printed.extract_id = mismatched.extract_id
            and printed.area_code = mismatched.area_code
            and lower(trim(printed.area_name)) = mismatched.area_name
    group by
        printed.extract_id, printed.area_code, printed.indicator_code, printed.period_label, printed.sex, printed.age
),

misnamed as (
    select
        candidates.row_id,
        printed.other_code
    from {{ ref('candidate_values') }} as candidates
    inner join printed
        on
            candidates.extract_id = printed.extract_id
            and candidates.area_code = printed.area_code
            and candidates.source_code = printed.indicator_code
            and candidates.period_label = printed.period_label
            and candidates.sex = printed.sex
            and candidates.age = printed.age
    union
    select
        candidates.row_id,
        mismatched.other_code
    from {{ ref('candidate_values') }} as candidates
    inner join mismatched
        on
            candidates.extract_id = mismatched.extract_id
            and candidates.area_code = mismatched.area_code
    where candidates.extract_id not in (select extract_id from {{ ref('stg_fingertips__named_areas') }})
),

-- The people counted now, and those of the code and of the name in the period before.
counted as (
    select
        misnamed.row_id,
        own.denominator,
        own.denominator_before as of_code,
        others.denominator_before as of_name
    from misnamed
    inner join {{ ref('candidate_values') }} as candidates on misnamed.row_id = candidates.row_id
    inner join {{ ref('evidence_changes') }} as own on misnamed.row_id = own.row_id
    inner join {{ ref('candidate_values') }} as named
        on
            misnamed.other_code = named.area_code
            {% for column in key_columns() + ['source_id'] if column != 'area_code' -%}
                and candidates.{{ column }} = named.{{ column }}
            {% endfor %}
    inner join {{ ref('evidence_changes') }} as others on named.row_id = others.row_id
    where least(own.denominator, own.denominator_before, others.denominator_before) > 0
)

select
    misnamed.row_id,
    max(coalesce(
        least(
            1.0,
            abs(ln(counted.denominator / counted.of_code))
            / nullif(abs(ln(counted.denominator / counted.of_name)), 0)
        ),
        1.0
    )) as misnamed
from misnamed
left join counted on misnamed.row_id = counted.row_id
group by misnamed.row_id
