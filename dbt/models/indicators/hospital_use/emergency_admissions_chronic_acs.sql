-- Emergency admissions whose first diagnosis is a chronic condition that care outside hospital should keep
-- from it. Acute bronchitis (J20) counts where a chronic disease of the lung stands beside it.
with listed as (
    select
        episode_key,
        person_id,
        admitted_on,
        age,
        code_list,
        is_first_diagnosis
    from {{ ref('int_linked__admission_lists') }}
    where is_emergency
),

events as (
    select
        person_id,
        admitted_on as happened_on,
        age
    from listed
    where is_first_diagnosis and code_list = 'acs_chronic'
    union all
    select
        bronchitis.person_id,
        bronchitis.admitted_on as happened_on,
        bronchitis.age
    from listed as bronchitis
    inner join listed as beside
        on bronchitis.episode_key = beside.episode_key and beside.code_list = 'copd_beside'
    where bronchitis.is_first_diagnosis and bronchitis.code_list = 'acs_chronic_with_copd'
),

{{ events_in_population('events', banded=true) }}
