"""How long the site of a release of many values takes: `python -m tests.bench.site` (a million).

Each size twice: the first release, whose site is made whole, and the next, in which one indicator
has other values everywhere, so that the rest of the site is taken over.

The release is grown from one of the sample: its areas, frameworks and titles, and made-up figures
in the shape 10 periods × 3 sexes × England, regions and upper-tier authorities an indicator. What
a site costs beside its values (alignment, checks, contracts, gaps between groups) stays the
sample's or is left out, so that a million values are a million values.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import duckdb

from dagster_project.home import Home
from dagster_project.release.files import relative_files
from dagster_project.release.manifest import read_manifest, write_manifest
from dagster_project.release.presenting import TABLES, entries
from dagster_project.release.sql import parquet
from dagster_project.release.store import ReleaseStore
from tests.bench.run import timed
from tests.bench.stages import Timing
from tests.support.sites import alter, following

PERIODS = 10
SEXES = ("Persons", "Male", "Female")
LEVELS = ("england", "region", "utla")
AIM_SECONDS, AIM_MB, AIM_VALUES = 15.0, 100.0, 1_000_000
# Filled anew; those that speak of the sample's own values are emptied.
EMPTIED = ("inequalities", "goals", "holds", "changes")
ROWS = f"""
create table grown as
with members as (
    select indicator_id
    from base_indicators
    left join (
        select distinct indicator_id from base_framework_indicators where framework = 'phof'
    ) as phof using (indicator_id)
    order by phof.indicator_id is null, indicator_id
    limit $indicators
),

places as (
    select area_code, any_value(area_type) as area_type, any_value(region_code) as region_code
    from base_areas
    where area_type in {LEVELS} and valid_to is null
    group by area_code
),

drawn as (
    select
        members.indicator_id, places.*, years.year, sexes.sex,
        cast(
            hash(members.indicator_id, area_code, years.year, sexes.sex) % 1000003 as bigint
        ) as chance
    from members
    cross join places
    cross join range(2024 - {PERIODS}, 2024) as years(year)
    cross join (select unnest({list(SEXES)}) as sex) as sexes
)

select
    * exclude (year, chance),
    make_date(year, 1, 1) as period_start,
    make_date(year, 12, 31) as period_end,
    cast(year as varchar) as period_label,
    'calendar_year' as period_type,
    'All ages' as age,
    'all' as segment, 'all' as breakdown_type, 'all' as breakdown, 'published' as origin,
    50.0 + (chance % 4000) / 100.0 as value,
    value - 2.5 as lower_95, value + 2.5 as upper_95,
    1000.0 + chance % 9000 as numerator, 20000.0 as denominator,
    case chance % 20 when 0 then ['provisional', 'synthetic'] else ['synthetic'] end as flags,
    ['better', 'similar', 'worse'][chance % 3 + 1] as judgement
from drawn
"""
# What each table takes of the rows; what isn't named is empty.
FILLED = {
    "indicator_values": """
        select *, 1 as definition_version, 'resident' as population_basis,
            lower_95 - 1 as lower_998, upper_95 + 1 as upper_998, 'percent' as unit,
            'as_published' as method, 'published' as status, 'fingertips' as source_id
        from grown""",
    "comparisons": """
        select *, 'england' as comparator_type, 'E92000001' as comparator_code,
            70.0 as comparator_value, 'limits' as method
        from grown where area_type <> 'england'
        union all by name
        select *, 'region' as comparator_type, region_code as comparator_code,
            70.0 as comparator_value, 'limits' as method
        from grown where area_type = 'utla' and region_code is not null""",
    "trends": """
        select distinct on (indicator_id, area_code, sex) *, 'increasing' as direction,
            5 as points, make_date(2019, 1, 1) as first_period_start,
            make_date(2023, 1, 1) as last_period_start, 'slope' as method
        from grown""",
    "headlines": """
        select *, 'none' as framework, 'none' as edition
        from grown where period_label = '2023' and sex = 'Persons'
        union all by name
        select grown.*, members.framework, members.edition
        from grown
        inner join (
            select distinct framework, edition, indicator_id from base_framework_indicators
        ) as members using (indicator_id)
        inner join (
            select distinct framework, edition, area_code from base_domain_summary
        ) as reached using (framework, edition, area_code)
        where period_label = '2023' and sex = 'Persons'""",
}


def grow(base: Path, indicators: int, out: Path) -> int:
    """After this `out` has the tables of a release of so many indicators; how many values."""
    shutil.rmtree(out, ignore_errors=True)
    (out / "data").mkdir(parents=True)
    shutil.copyfile(base / "manifest.json", out / "manifest.json")
    with duckdb.connect(config={"threads": "2", "memory_limit": "2GB"}) as con:
        for path in sorted((base / "data").glob("*.parquet")):
            con.execute(f"create view base_{path.stem} as from {parquet(path)}")
        con.execute(ROWS, {"indicators": indicators})
        for path in sorted((base / "data").glob("*.parquet")):
            name = path.stem
            empty = f"select * from base_{name} limit 0"
            rows = f"from base_{name}"
            if name in FILLED:
                known = [row[0] for row in con.execute(f"describe ({FILLED[name]})").fetchall()]
                wanted = [row[0] for row in con.execute(f"describe base_{name}").fetchall()]
                shown = ", ".join(column for column in wanted if column in known)
                rows = f"({empty}) union all by name (select {shown} from ({FILLED[name]}))"
            elif name in EMPTIED:
                rows = empty
            elif name == "indicators":
                rows = (
                    "select * replace ('Persons' as headline_sex, 'All ages' as headline_age)"
                    " from base_indicators"
                )
            con.execute(f"copy ({rows}) to '{out / 'data' / path.name}' (format parquet)")
        (count,) = con.execute("select count(*) from grown").fetchall()[0]
    return int(count)


def build(release: Path, previous: Path | None) -> None:
    """The site of a release, in this process."""
    from dagster_project.site.build import build_site

    build_site(release, release / "site", previous=previous)


def measured(release: Path, what: str, values: int, *more: str) -> tuple[Timing, float]:
    """A line of the table: what the site of the release took, and how large it is."""
    command = [sys.executable, "-m", "tests.bench.site", "--build", str(release), *more]
    used = timed(command)
    sizes = [p.stat().st_size for p in (release / "site").rglob("*") if p.is_file()]
    size = sum(sizes) / 1e6
    print(
        f"| {what} | {values:11,} | {used.wall:6.1f} | {used.cpu:5.1f} | {used.peak_mb:7.0f} |"
        f" {len(sizes):6,} | {size:4.0f} |",
        flush=True,
    )
    return used, size


def next_release(release: Path) -> Path:
    """The release after that one, in which one indicator's values are others everywhere."""
    manifest = read_manifest(release)
    tables = tuple(file for file in manifest.files if file.path.startswith(TABLES))
    pages = entries(release, [f"site/{path}" for path in relative_files(release / "site")])
    write_manifest(release, replace(manifest, files=(*tables, *pages)))
    target = release.with_name("1.1.0-0123456789ab")
    following(release, target)
    with duckdb.connect() as con:
        source = parquet(release / "data" / "indicator_values.parquet")
        changed = con.execute(f"select max(indicator_id) from {source}").fetchall()[0][0]
    figures = {name: f"{name} + 0.2" for name in ("value", "lower_95", "upper_95")}
    alter(target, "indicator_values", figures, f"indicator_id = '{changed}'")
    return target


def latest_sample(home: Home) -> Path:
    """The release that is grown: the latest of the home, which has to hold the sample."""
    latest = ReleaseStore(home).latest_id()
    if latest is None:
        raise SystemExit(f"{home.root} has no release: run `outcomes refresh --sample` first.")
    return home.releases / latest


def main() -> int:
    """Two lines a size: values, seconds, seconds of CPU, peak of memory, files and megabytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--indicators", type=int, nargs="*", default=[50, 100, 200])
    parser.add_argument("--build", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--previous", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.build:
        build(asked.build, asked.previous)
        return 0
    base = latest_sample(Home.from_environment())
    missed = False
    print("| site                  |      values | wall s | CPU s | peak MB |  files |   MB |")
    print("|:----------------------|------------:|-------:|------:|--------:|-------:|-----:|")
    for indicators in asked.indicators:
        with tempfile.TemporaryDirectory() as folder:
            release = Path(folder) / read_manifest(base).id
            values = grow(base, indicators, release)
            used, size = measured(release, "made whole           ", values)
            after = next_release(release)
            measured(after, "one indicator changed", values, "--previous", str(release))
        share = values / AIM_VALUES
        missed |= used.wall > AIM_SECONDS * max(share, 1) or size > AIM_MB * max(share, 1)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
