{# Our words for the rows of `compared` beside the publisher's. #}
with ours as (
    {{ method_comparison('compared', ['row_id']) }}
),

{# For practices the publisher asks instead whether the value is within the 99.8% control limits
   that chance alone would put around England's proportion. #}
controlled as (
    select
        row_id,
        case
            when value < multiplier * {{ wilson_lower('(england_share * denominator)', 'denominator', z998()) }}
                then 'lower'
            when value > multiplier * {{ wilson_upper('(england_share * denominator)', 'denominator', z998()) }}
                then 'higher'
            else 'similar'
        end as control_word
    from compared
    where value_type = 'proportion' and polarity = 'no_judgement'
),

verdicts as (
    select
        compared.edition,
        compared.indicator_code,
        compared.indicator_id,
        compared.polarity,
        compared.word,
        ours.judgement,
        case
            when area_code = 'E92000001' then 'England itself'
            when ours.judgement = 'not_compared' and coalesce(word, 'not compared') = 'not compared'
                then 'neither compares: ' || ours.reason
            when coalesce(word, 'not compared') = 'not compared' then 'the publisher does not compare it'
            when ours.judgement = 'not_compared' then 'we do not compare it: ' || ours.reason
        end as reason,
        controlled.control_word,
        compared.area_code,
        compared.period_label
    from compared
    inner join ours using (row_id)
    left join controlled using (row_id)
),

indicators_controlled as (
    select indicator_code
    from verdicts
    where reason is null
    group by indicator_code
    having count(*) filter (word <> judgement) > 0 and bool_and(coalesce(word = control_word, false))
)

select
    * replace (
        case
            when reason is not null then reason
            when indicator_code in (from indicators_controlled) and word <> judgement
                then 'similar for the publisher, within the 99.8% control limits around England'
            when word <> judgement then 'not found out'
        end as reason
    ),
    case
        when reason is not null then 'not_comparable'
        when word = judgement then 'matched'
        when indicator_code in (from indicators_controlled) then 'departs'
        else 'differs'
    end as verdict
from verdicts
