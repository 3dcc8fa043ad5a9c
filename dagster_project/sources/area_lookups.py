"""Lookups from areas of one level to areas of another: a link a row and parent.

ONS lookups as Parquet, with a column `<level>_code` and `<level>_name` each; the same as ONS issues
them, as CSV with its own short headers; and local ones of small areas to primary care networks.
"""

from __future__ import annotations

from dagster_project.sources.layout import Field, Layout

LINK_FIELDS = (
    Field("child_level", ("child_level",), "code", filled=True),
    Field("child_code", ("child_code",), "code", filled=True),
    Field("child_name", ("child_name",)),
    Field("parent_level", ("parent_level",), "code", filled=True),
    Field("parent_code", ("parent_code",), "code", filled=True),
    Field("parent_name", ("parent_name",)),
    Field("change_code", ("change_code",), "code"),
)


def _links(pairs: list[tuple[str, str]], changed: str | None = None) -> str:
    """SQL that makes a link of each row and pair of levels; `changed` is the pair's parent level
    whose link has ONS's letter for the change.
    """
    links = " union all ".join(
        f"select '{child}' as child_level, {child}_code as child_code, {child}_name as child_name,"
        f" '{parent}' as parent_level, {parent}_code as parent_code, {parent}_name as parent_name,"
        f" {'change_code' if parent == changed else 'null'} as change_code from incoming_file"
        for child, parent in pairs
    )
    return (
        f"select distinct * from ({links}) where child_code is not null and parent_code is not null"
    )


def _lookup(
    child: str,
    *parents: str,
    change: bool = False,
    short_codes: str = "",
    rest_of: str | None = None,
) -> Layout:
    """A lookup of `child` areas to one or more `parents`, as Parquet.

    `change` is ONS's letter for how the area changed (U same, S split, M merged, X irregular);
    `short_codes` is the ending of a column that holds the NHS code beside the ONS code. The parents
    after `rest_of` are its parents: an area of 2011 may have been split between two districts.
    """
    levels = (child, *parents)
    pairs = [(child if parent == rest_of else rest_of or child, parent) for parent in parents]
    fields = [
        field
        for level in levels
        for field in (
            Field(f"{level}_code", (f"{level}_code",), "code"),
            Field(f"{level}_name", (f"{level}_name",)),
        )
    ]
    fields += [
        Field(f"{level}_{short_codes}", (f"{level}_{short_codes}",), "code")
        for level in parents
        if short_codes and not level.startswith("ltla")
    ]
    if change:
        fields.append(Field("change_code", ("change_code",), "code"))
    return Layout(
        layout_id=f"lookup_{'_'.join(levels)}",
        source_id="areas_lookups",
        title=f"ONS lookup from {child} to {', '.join(parents)} (Parquet)",
        container="parquet",
        table="area_links",
        key=("child_level", "child_code", "parent_level", "parent_code"),
        values=("change_code",),
        fields=tuple(fields),
        table_fields=LINK_FIELDS,
        # England has some 190,000 areas of the smallest kind.
        max_rows=2_000_000,
        projection=_links(pairs, parents[0] if change else None),
        rows_per_row=0,
    )


def _csv_lookup(
    layout_id: str, source_id: str, title: str, child: str, **parents: tuple[str, str]
) -> Layout:
    """A lookup of `child` areas as CSV: by level, the headers of the code and of the name.

    Names in Welsh and row numbers stand in it too, and aren't read.
    """
    headers = {child: ("LSOA21CD", "LSOA21NM") if child == "lsoa21" else ("LSOA11CD", "LSOA11NM")}
    fields = [
        field
        for level, (code, name) in {**headers, **parents}.items()
        for field in (
            Field(f"{level}_code", (code,), "code", filled=True),
            Field(f"{level}_name", (name,)),
        )
    ]
    return Layout(
        layout_id=layout_id,
        source_id=source_id,
        title=title,
        container="csv",
        table="area_links",
        key=("child_level", "child_code", "parent_level", "parent_code"),
        fields=tuple(fields),
        table_fields=LINK_FIELDS,
        other_columns=r"[A-Z]+\d\dNMW|ObjectId|FID",
        max_rows=2_000_000,
        projection=_links([(child, parent) for parent in parents]),
        rows_per_row=0,
    )


PCN = ("PCN_Code", "PCN_Name")

LAYOUTS = (
    _lookup("lsoa01", "lsoa11", change=True),
    _lookup("lsoa11", "ccg21", "stp21", "ltla21"),
    _lookup("lsoa11", "lsoa21", "ltla22", change=True, rest_of="lsoa21"),
    _lookup("lsoa11", "ltla21"),
    _lookup("lsoa11", "msoa11"),
    _lookup("lsoa11", "sicbl22", "icb22", "ltla22", short_codes="code_h"),
    _lookup("lsoa21", "sicbl24", "icb24", short_codes="code_nhs"),
    _lookup("lsoa21", "ward24", "ltla24"),
    _lookup("ltla21", "utla21"),
    _lookup("ltla22", "ltla23"),
    _lookup("ltla23", "utla23"),
    _lookup("ltla24", "region24"),
    _lookup("msoa11", "msoa21", "ltla22", rest_of="msoa21"),
    _lookup("ltla16", *(f"ltla{year}" for year in range(17, 25))),
    _csv_lookup(
        "lookup_lsoa21_ward22_ltla22_csv",
        "areas_lookups",
        "ONS lookup from lsoa21 to ward22, ltla22 (CSV, as ONS issues it)",
        "lsoa21",
        ward22=("WD22CD", "WD22NM"),
        ltla22=("LAD22CD", "LAD22NM"),
    ),
    _csv_lookup(
        "lookup_lsoa11_pcn22_csv",
        "areas_networks",
        "Lookup of small areas to primary care networks of February 2022 (CSV)",
        "lsoa11",
        pcn22=PCN,
    ),
    _csv_lookup(
        "lookup_lsoa11_msoa11_pcn22_csv",
        "areas_networks",
        "Lookup of small areas to MSOAs and primary care networks (CSV)",
        "lsoa11",
        msoa11=("MSOA11CD", "MSOA11NM"),
        pcn22=PCN,
    ),
)
