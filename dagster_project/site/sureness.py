"""How sure it is what an indicator's definition is, and whether a second role has checked it."""

from __future__ import annotations

from markupsafe import Markup

from dagster_project.site import cells, figures, wording
from dagster_project.site.reading import Row

SEEN = {"verified": ("Verified", "seen"), "partly": ("Verified in part", "partly seen")}
RECALLED = "Recalled, not verified."


def sure_of(indicator: Row, root: str) -> Markup:
    """Sentences for the page: what was seen at the source isn't yet checked by another role."""
    checked = _checked(indicator)
    said = [f"Checked by {cells.text(checked)}."] if checked else []
    if indicator["certainty"] in SEEN:
        word, seen = SEEN[indicator["certainty"]]
        unclaimed = "" if checked else "; no second role has checked it"
        link = cells.link(f"{root}definitions.html#verified", word)
        said.insert(0, f"{link}: {seen} in what its publisher issued{unclaimed}.")
    elif indicator["certainty"] == "recalled":
        said.insert(0, RECALLED)
    return cells.markup([" ".join(said)])


def _checked(indicator: Row) -> str:
    """Which role checked this version and when; that of a publisher's value, the seeds say."""
    if indicator.get("checked_by"):
        return f"{indicator['checked_by']} on {figures.day(indicator['reviewed_on'])}"
    version = str(indicator["definition_version"])
    for row in wording.seed("definition_reviews"):
        if (row["indicator_id"], row["definition_version"]) == (indicator["indicator_id"], version):
            return f"{row['checked_by']} on {figures.day(row['checked_on'])}"
    return ""
