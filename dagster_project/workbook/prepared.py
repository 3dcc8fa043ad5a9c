"""What the sheets of figures show, read once for all of them.

A release has values by the million, most of them of practices, and a sheet shows few: to find these
is what takes time, not what is done with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dagster_project.workbook.levels import Room, room
from dagster_project.workbook.released import SERIES, Released

# Rows of one sheet: more take long to write and to open.
LARGEST = 30_000
# Areas across: more can't be looked over.
MOST_AREAS = 250
# Those that speak whatever frameworks say: the sheets of headline series.
NO_FRAMEWORK = ("none", "none")
Edition = tuple[str, str]


@dataclass(frozen=True)
class Rooms:
    """The levels that there is room for: on the sheets of headline series, and by edition."""

    headline: Room
    editions: Mapping[Edition, Room]

    def of(self, framework: str, edition: str) -> Room:
        """The levels of an edition's sheet; none where nothing is said of any area."""
        return self.editions.get((framework, edition), Room((), {}))


def prepare(release: Released) -> Rooms:
    """After this these tables say what the sheets show, of the levels that they have room for.

    - `spoken`: the rows of `headlines`;
    - `figures`: their values, each once, with how it stands to England;
    - `latest`: those of the sheets of headline series;
    - `series`: which series speak in an edition, at any level, and in which periods.
    """
    rooms = Rooms(_headline_room(release), _edition_rooms(release))
    wanted = [(*NO_FRAMEWORK, level) for level in rooms.headline.shown]
    wanted += [
        (*edition, level) for edition, found in rooms.editions.items() for level in found.shown
    ]
    release.con.execute("create temp table wanted (framework text, edition text, area_type text)")
    if wanted:
        release.con.executemany("insert into wanted values (?, ?, ?)", wanted)
    for statement in (_SPOKEN, _FIGURES, _LATEST, _SERIES):
        release.con.execute(statement)
    return rooms


def _headline_room(release: Released) -> Room:
    sizes = release.rows(
        "select area_type, count(*) from headlines where framework = 'none' group by area_type"
    )
    return room(_by_level(sizes), LARGEST)


def _edition_rooms(release: Released) -> dict[Edition, Room]:
    # The areas that an edition is about have a column also where nothing has a value.
    rows = release.rows(
        "select framework, edition, area_type, count(distinct area_code) from ("
        " select framework, edition, area_type, area_code from headlines"
        " union all select framework, edition, area_type, area_code from domain_summary"
        ") where framework <> 'none' group by framework, edition, area_type"
    )
    sizes: dict[Edition, list[tuple[str, int]]] = {}
    for framework, edition, level, areas in rows:
        sizes.setdefault((str(framework), str(edition)), []).append((level, areas))
    return {edition: room(_by_level(found), MOST_AREAS) for edition, found in sizes.items()}


def _by_level(sizes: Iterable[tuple[Any, ...]]) -> dict[str, int]:
    return {str(level): int(size) for level, size in sizes}


_SAME = ", ".join(SERIES)
# Levels as a query, not as words between brackets: those of a join are looked for before the rest
# of a row is read.
_LEVELS = "select area_type from wanted"

_SPOKEN = """
create temp table spoken as
from headlines inner join wanted using (framework, edition, area_type)
"""

# Only from the levels shown: values of practices are by far the most, and are never read so.
_FIGURES = f"""
create temp table figures as
select found.*, beside.judgement, beside.reason as judgement_reason, beside.comparator_value
from (select distinct {_SAME} from spoken) as speaking
inner join (from indicator_values where area_type in ({_LEVELS})) as found using ({_SAME})
left join (
    from comparisons where comparator_type = 'england' and area_type in ({_LEVELS})
) as beside using ({_SAME})
"""

_LATEST = f"""
create temp table latest as
select figures.*
from figures
inner join (select {_SAME} from spoken where framework = 'none') as speaking using ({_SAME})
"""

_SERIES = """
create temp table series as
select
    framework,
    edition,
    indicator_id,
    sex,
    segment,
    string_agg(distinct period_label, ', ' order by period_label desc) as periods
from headlines
where framework <> 'none'
group by framework, edition, indicator_id, sex, segment
"""
