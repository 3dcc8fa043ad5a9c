"""Organisation Data Service (NHS England): practices, primary care networks, trusts that followed.

`epraccur` has no header: 27 columns in a fixed order, some of them always empty. `ePCN` is a
workbook of two sheets, the networks and who has belonged to them. What became of an organisation,
and which integrated care boards a trust's patients come from, a third party compiled as Parquet.
"""

from __future__ import annotations

from dagster_project.sources.layout import Field, Layout, Part, day_field

PRACTICE = r"[A-Z]\d{5}|[A-Z]{3}\d{3}"
NETWORK = r"U\d{5}"

ORGANISATION = r"[A-Z0-9]{3,6}"
# A form that only an empty cell has.
NOTHING = r"x{0}"


def _unused(number: int) -> Field:
    """A column that the publisher keeps empty."""
    return Field(f"unused_{number}", (f"Null {number}",), "code", pattern=NOTHING)


PRACTICES = Layout(
    layout_id="ods_epraccur",
    source_id="ods",
    title="ODS GP practices and prescribing cost centres (epraccur, CSV without a header)",
    container="csv",
    table="ods_practices",
    encodings=("utf-8", "cp1252"),
    has_header=False,
    key=("practice_code",),
    values=("practice_name", "status_code", "open_date", "close_date", "commissioner_code"),
    fields=(
        Field("practice_code", ("Organisation Code",), "code", filled=True, pattern=PRACTICE),
        Field("practice_name", ("Name",), filled=True),
        Field("nhs_region_ods_code", ("National Grouping",), "code", pattern=r"[A-Z]\d\d"),
        Field(
            "icb_ods_code",
            ("High Level Health Geography",),
            "code",
            filled=True,
            pattern=r"[A-Z][A-Z0-9]{2}",
        ),
        *(Field(f"address_{n}", (f"Address Line {n}",)) for n in range(1, 6)),
        Field(
            "postcode",
            ("Postcode",),
            "code",
            pattern=r"[A-Z]{1,2}\d[A-Z0-9]? \d[A-Z]{2}",
        ),
        day_field("open_date", "Open Date", filled=True),
        day_field("close_date", "Close Date"),
        # A active, C closed, D dormant, P proposed.
        Field("status_code", ("Status Code",), "code", filled=True, pattern="[ACDP]"),
        # B allocated to a parent organisation, Z not.
        Field("subtype_code", ("Organisation Sub-Type Code",), "code", pattern="[A-Z]"),
        Field("commissioner_code", ("Commissioner",), "code", pattern=ORGANISATION),
        day_field("joined_date", "Join Provider/Purchaser Date"),
        day_field("left_date", "Left Provider/Purchaser Date"),
        Field("telephone", ("Contact Telephone Number",), "code", pattern=r"[0-9 ()+-]+"),
        *(_unused(n) for n in (19, 20, 21)),
        Field("is_amended", ("Amended Record Indicator",), "code", pattern="[01]"),
        _unused(23),
        Field("provider_code", ("Provider/Purchaser",), "code", pattern=ORGANISATION),
        _unused(25),
        # 4 is a GP practice; others are clinics, hospices, prisons and so on.
        Field("prescribing_setting", ("Prescribing Setting",), "code", pattern=r"\d\d?"),
        _unused(27),
    ),
)

NETWORKS = Layout(
    layout_id="ods_epcn",
    source_id="ods",
    title="ODS primary care networks and their members (ePCN, workbook)",
    container="xlsx",
    table="ods_networks",
    key=("record", "pcn_code", "practice_code", "start_date"),
    values=("open_date", "close_date", "end_date"),
    parts=(
        Part(
            "network",
            "pcndetails",
            (
                *("pcn_code", "pcn_name", "commissioner_code", "commissioner_name"),
                *("open_date", "close_date", "postcode"),
                *(f"address_{n}" for n in range(1, 6)),
            ),
        ),
        Part(
            "member",
            "pcncorepartnerdetails",
            (
                *("pcn_code", "pcn_name", "commissioner_code", "commissioner_name"),
                *("practice_code", "practice_name", "practice_commissioner_code"),
                *("practice_commissioner_name", "start_date", "end_date", "is_of_commissioner"),
            ),
        ),
    ),
    fields=(
        Field("record", ("the sheet's name",), "code", from_sheet=True, required=False),
        Field("pcn_code", ("PCN Code",), "code", filled=True, pattern=NETWORK),
        Field("pcn_name", ("PCN Name",), filled=True),
        Field(
            "commissioner_code",
            ("Current Clinical Commissioning Group Code", "PCN Parent CCG Code"),
            "code",
        ),
        Field(
            "commissioner_name",
            ("Clinical Commissioning Group Name", "PCN Parent CCG Name"),
        ),
        day_field("open_date", "Open Date", filled=True),
        day_field("close_date", "Close Date"),
        *(Field(f"address_{n}", (f"Address Line {n}",)) for n in range(1, 6)),
        Field("postcode", ("Postcode",), "code"),
        Field("practice_code", ("Partner Organisation Code",), "code", filled=True),
        Field("practice_name", ("Partner Name",), filled=True),
        Field("practice_commissioner_code", ("Practice Parent CCG Code",), "code"),
        Field("practice_commissioner_name", ("Practice Parent CCG Name",)),
        day_field("start_date", "Practice to PCN Relationship Start Date", filled=True),
        day_field("end_date", "Practice to PCN Relationship End Date"),
        Field("is_of_commissioner", ("Practice CCG and PCN CCG Match",), "code"),
    ),
)

TRUST_SUCCESSORS = Layout(
    layout_id="trust_successors",
    source_id="ods_compiled",
    title="NHS organisations with those that followed them (Parquet)",
    container="parquet",
    table="organisation_successors",
    key=("old_code", "new_code", "succession_date"),
    fields=(
        Field("old_code", ("old_code",), "code", filled=True, pattern=r"[A-Z0-9]{2,8}"),
        Field("new_code", ("new_code",), "code", filled=True, pattern=r"[A-Z0-9]{2,8}"),
        day_field("succession_date", "date", between="-", filled=True),
    ),
)

TRUST_CATCHMENTS = Layout(
    layout_id="trust_icb_shares",
    source_id="ods_compiled",
    title="NHS trusts with the share of each that comes from an integrated care board (Parquet)",
    container="parquet",
    table="trust_icb_shares",
    key=("trust_code", "icb_code"),
    values=("share",),
    fields=(
        Field("trust_code", ("nhs_trust22_code",), "code", filled=True, pattern=r"R[A-Z0-9]{2}"),
        Field("icb_code", ("icb22_code",), "code", filled=True, pattern=r"E54\d{6}"),
        Field("share", ("proportion_trust_came_from_icb",), "figure", filled=True),
    ),
)

LAYOUTS = (PRACTICES, NETWORKS, TRUST_SUCCESSORS, TRUST_CATCHMENTS)
