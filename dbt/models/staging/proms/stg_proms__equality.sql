select
    equality.extract_id,
    extracts.period,
    trim(equality.dimension) as dimension,
    trim(equality.part) as part,
    trim(equality.procedure) as procedure,
    trim(equality.measure) as measure,
    equality.score_before_mean,
    equality.score_after_mean,
    equality.health_gain_mean,
    equality.health_gain_median,
    equality.improved,
    equality.unchanged,
    equality.worsened,
    equality.total
from {{ source('proms', 'proms_equality') }} as equality
inner join {{ source('ledger', 'extracts') }} as extracts using (extract_id)
