"""English Indices of Deprivation (MHCLG): small areas of 2015, 2019 and 2025, and summaries.

The small-area files are those that an R package passes on: without the index's own population
denominators, and without scores in 2019. Rank 1 and decile 1 are the most deprived; the average
ranks of the summaries count the other way. Domains changed their names, not what they measure.
"""

from __future__ import annotations

from dagster_project.sources.layout import Field, Layout, Part

LSOA = r"E01\d{6}"
# Our names of the domains, and what the small-area files of each edition call them.
DOMAINS = {
    "imd": ("IMD",),
    "income": ("Income",),
    "employment": ("Employment",),
    "education": ("Education",),
    "health": ("Health",),
    "crime": ("Crime",),
    "barriers": ("Housing_and_Access", "Housing_and_Services"),
    "environment": ("Environment",),
}
SMALL_AREA_FIELDS = (
    Field("edition", ("edition",), "code", filled=True),
    Field("lsoa_code", ("lsoa_code",), "code", filled=True, pattern=LSOA),
    Field("domain", ("domain",), "code", filled=True),
    Field("score", ("score",), "figure"),
    Field("rank", ("rank",), "figure", filled=True),
    Field("decile", ("decile",), "figure", filled=True),
)


def _small_areas(edition: int, lsoa: str, domains: tuple[str, ...], *, scores: bool) -> Layout:
    """A small-area file: a column for each domain and measure, made a row for each domain."""
    measures = ("score", "rank", "decile") if scores else ("rank", "decile")
    fields = [Field("lsoa_code", (f"{lsoa}_code",), "code", filled=True, pattern=LSOA)]
    for domain in domains:
        for measure in measures:
            headers = tuple(f"{name}_{measure}" for name in DOMAINS[domain])
            fields.append(Field(f"{domain}_{measure}", headers, "figure", filled=True))
    if edition == 2015:
        fields.append(Field("lsoa_name", ("lsoa11_name",)))
        fields.append(Field("district_code", ("lad13_code",), "code"))
        fields.append(Field("district_name", ("lad13_name",)))
    listed = {
        measure: ", ".join(f"{domain}_{measure}" for domain in domains) for measure in measures
    }
    score = f"unnest([{listed['score']}])" if scores else "cast(null as double)"
    return Layout(
        layout_id=f"imd_{edition}_small_areas",
        source_id="imd",
        title=f"English Indices of Deprivation {edition}, {lsoa.upper()} (Parquet)",
        container="parquet",
        table="deprivation_small_areas",
        key=("edition", "lsoa_code", "domain"),
        values=("score", "rank", "decile"),
        fields=tuple(fields),
        table_fields=SMALL_AREA_FIELDS,
        projection=f"select '{edition}' as edition, lsoa_code,"
        f" unnest([{', '.join(map(repr, domains))}]) as domain, {score} as score,"
        f" unnest([{listed['rank']}]) as rank, unnest([{listed['decile']}]) as decile"
        " from incoming_file",
        rows_per_row=len(domains),
        max_rows=1_000_000,
    )


# What a summary says of an area and a domain.
MEASURES = (
    "average_rank",
    "rank_of_average_rank",
    "average_score",
    "rank_of_average_score",
    "share_most_deprived",
    "rank_of_share_most_deprived",
)
EXTENT = ("extent", "rank_of_extent", "local_concentration", "rank_of_local_concentration")
SCALE = ("scale", "rank_of_scale")
ALL_MEASURES = (*MEASURES, *EXTENT, *SCALE)


def _summary_fields(*filled: str) -> tuple[Field, ...]:
    """The columns of the raw table; `filled` are the measures that each row has, or its sheet."""
    return (
        Field("edition", ("edition",), "code", filled=True),
        Field("area_level", ("area_level",), "code", filled=True),
        Field("area_code", ("area_code",), "code", filled=True, pattern=r"E\d{8}"),
        Field("area_name", ("area_name",), filled=True),
        Field("domain", ("domain",), "code", filled=True),
        *(
            Field(name, (name.replace("_", " "),), "figure", filled=name in filled)
            for name in ALL_MEASURES
        ),
    )


# The sheets of File 11, and the name that stands before each measure in it.
SHEETS = {
    "imd": ("imd", r"imd(2019)?"),
    "income": ("income", "income"),
    "employment": ("employment", "employment"),
    "education": ("education", "educationskillsandtraining"),
    "health": ("health", "healthdeprivationanddisability"),
    "crime": ("crime", "crime"),
    "barriers": ("barriers", "barrierstohousingandservices"),
    "environment": ("living", "livingenvironment"),
    "income_children": ("idaci", "(incomedeprivationaffectingchildrenindex)?idaci"),
    "income_older_people": ("idaopi", "(incomedeprivationaffectingolderpeople)?idaopi"),
}
PUBLISHERS_WORDS = {
    "average_rank": "averagerank",
    "average_score": "averagescore",
    "share_most_deprived": "proportionoflsoasinmostdeprived10nationally",
    "extent": "extent",
    "local_concentration": "localconcentration",
    "scale": "scale",
}


def _measure_field(name: str) -> Field:
    """A measure of File 11: after the name of a domain, or before it ("Rank of Income Scale")."""
    words = PUBLISHERS_WORDS[name.removeprefix("rank_of_")]
    domain = "|".join(before for _, before in SHEETS.values())
    pattern = rf"({domain}){words}"
    if name.startswith("rank_of_"):
        pattern = rf"({domain})rankof{words}|rankof({domain}){words}"
    return Field(name, (name.replace("_", " "),), "figure", filled=True, header_pattern=pattern)


def _sheet(domain: str) -> Part:
    more = {"imd": EXTENT, "income": SCALE, "employment": SCALE}.get(domain, ())
    return Part(domain, SHEETS[domain][0], ("area_code", "area_name", *MEASURES, *more))


def _upper_tier_summary(edition: int, year: int) -> Layout:
    """File 11: a sheet for each domain, on the boundaries of `year`; spaces end its headers."""
    area = "Upper Tier Local Authority District"
    return Layout(
        layout_id=f"imd_{edition}_upper_tier",
        source_id="imd",
        title=f"English Indices of Deprivation {edition}, upper-tier summaries (workbook, File 11)",
        container="xlsx",
        table="deprivation_areas",
        key=("edition", "area_level", "area_code", "domain"),
        values=ALL_MEASURES,
        parts=tuple(_sheet(domain) for domain in SHEETS),
        fields=(
            Field("area_code", (f"{area} code ({year})",), "code", filled=True, pattern=r"E\d{8}"),
            Field("area_name", (f"{area} name ({year})",), filled=True),
            Field("domain", ("the sheet's name",), "code", from_sheet=True, required=False),
            *(_measure_field(name) for name in ALL_MEASURES),
        ),
        table_fields=_summary_fields(*ALL_MEASURES),
        projection=f"select '{edition}' as edition, 'utla' as area_level, area_code, area_name,"
        f" domain, {', '.join(ALL_MEASURES)} from incoming_file",
    )


# The words of 2025: before each measure the domain, in the words of a column's name.
DOMAIN_WORDS_2025 = {
    "imd": "imd",
    "income": "income",
    "employment": "employment",
    "education": "education_skills_and_training",
    "health": "health_deprivation_and_disability",
    "crime": "crime",
    "barriers": "barriers_to_housing_and_services",
    "environment": "living_environment",
}
SHARE_2025 = "proportion_of_lso_as_in_most_deprived_10_percent_nationally"


def _header_2025(domain: str, measure: str) -> tuple[str, ...]:
    words, measure = DOMAIN_WORDS_2025[domain], measure.replace("share_most_deprived", SHARE_2025)
    if measure in EXTENT:
        return (f"imd25_{measure}", f"imd_2025_{measure}")
    if measure == "rank_of_scale":
        return (f"rank_of_{words}_scale",)
    return (f"{words}_{measure}",)


def _has(domain: str, measure: str) -> bool:
    """True for what the summaries of 2025 say of a domain."""
    if measure in EXTENT:
        return domain == "imd"
    return measure not in SCALE or domain in ("income", "employment")


def _summary_2025(level: str, title: str) -> Layout:
    """A summary of 2025: a column for each domain and measure, made a row for each domain."""
    fields = [
        Field("area_code", (f"{level}24_code",), "code", filled=True, pattern=r"E\d{8}"),
        Field("area_name", (f"{level}24_name",), filled=True),
    ]
    fields += [
        Field(f"{domain}_{measure}", _header_2025(domain, measure), "figure", filled=True)
        for domain in DOMAIN_WORDS_2025
        for measure in ALL_MEASURES
        if _has(domain, measure)
    ]
    measures = ", ".join(
        "unnest(["
        + ", ".join(f"{d}_{m}" if _has(d, m) else "null" for d in DOMAIN_WORDS_2025)
        + f"]) as {m}"
        for m in ALL_MEASURES
    )
    return Layout(
        layout_id=f"imd_2025_{level}",
        source_id="imd",
        title=f"English Indices of Deprivation 2025, {title} (Parquet)",
        container="parquet",
        table="deprivation_areas",
        key=("edition", "area_level", "area_code", "domain"),
        values=ALL_MEASURES,
        fields=tuple(fields),
        table_fields=_summary_fields(*MEASURES),
        projection=f"select '2025' as edition, '{level}' as area_level, area_code, area_name,"
        f" unnest([{', '.join(map(repr, DOMAIN_WORDS_2025))}]) as domain, {measures}"
        " from incoming_file",
        rows_per_row=len(DOMAIN_WORDS_2025),
    )


LAYOUTS = (
    _small_areas(2015, "lsoa11", ("imd",), scores=True),
    _small_areas(2019, "lsoa11", tuple(DOMAINS), scores=False),
    _small_areas(2025, "lsoa21", tuple(DOMAINS), scores=True),
    _upper_tier_summary(2015, 2013),
    _upper_tier_summary(2019, 2019),
    _summary_2025("ltla", "local authority districts"),
    _summary_2025("icb", "integrated care boards"),
)
