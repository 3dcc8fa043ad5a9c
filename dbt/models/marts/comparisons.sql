{{ config(materialized='view') }}

-- Each value beside England's, beside its own region's, and beside those of the areas it is like
-- where a dated set of peers says so: the same indicator, period, sex, age and origin. England's and
-- the regions' values are the publisher's own, or worked out from their counts; never averages.
-- Rests only on what this release publishes; every refusal to compare says why.
-- A value recast here to today's area was added up from a publisher's counts: its comparator is the
-- publisher's value too, where the source isn't one of counts that all areas' values are computed from.
{{ compared(ref('indicator_values')) }}
