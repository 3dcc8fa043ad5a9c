-- One row per sex, age, segment, breakdown type and breakdown that values are cut by, with what is
-- wrong in the words themselves. There are few of them, so that words are looked at once each.
with cuts as (
    select
        sex,
        age,
        segment,
        breakdown_type,
        breakdown
    from {{ ref('int_observations') }}
    group by sex, age, segment, breakdown_type, breakdown
),

written as (
    select
        *,
        [sex, age, segment, breakdown_type, breakdown] as parts,
        {{ first_year_of_age('age') }} as first_year,
        {{ last_year_of_age('age') }} as last_year
    from cuts
),

-- What is left of a word without case, spaces and punctuation: two that agree in it are one.
spellings as (
    select
        'age' as part,
        age as word
    from cuts
    union
    select
        'breakdown_type' as part,
        breakdown_type as word
    from cuts
    union
    select
        'breakdown of ' || breakdown_type as part,
        breakdown as word
    from cuts
),

-- 85+ and 85-, <18 and >18 differ in the signs alone: these stay.
doubles as (
    select
        part,
        lower(regexp_replace(word, '[^A-Za-z0-9<>=+/-]', '', 'g')) as letters
    from spellings
    group by part, letters
    having count(*) > 1
),

spelled_twice as (
    select
        spellings.part,
        spellings.word
    from spellings
    inner join doubles
        on
            spellings.part = doubles.part
            and lower(regexp_replace(spellings.word, '[^A-Za-z0-9<>=+/-]', '', 'g')) = doubles.letters
),

stand_ins as (
    select list(lower(stand_in)) as words
    from {{ ref('stand_ins') }}
    where kind = 'text'
),

dimensions as (
    select
        registered.breakdown_type,
        any_value(registered.dimension) as dimension,
        list(lower(categories.category)) as categories
    from {{ ref('breakdown_dimensions') }} as registered
    inner join {{ ref('harmonised_categories') }} as categories
        on registered.dimension = categories.dimension
    group by registered.breakdown_type
)

select
    written.sex,
    written.age,
    written.segment,
    written.breakdown_type,
    written.breakdown,
    written.first_year,
    written.last_year,
    coalesce(
        -- Publishers' ages begin with a number and name its unit, or are one of a few words.
        regexp_full_match(
            written.age,
            'All ages|Not applicable|Newborn|'
            || '[<>=]* ?[0-9].*(y|yr|yrs|years|m|mth|mths|months|w|wk|wks|weeks|days|birth)\b.*'
        ),
        false
    ) as is_age_known,
    -- A total stands in the words for all of something, and nowhere else; nor is a blank all.
    cast(
        len(list_filter(written.parts, lambda word: word is null or trim(word) = '')) > 0
        or regexp_full_match(written.breakdown, '(?i)\s*(total|all|all persons|grand total)\s*')
        <> (written.breakdown = 'all' and written.breakdown_type = 'all')
        or regexp_full_match(written.age, '(?i)\s*(total|all|all persons)\s*')
        or regexp_full_match(written.segment, '(?i)\s*(total)\s*')
        as double
    ) as total_in_key,
    cast(
        len(list_filter(written.parts, lambda word: word <> trim(word) or word like '%  %')) > 0
        or ages.word is not null
        or types.word is not null
        or breakdowns.word is not null
        as double
    ) as spelling_differs,
    cast(
        len(list_filter(written.parts, lambda word: list_contains(stand_ins.words, lower(trim(word))))) > 0
        as double
    ) as stand_in_key,
    case
        when dimensions.categories is not null
            then cast(not list_contains(dimensions.categories, lower(written.breakdown)) as double)
    end as category_not_harmonised
from written
cross join stand_ins
left join spelled_twice as ages on ages.part = 'age' and written.age = ages.word
left join spelled_twice as types on types.part = 'breakdown_type' and written.breakdown_type = types.word
left join spelled_twice as breakdowns
    on
        breakdowns.part = 'breakdown of ' || written.breakdown_type
        and written.breakdown = breakdowns.word
left join dimensions on written.breakdown_type = dimensions.breakdown_type
