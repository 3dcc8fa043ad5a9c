"""An inbox of NHSOF, PROMs, the panel of boards and Fingertips at second hand: small files."""

from __future__ import annotations

from tests.support import landing_files as files
from tests.support import landing_more_files as more

# A code that the 2016/17 edition gave to another measure, in a file whose number nobody knows.
REUSED = more.table(
    "Year,Breakdown,Level,Indicator value",
    "2012,England,England,61.5",
    "2016,England,England,62.5",
)
# Another word for a sex that is known, and one that is none.
SEXES = more.table(
    ",".join(more.nhsof_admissions()[0]),
    "2013/14,,A year,Gender,F,Women,781.5,771.1,791.9,,,,200,25000,,",
    "2013/14,,A year,Gender,X,Not stated,9.5,8.1,10.9,,,,20,2500,,",
    "2013/14,,A year,Gender,M,Mixed,9.7,8.1,10.9,,,,20,2500,,",
)
INBOX = {
    more.NHSOF_NAME: files.as_csv([*more.nhsof_admissions(), *SEXES[1:]]),
    "NHSOF_2.2_I00707_D.xlsx": more.nhsof_workbook(more.nhsof_employment()),
    "NHSOF_2.2_I00707_D_V2.xlsx": more.nhsof_workbook(
        files.change(more.nhsof_employment(), 2, "Indicator value", "60.7")
    ),
    "NHSOF_1.6.ii_I99999_D.csv": files.as_csv(REUSED),
    "Key Facts 1819.csv": files.as_csv(more.proms_key_facts()),
    "ProvComm 1819.csv": files.as_csv(more.proms_measures()),
    "series.csv": files.as_csv(more.proms_series()),
    "questionnaires.csv": files.as_csv(more.proms_records()),
    "panel.csv": files.as_csv(more.icb_panel()),
    "derived.csv": files.as_csv(more.derived()),
    "README.md": b"# Words\n",
}
