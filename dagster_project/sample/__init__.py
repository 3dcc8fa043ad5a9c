"""Made-up extracts in the publishers' layouts: to try everything out with, and to show it.

No figure here was measured, and none is taken from a publication. The area and indicator codes
are real, because the registry must know them; general practices and their networks are made up,
with codes that begin with Z9 and U9. How the figures come about:

* Each area is given a population and a degree of deprivation by chance: neither says anything
  about the place whose code it bears. Some areas are truly worse than others, on many indicators
  at once, because deprivation weighs on each of them; chance and local noise are added.
* Each indicator has a level for England, a yearly trend, and areas that drift off it
  (`recipes.py`). Counts are drawn from these, binomial or Poisson.
* Regions, England and deprivation deciles are the exact sums of their areas; values and limits
  follow from the counts. Small counts are hidden as the publishers hide them, with a second area
  of the same region so that the region's sum doesn't give them away.

Every file's name begins with SYNTHETIC, and names and notes inside say so where there is room.
The same seed gives the same bytes, on any day and in any locale.
"""

from __future__ import annotations

from pathlib import Path


def write_sample(directory: Path, *, seed: int = 2026, note: Path | None = None) -> list[Path]:
    """After this `directory` holds the made-up extracts; those that were right aren't touched.

    With `note`, a file outside the directory, what was made is remembered there, and nothing is
    drawn again while files, code and registry stay as they are.
    """
    from dagster_project.sample import memory

    made_from = memory.recipe(seed)
    paths = memory.remembered(directory, note, made_from) if note else None
    if paths is None:
        # numpy takes longer to import than finding that there is nothing to do.
        from dagster_project.sample import files

        paths = files.write(directory, seed)
        if note:
            memory.remember(note, made_from, paths)
    return paths
