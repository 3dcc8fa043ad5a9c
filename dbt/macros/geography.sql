{# Counts by small area of 2011 as counts by those of 2021: every column of `relation` but lsoa11_code and
   the counts is kept, and lsoa21_code stands in the place of the first. An area that became several is
   shared out between them, which is_estimated says. Totals are kept: what no lookup knows stands without
   a code. A count that is missing in one of the areas merged is missing in the whole, not nought. #}
{% macro recast_small_areas(relation, count_columns, changes=none) -%}
select
    changes.lsoa21_code,
    counted.* exclude (lsoa11_code, {{ count_columns | join(', ') }}),
    {%- for column in count_columns %}
    case
        when count(counted.{{ column }}) = count(*)
            then {{ steady_sum('coalesce(changes.share_of_2011, 1) * counted.' ~ column) }}
    end as {{ column }},
    {%- endfor %}
    bool_or(coalesce(changes.share_of_2011 < 1, false)) as is_estimated
from {{ relation }} as counted
left join {{ changes or ref('int_small_area_changes') }} as changes on counted.lsoa11_code = changes.lsoa11_code
group by all
{%- endmacro %}
