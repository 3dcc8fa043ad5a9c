"""The seconds of each stage of a refresh beside the floor's, and how both grow with the rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

CSV_STAGE = "Writing the CSV files"
LATER_STAGES = ("Writing the site", "Writing the workbook")
# Wall and CPU seconds.
Pair = tuple[float, float]


@dataclass(frozen=True)
class Timing:
    """One process: wall and CPU seconds, its stages, and the most memory it held."""

    wall: float
    cpu: float
    peak_mb: float
    stages: dict[str, Pair] = field(default_factory=dict)


def print_stages(
    sizes: list[int], floors: list[Timing], totals: list[Timing], added: list[Pair]
) -> None:
    """Prints a table of the stages by size, and below it how they grow beside the floor's.

    `added` is what models took that the first release's tables don't rest on. With the site and
    the workbook it is what came later: the growth is told with it and without.
    """
    stages = {title: [total.stages[title] for total in totals] for title in totals[0].stages}
    every = [(total.wall, total.cpu) for total in totals]
    # A stage counts the processes that end in it too: the judging's, which imports beside the
    # landing, and the workbook's, which is written beside the site.
    staged = [summed(each) for each in zip(*stages.values(), strict=True)]
    apart = _less(every, stages[CSV_STAGE])
    first = apart
    for later in (*(stages[title] for title in LATER_STAGES), added):
        first = _less(first, later)
    floor = [(timing.wall, timing.cpu) for timing in floors]
    _print_table(
        sizes,
        {
            **stages,
            "the rest: starting": _less(every, staged),
            "all": every,
            "all, CSV files apart": apart,
            "of it, models that the first tables don't rest on": added,
            "without these, the site and the workbook": first,
            "the floor": floor,
        },
    )
    if len(sizes) > 1:
        print(
            f"\n({sizes[-1]:,} rows − {sizes[0]:,} rows) ÷ the same difference of the floor,"
            f" CSV files apart: {_growth(apart, floor)};"
            f" without what came after the first tables: {_growth(first, floor)} (aim: at most 4)"
        )


def _print_table(sizes: list[int], table: dict[str, list[Pair]]) -> None:
    heads = "".join(f" {rows:,} rows: wall s | CPU s |" for rows in sizes)
    print(f"\n| stage |{heads}\n|---|{'---|---|' * len(sizes)}")
    for title, figures in table.items():
        cells = " | ".join(f"{wall:.1f} | {cpu:.1f}" for wall, cpu in figures)
        print(f"| {title} | {cells} |")


def _growth(figures: list[Pair], floor: list[Pair]) -> str:
    """How much more the largest takes than the smallest, as a multiple of the floor's."""
    wall, cpu = ((figures[-1][n] - figures[0][n]) / (floor[-1][n] - floor[0][n]) for n in (0, 1))
    return f"{wall:.2f} by the clock, {cpu:.2f} by CPU"


def summed(figures: Iterable[Pair]) -> Pair:
    """All of them together."""
    walls, cpus = zip(*figures, strict=True)
    return sum(walls), sum(cpus)


def _less(figures: list[Pair], others: list[Pair]) -> list[Pair]:
    return [(a - c, b - d) for (a, b), (c, d) in zip(figures, others, strict=True)]
