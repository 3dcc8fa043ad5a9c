{# Each row of `relation` by the method that it names: one row a row, as method_… macros make them.
   `relation` has numerator, denominator, multiplier and method. A row that names none of the methods
   that work from counts alone has no figures, and the reason no_method. #}
{% macro method_registered(relation, keys) -%}
{%- set methods = [
    ('crude_rate', method_crude_rate),
    ('proportion', method_proportion),
    ('ratio', method_ratio),
] -%}
{%- for name, method in methods %}
select * from (
{{ method('(select * from ' ~ relation ~ " where method = '" ~ name ~ "')", keys, multiplier='multiplier') }}
)
union all
{%- endfor %}
select
    {{ listed(keys) }}
    {%- for figure in ['value', 'lower_95', 'upper_95', 'lower_998', 'upper_998'] %}
    cast(null as double) as {{ figure }},
    {%- endfor %}
    {{ finite('numerator') }} as numerator,
    {{ finite('denominator') }} as denominator,
    'not_calculated' as status,
    'no_method' as status_reason
from {{ relation }}
where coalesce(method, '') not in ('{{ methods | map('first') | join("', '") }}')
{%- endmacro %}
