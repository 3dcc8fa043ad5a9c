-- Which indicators the codes of a framework's edition lead to.
select
    framework,
    edition,
    code,
    indicator_id,
    title
from {{ ref('framework_indicators') }}
