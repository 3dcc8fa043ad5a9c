-- What came of each check of each indicator, over all of its groups of values.
select
    indicator_id,
    check_id,
    min(title) as title,
    min(question) as question,
    min(severity) as severity,
    count(*) filter (where outcome = 'pass') as pass,
    count(*) filter (where outcome = 'pass with failures') as pass_with_failures,
    count(*) filter (where outcome = 'fail') as fail,
    count(*) filter (where outcome = 'error') as error,
    count(*) filter (where outcome = 'not applicable') as not_applicable,
    sum(tested) as tested,
    sum(failed) as failed
from check_results
where indicator_id is not null
group by indicator_id, check_id
order by indicator_id, check_id
