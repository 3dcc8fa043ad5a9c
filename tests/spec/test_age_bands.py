"""How an age in years becomes a band of five years.

| age | band |
|---|---|
| 0 to 4 | 0-4 |
| 85 to 89 | 85-89 |
| 90 and over | 90+ |
| none stated | All ages |
"""

from __future__ import annotations

import pytest

from tests.support import macros

BANDS = [
    *((age, f"{age // 5 * 5}-{age // 5 * 5 + 4}") for age in range(90)),
    (90, "90+"),
    (104, "90+"),
    (None, "All ages"),
]


@pytest.mark.parametrize(("age", "band"), BANDS)
def test_an_age_belongs_to_one_band(age: int | None, band: str) -> None:
    stated = "cast(null as integer)" if age is None else str(age)
    first = macros.sql("ages.sql", f'first_age_of_band("({stated})")')
    # Within quotation marks, as a macro takes what another has made.
    said = macros.sql("ages.sql", f'age_band("({" ".join(first.split())})")')
    assert macros.value(said) == band
