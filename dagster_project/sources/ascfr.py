"""Adult Social Care Activity and Finance Report (NHS Digital): activity by council, 2016-17.

Each dimension is a key of a dictionary that the publisher issues beside the files and that is in
none of those seen: the figures are kept with their keys, and no measure is made of them. `:` stands
where there is no figure; -1 is seen among the additional items.
"""

from __future__ import annotations

from dagster_project.sources.layout import Field, Layout

_AREA = (
    Field("item_number", ("UUID",), "code", filled=True),
    Field("year_ending", ("FY_Ending",), "code", filled=True, pattern=r"20\d\d"),
    # Empty for the totals of regions and of England.
    Field("council_number", ("CASSR_CODE",), "code", pattern=r"\d{3}"),
    Field("council_code", ("GEOGRAPHY_CODE",), "code", pattern=r"E\d{8}"),
    Field("region_code", ("REGION_GO_CODE",), "code", filled=True, pattern=r"E\d{8}"),
)
_VALUE = Field("value", ("ItemValue",), "figure", markers=(":",))


def _items(kind: str, title: str, *keys: tuple[str, str]) -> Layout:
    dimensions = tuple(Field(name, (header,), "code") for name, header in keys)
    return Layout(
        layout_id=f"ascfr_{kind}",
        source_id="ascfr",
        title=title,
        container="csv",
        table="ascfr_items",
        key=(
            "item_number",
            "year_ending",
            "council_code",
            "region_code",
            *(field.name for field in dimensions),
        ),
        values=("value",),
        fields=(*_AREA, *dimensions, _VALUE),
    )


LAYOUTS = (
    _items(
        "activity",
        "ASC-FR activity by council (CSV)",
        ("data_type_key", "DataType_KEY"),
        ("age_band_key", "AgeBand_KEY"),
        ("primary_support_reason_key", "PrimarySupportReason_KEY"),
        ("care_type_key", "CareType_KEY"),
        ("support_setting_key", "SupportSetting_KEY"),
        ("purpose_key", "Purpose_KEY"),
        ("activity_provision_key", "ActivityProvision_KEY"),
    ),
    _items(
        "additional",
        "ASC-FR additional items by council (CSV)",
        ("data_source_key", "DataSource_KEY"),
        ("data_type_key", "Datatype_KEY"),
        ("age_band_key", "AgeBand_KEY"),
        ("finance_type_key", "FinanceType_KEY"),
        ("primary_support_reason_key", "PrimarySupportReason_KEY"),
        ("comparative_totals_key", "ComparativeTotals_KEY"),
    ),
)
