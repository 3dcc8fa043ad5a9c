select
    model.extract_id,
    extracts.period,
    model.indicator_number,
    cast(model.diagnosis_group as integer) as diagnosis_group,
    model.predictor,
    model.estimate,
    model.standard_error,
    -- Without a standard error: the level that the predictor's others are set against.
    model.standard_error is null as is_reference_level
from {{ source('shmi', 'shmi_model') }} as model
inner join {{ source('ledger', 'extracts') }} as extracts using (extract_id)
