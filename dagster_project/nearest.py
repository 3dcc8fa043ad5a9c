"""A name that nothing has: those that are nearest to it, and where the whole list is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

MOST_NAMED = 5
# A list no longer than this is given whole.
WHOLE_LIST = 12
# Nearer than this a name is taken for a slip of the pen.
LIKE = 0.6


Known = Iterable[str] | Mapping[str, str]


def nearest(asked: str, known: Known, most: int = MOST_NAMED) -> list[str]:
    """The known names that are most like it, the likest first; where they have titles, by these.

    Names that it is a part of count as like it, however long they are.
    """
    titles = known if isinstance(known, Mapping) else dict.fromkeys(known, "")
    wanted = asked.strip().casefold()
    likest = sorted((-_likeness(wanted, name, title), name) for name, title in titles.items())
    return [name for likeness, name in likest[:most] if -likeness >= LIKE]


def _likeness(wanted: str, *names: str) -> float:
    return max(_alike(wanted, name.casefold()) for name in names if name)


def _alike(wanted: str, name: str) -> float:
    if wanted and wanted in name:
        # The more of the name it is, the likelier; always before what is merely alike.
        return 1.0 + len(wanted) / len(name)
    # Only who mistyped something waits for it.
    from difflib import SequenceMatcher

    return SequenceMatcher(None, wanted, name).ratio()


def instead(asked: str, known: Known, nothing: str = "") -> str:
    """What an error says was expected: the nearest names, or the first of those that there are."""
    titles = known if isinstance(known, Mapping) else dict.fromkeys(known, "")
    if not titles:
        return nothing
    near = nearest(asked, titles)
    if near:
        return "perhaps " + ", ".join(_said(name, titles[name]) for name in near)
    first = list(titles)[: WHOLE_LIST if len(titles) <= WHOLE_LIST else MOST_NAMED]
    more = len(titles) - len(first)
    listed = ", ".join(_said(name, titles[name]) for name in first)
    return f"one of {listed}" + (f" and {more:,} more" if more else "")


def _said(name: str, title: str) -> str:
    return f"{name} ({title})" if title and title != name else name
