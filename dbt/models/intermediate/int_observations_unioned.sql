{{ config(materialized='view') }}

select * from {{ ref('int_fingertips__observations') }}
union all by name
select * from {{ ref('int_ascof__observations') }}
union all by name
select * from {{ ref('int_qof__observations') }}
