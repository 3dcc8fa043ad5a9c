select
    registers.extract_id,
    extracts.period,
    registers.practice_code,
    registers.group_code,
    registers.register as numerator,
    registers.list_size as denominator,
    registers.list_type
from {{ source('qof', 'qof_registers') }} as registers
inner join {{ source('ledger', 'extracts') }} as extracts using (extract_id)
