{# Why two series may not be compared, or only with caution: one line a rule, the reason and when it
   holds. A new rule is a line here and one in seeds/comparability_reasons.csv, which has its verdict,
   its sentence and its place among the reasons.

   `l` and `r` are the two sides, as `comparable_side` makes them. A condition that is neither true
   nor false, because something isn't known of a side, gives no reason. `area_link`, `is_broken` and
   `is_changed` are of the pair: see `method_comparability`. #}
{% macro comparability_rules() %}{{ return([
    ('never_published', "l.life_cycle = 'draft' or r.life_cycle = 'draft'"),
    ('other_measure', "l.concept <> r.concept"),
    ('measured_as', "l.measured_as <> r.measured_as"),
    ('opposite_direction', "l.concept = r.concept and l.good_is <> r.good_is"),
    ('instrument', "l.measured_as = 'score' and r.measured_as = 'score' and l.instrument <> r.instrument"),
    ('other_people', "l.population <> r.population"),
    ('follow_up', "l.follow_up_days <> r.follow_up_days"),
    ('unit', "l.unit <> r.unit"),
    ('standardisation', "l.measured_as is not distinct from r.measured_as and l.standardised <> r.standardised"),
    ('standard_population', "l.standard_population <> r.standard_population"),
    ('case_mix', "l.measured_as = r.measured_as and l.case_mix <> r.case_mix"),
    ('replaced_measure', "l.replaces = r.indicator_id or r.replaces = l.indicator_id"),
    ('definition_version', "l.indicator_id = r.indicator_id and l.definition_version <> r.definition_version"),
    ('break_in_series', "is_broken or (l.indicator_id = r.indicator_id and l.series_part <> r.series_part)"),
    ('period_length', "l.months <> r.months"),
    ('age', "l.age <> r.age"),
    ('part_of_whole', "l.is_both_sexes <> r.is_both_sexes or l.is_every_group <> r.is_every_group"),
    ('boundary_changed', "area_link = 'part'"),
    ('same_combined_area', "l.published_with = r.area_code"),
    ('indirectly_standardised', "l.standardised = 'indirectly' and l.area_code <> r.area_code and 'england' not in (l.area_type, r.area_type)"),
    ('crude_where_standardised', "l.area_code <> r.area_code and (l.is_crude or r.is_crude)"),
    ('not_described', "l.indicator_id <> r.indicator_id and (l.concept is null or r.concept is null)"),
    ('other_survey', "l.measured_as = r.measured_as and l.measured_as <> 'score' and l.instrument <> r.instrument"),
    ('source_kind', "l.source_kind <> r.source_kind"),
    ('population_basis', "l.population_basis <> r.population_basis"),
    ('break_caution', "is_changed"),
    ('period_type', "l.months = r.months and l.months >= 12 and l.first_month <> r.first_month"),
    ('season', "l.months = r.months and l.months < 12 and l.first_month <> r.first_month"),
    ('overlapping_periods', "l.area_code is not distinct from r.area_code and l.period_start <= r.period_end and r.period_start <= l.period_end and (l.period_start, l.period_end) <> (r.period_start, r.period_end)"),
    ('other_time', "(l.area_code <> r.area_code or l.indicator_id <> r.indicator_id) and (l.period_end < r.period_start or r.period_end < l.period_start)"),
    ('area_recoded', "area_link = 'whole'"),
    ('recast_area', "l.area_vintage <> r.area_vintage"),
    ('combined_area', "l.area_code <> r.area_code and coalesce(l.published_with, r.published_with) is not null and coalesce(l.published_with, '') <> r.area_code"),
    ('area_tier', "l.area_type <> r.area_type and not ('england' in (l.area_type, r.area_type) or 'region' in (l.area_type, r.area_type))"),
    ('sex', "l.sex in ('Male', 'Female') and r.sex in ('Male', 'Female') and l.sex <> r.sex"),
    ('other_group', "not l.is_every_group and not r.is_every_group and l.group_name <> r.group_name"),
    ('origin', "l.origin <> r.origin"),
    ('two_measures', "l.indicator_id <> r.indicator_id"),
]) }}{% endmacro %}

{# What may be said of either side of a pair, as left_… and right_…, with its type; NULL is what the
   indicator's own row says, or nothing. `series_part`, `area_vintage`, `months` and `first_month`
   stand for what has no area and no dates: see int_series_signature. #}
{% macro comparable_columns() %}{{ return({
    'indicator_id': 'varchar', 'definition_version': 'varchar', 'value_type': 'varchar',
    'standard_population': 'varchar', 'population_basis': 'varchar', 'sex': 'varchar', 'age': 'varchar',
    'segment': 'varchar', 'breakdown_type': 'varchar', 'breakdown': 'varchar', 'origin': 'varchar',
    'source_id': 'varchar', 'published_on': 'date', 'area_code': 'varchar', 'area_type': 'varchar',
    'area_vintage': 'varchar', 'period_start': 'date', 'period_end': 'date', 'series_part': 'varchar',
    'months': 'integer', 'first_month': 'integer',
}) }}{% endmacro %}

{# What a series' signature is made of, in this order. #}
{% macro signature_columns() %}{{ return([
    'indicator_id', 'definition_version', 'series_part', 'value_type', 'population_basis', 'area_type', 'area_vintage',
    'months', 'first_month', 'sex', 'age', 'segment', 'breakdown_type', 'breakdown', 'origin',
]) }}{% endmacro %}

{# A series' signature, of columns that have those names; ? for what isn't known. #}
{% macro signature_text() -%}
    concat_ws(
        ' | '{% for column in signature_columns() %}, coalesce(cast({{ column }} as varchar), '?'){% endfor %}
    )
{%- endmacro %}
