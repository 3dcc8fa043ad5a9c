"""What every view of the explorer needs at once (core.js), and what search needs besides."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from dagster_project.site import wording
from dagster_project.site.explorer_cells import (
    BESIDE_LETTER,
    JUDGEMENT_LETTERS,
    LEVELS,
    SHOWN,
    STATUS_LETTERS,
)
from dagster_project.site.levels import LEVELS as PAGE_LEVELS
from dagster_project.site.model import Framework, Site
from dagster_project.site.reading import Row, Tables
from dagster_project.site.scripts import write_script

# Values of these kinds are shares or rates of the counts that are published with them, so that a
# funnel of those counts says something.
FUNNELS = {"proportion": "proportion", "crude_rate": "rate"}
AREA_CODE = re.compile(r"[A-Z]\d{8}")
# Which indicators have groups that are compared: those with a file in data/q.
WITH_GAPS = """
select distinct kinds.kind
from inequalities
inner join kinds using (indicator_id)
inner join places using (area_code)
order by kinds.kind
"""
# Where the explorer opens: on an indicator and level whose newest values are there, of areas that
# answer for services if it can be, and most of them judged.
OPENS = f"""
with newest as (
    select
        kinds.kind,
        glance.area_type,
        glance.status in {SHOWN} and glance.value is not null as is_shown,
        glance.judgement as against_england
    from glance
    inner join kinds using (indicator_id)
    inner join cuts
        using (indicator_id, period_type, sex, age, segment, breakdown_type, breakdown)
    where cuts.series = 0 and glance.area_type <> 'england'
    qualify
        glance.period_end = max(glance.period_end) over (
            partition by kinds.kind, glance.area_type
        )
)

select kind, area_type
from newest
group by kind, area_type
order by
    bool_or(is_shown) desc,
    area_type = 'utla' desc,
    count(*) filter (is_shown and against_england in ('better', 'similar', 'worse')) desc,
    count(*) filter (is_shown) desc,
    kind,
    area_type
limit 1
"""


def write_core(tables: Tables, site: Site, maps: list[str], out: Path) -> list[Path]:
    """core.js and search.js."""
    kinds = tables.rows("from kinds order by kind")
    numbers = {row["indicator_id"]: row["kind"] for row in kinds}
    release = tables.manifest.id
    core = {
        "synthetic": tables.manifest.synthetic,
        "made": str(tables.manifest.created_at)[:10],
        "attributions": list(tables.manifest.publisher_attributions),
        "judgements": _judgements(),
        "statuses": _letters(STATUS_LETTERS, "statuses"),
        "words": {
            **{name: dict(wording.words(name)) for name in ("sexes", "flags", "dimensions")},
            **wording.words("explorer"),
        },
        "levels": [[level.area_type, level.name] for level in PAGE_LEVELS],
        "maps": maps,
        "gaps": [row["kind"] for row in tables.rows(WITH_GAPS)],
        "areas": [_area(row) for row in tables.rows("from places order by area")],
        "kinds": [_kind(row, site) for row in kinds],
        "frameworks": [_framework(framework, numbers) for framework in site.frameworks],
    }
    core["opens"] = next(
        ([row["kind"], row["area_type"]] for row in tables.rows(OPENS)),
        [0, PAGE_LEVELS[0].area_type],
    )
    search = {"kinds": {row["kind"]: _definition(row, site) for row in kinds}}
    return [
        write_script(out / "data" / "core.js", release, "core", core),
        write_script(out / "data" / "search.js", release, "search", search),
    ]


def _judgements() -> dict[str, list[Any]]:
    """Each letter's word, what people read, and whether England's value stands beside it."""
    known = _letters(JUDGEMENT_LETTERS, "judgements")
    refused = JUDGEMENT_LETTERS["not_compared"]
    said = {letter: [*words, int(letter != refused)] for letter, words in known.items()}
    return said | {BESIDE_LETTER: [*known[refused], 1]}


def _letters(letters: dict[str, str], subject: str) -> dict[str, list[str]]:
    """Each letter's word in the release, and what people read."""
    return {letter: [word, wording.word(subject, word)] for word, letter in letters.items()}


def _area(row: Row) -> list[Any]:
    marks = (1 if row["is_ltla"] else 0) + (2 if row["is_past"] else 0)
    level = LEVELS.index(row["area_type"])
    # Where one area took the place of one that is no more, a map shows the old one's value there.
    after = row["successor_codes"] or ""
    known = [row["area_code"], row["area_name"], level, row["region_code"] or "", marks]
    return [*known, after] if AREA_CODE.fullmatch(after) else known


def _kind(row: Row, site: Site) -> list[Any]:
    """What core.js lists of an indicator; assets/explorer_data.js names the places."""
    polarity = {"higher_is_better": 1, "lower_is_better": -1}.get(row["polarity"], 0)
    if row["polarity_certainty"] in ("guessed", "review"):
        polarity = 0
    return [
        row["indicator_id"],
        row["title"],
        row["unit"] or "",
        row["decimals"],
        polarity,
        FUNNELS.get(row["value_type"] or "", ""),
        row["multiplier"] or 1,
        row["owner"] or "",
        _listed(site, row["indicator_id"], "outcome_type"),
        _listed(site, row["indicator_id"], "programmes"),
        _listed(site, row["indicator_id"], "owner_partner"),
        wording.reason(row["refused_among_areas"]),
        row["reach"],
    ]


def _listed(site: Site, indicator_id: str, column: str) -> list[str]:
    """What the frameworks say of an indicator in one column, each once."""
    found = [member[column] for _, _, member in site.memberships.get(indicator_id, ())]
    parts = [part.strip() for text in found if text for part in str(text).split(";")]
    return sorted({part for part in parts if part})


def _framework(framework: Framework, numbers: dict[str, int]) -> list[Any]:
    """Address, name with edition, what its parts are called, and each part with its indicators."""
    parts = []
    for domain in framework.domains:
        members = [
            numbers[m["indicator_id"]] for m in domain.members if m["indicator_id"] in numbers
        ]
        parts.append([domain.name, list(dict.fromkeys(members))])
    return [framework.id, f"{framework.name}, {framework.edition}", framework.part, parts]


def _definition(row: Row, site: Site) -> list[str]:
    """The words by which an indicator is found beside its title: its counts, titles and codes."""
    members = site.memberships.get(row["indicator_id"], ())
    titles = {str(member["title"]) for _, _, member in members if member["title"]} - {row["title"]}
    codes = {str(member["code"]) for _, _, member in members if member["code"]}
    return [
        row["numerator_definition"] or "",
        row["denominator_definition"] or "",
        "; ".join(sorted(titles)),
        ", ".join(sorted(codes)),
    ]
