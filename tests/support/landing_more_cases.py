"""A small file of each layout of the later sources, and what must come of it."""

from __future__ import annotations

from tests.support import landing_files as files
from tests.support import landing_more_files as more
from tests.support.landing_more_files import table

csv = files.as_csv

# Name, content, layout, rows read and rows kept.
REAL: dict[str, tuple[bytes, str, int, int]] = {
    more.NHSOF_NAME: (csv(more.nhsof_admissions()), "nhsof_indicator_csv", 5, 5),
    "nhsof_2.2_i00707_d_v3.xlsx": (
        more.nhsof_workbook(more.nhsof_employment()),
        "nhsof_indicator_xlsx",
        3,
        3,
    ),
    "Key Facts 1819.csv": (csv(more.proms_key_facts()), "proms_key_facts", 2, 2),
    "ProvComm 1819.csv": (csv(more.proms_measures()), "proms_provider_commissioner", 6, 6),
    "series.csv": (csv(more.proms_series()), "proms_time_series", 4, 4),
    "Equality 1819.csv": (csv(more.proms_equality()), "proms_equality", 2, 2),
    "PartLink 1819.csv": (csv(more.proms_participation()), "proms_participation", 63, 63),
    "questionnaires.csv": (csv(more.proms_records()), "proms_records", 6, 2),
    "model Apr22-Mar23.csv": (csv(more.shmi_model()), "shmi_model", 2, 2),
    "icd.xlsx": (
        files.as_xlsx(
            {"Sheet1": table("ICD-10 CODE,CCS_CATEGORY,SHMI_DIAGNOSIS_GROUP", "A000,135,83")}
        ),
        "shmi_diagnosis_lookup",
        1,
        1,
    ),
    "labels.xlsx": (
        files.as_xlsx(
            {
                "Sheet1": table(
                    "SHMI_DIAGNOSIS_GROUP,CCS_CATEGORIES,CCS_LABELS,SUMMARY_DESCRIPTION,short_label,"
                    "one_word",
                    "1,1,Label,Summary,Short,One",
                    ",,,,NA,NA",
                )
            }
        ),
        "shmi_group_labels",
        2,
        2,
    ),
    "charlson.xlsx": (
        files.as_xlsx({"Sheet1": table("condition,icd10,charlson", "A condition,I21,5")}),
        "shmi_comorbidities",
        1,
        1,
    ),
    "panel.csv": (csv(more.icb_panel()), "icb_panel", 4, 4),
    "catalogue.csv": (more.icb_catalogue(), "icb_panel_catalogue", 2, 2),
    "bsol.xlsx": (
        files.as_xlsx(
            {
                "Cover": table("Sheet Name,Description", "FT,words"),
                "FT": table("IndicatorID,FingerTips_id,AreaType", "5,811,LA"),
                "meta": table("IndicatorID,FingerTips_ID", "8,20601"),
            }
        ),
        "bsol_fingertips_indicators",
        1,
        1,
    ),
    "parameters.csv": (
        csv(
            table(
                "IndicatorID,ReferenceID,MinAge,MaxAge,AgeCategory,GenderCategory,"
                "StandardizedIndicator,PreDeterminedDenominator",
                "1,212,,,All ages,Persons,N,Y",
            )
        ),
        "bsol_parameters",
        1,
        1,
    ),
    "practices.csv": (
        csv(
            table(
                "Practice_Code,Type,PCN,PCN_Code,Locality,Locality_Code,LA,LA_Code",
                "M85002,Main,A,U44537,West,BSOL012,Birmingham,E08000025",
                "M85002 001,Branch,A,U44537,West,BSOL012,Birmingham,E08000025",
            )
        ),
        "bsol_practices",
        2,
        2,
    ),
    "wards.csv": (
        csv(
            table(
                "ParentCode,ParentName,AreaCode,AreaName,Locality",
                "E08000029,Solihull,E05001284,A ward,Solihull",
            )
        ),
        "bsol_wards",
        1,
        1,
    ),
    "ethnic.csv": (
        csv(
            table(
                "NHSCode,NHSCodeDefinition,LocalGrouping,CensusEthnicGroup,ONSGroup",
                "A,White - British,White,13,White British",
            )
        ),
        "nhs_ethnic_categories",
        1,
        1,
    ),
    "activity.csv": (csv(more.ascfr("activity")), "ascfr_activity", 2, 2),
    "additional.csv": (csv(more.ascfr("additional")), "ascfr_additional", 2, 2),
    "life.csv": (csv(more.derived()), "fingertips_derived", 6, 6),
    "list.csv": (csv(more.indicator_list()), "fingertips_indicator_list", 2, 2),
    "next.csv": (
        csv(
            table(
                "IndicatorID,Polarity,BenchmarkComparisonMethod,ValueType,IndicatorName,PeriodType,"
                "Frequency,RequiresGeoAggregation",
                "41101,Low is good,Quintiles,Proportion,A name,Financial,annually,False",
            )
        ),
        "fingertips_next_indicators_csv",
        1,
        1,
    ),
    "next.json": (more.next_indicators_json(), "fingertips_next_indicators_json", 2, 2),
    "ages.csv": (
        csv(table("AgeID,Age,MinYears,MaxYears", "1,All ages,0,150")),
        "fingertips_next_ages",
        1,
        1,
    ),
    "categories.csv": (
        csv(table("CategoryName,CategoryTypeName,Sequence", "Most deprived,Deciles,10")),
        "fingertips_next_categories",
        1,
        1,
    ),
    "portal.json": (files.as_json(more.portal()), "portal_indicators", 2, 2),
    "ccgs.csv": (csv(table("CCG Code,CCG Name", "00C,A group")), "portal_ccg_names", 1, 1),
    "refsets-dm_cod.csv": (
        csv(table("code,term", "22164911000001100,A term", "162660004,Another")),
        "code_list_terms",
        2,
        2,
    ),
    "drugs.csv": (csv(table("code,", "10617711000001103,")), "code_list_unnamed_column", 1, 1),
    "ethnicity.csv": (
        csv(table("Description,Code,Grouping_16,Grouping_6", "A group,9S1..,1,1")),
        "code_list_ethnicity",
        1,
        1,
    ),
    "fractions.csv": (csv(more.alcohol_fractions()), "alcohol_attributable_fractions", 1, 1),
    "chapters.csv": (
        csv(
            table(
                "Chapter_number,Chapter_description,Short_code_three,Cause_description",
                "1,A chapter,A00,Cholera",
            )
        ),
        "icd10_chapters",
        1,
        1,
    ),
    "falls.csv": (
        csv(table("Code,Cause_description,Condition_group", "D58,A cause,Anaemia")),
        "icd10_falls_groups",
        1,
        1,
    ),
    "adjustments_2021.csv": (
        csv(
            table(
                "INDICATOR_CODE,PCA_EXCL_NAME,PCA_EXCL_SHORT_NAME,PCA_EXCL_DESCRIPTION,TYPE,"
                "GENERAL_SPECIFIC,PCA_CATEGORY,PCA_CATEGORY_DESCRIPTION",
                "AF006,INVITE,INV,Words,PCA,General,4,Words",
            )
        ),
        "qof_adjustments",
        1,
        1,
    ),
    "points_2021.csv": (
        csv(table("PRACTICE_CODE,REVISED_MAXIMUM_POINTS", "A81001,567")),
        "qof_practice_points",
        1,
        1,
    ),
    "validation_2021.csv": (
        csv(table("PRACTICE_CODE,VALIDATION_RULE,RULE_DESCRIPTION", "A82034,1,A rule")),
        "qof_validation",
        1,
        1,
    ),
}
