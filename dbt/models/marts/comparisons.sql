{{ config(materialized='view', pre_hook="{{ write_comparison_lists() }}") }}

-- Each value beside England's, beside its own region's, and beside those of the areas it is like
-- where a dated set of peers says so: the same indicator, period, sex, age and origin. England's and
-- the regions' values are the publisher's own, or worked out from their counts; never averages.
-- Rests only on what this release publishes; every refusal to compare says why.
-- A value recast here to today's area was added up from a publisher's counts: its comparator is the
-- publisher's value too, where the source isn't one of counts that all areas' values are computed from.
-- Like the rest of it, the words that are said of a comparison are kept as numbers beside a list.
-- depends_on: {{ ref('state_words') }}
with compared as (
    {{ compared(ref('indicator_values')) }}
)

select
    * replace (
        {% for column in comparison_words() -%}
            cast({{ column }} as {{ word_list('compared_' ~ column) }}) as {{ column }}{{ ',' if not loop.last }}
        {% endfor -%}
    )
from compared
