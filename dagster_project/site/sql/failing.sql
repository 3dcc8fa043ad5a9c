-- Checks that found something, worst first.
select
    check_id,
    min(title) as title,
    min(question) as question,
    min(severity) as severity,
    count(*) filter (where outcome = 'fail') as fail,
    count(*) filter (where outcome = 'error') as error,
    count(*) filter (where outcome = 'pass with failures') as pass_with_failures,
    count(distinct indicator_id) as indicators,
    sum(failed) as failed
from check_results
where outcome in ('fail', 'error', 'pass with failures')
group by check_id
order by error desc, fail desc, pass_with_failures desc, check_id
