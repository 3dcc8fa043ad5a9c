"""Templates made into pages. All text is escaped, and nothing in it is obeyed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from dagster_project.release.words import in_words
from dagster_project.site import figures, wording
from dagster_project.site.levels import BY_TYPE, LEVELS, WITHOUT_PAGES

if TYPE_CHECKING:
    import jinja2

    from dagster_project.release.manifest import Manifest
    from dagster_project.site.model import Site

# What every page leads to: label and address below the site's root.
NAV = (
    ("Frameworks", "frameworks/index.html"),
    ("Areas", "areas/index.html"),
    ("Indicators", "indicators/index.html"),
    ("Side by side", "alignment.html"),
    ("Data quality", "quality.html"),
    ("What changed", "changes.html"),
    ("Definitions", "definitions.html"),
    ("Downloads", "downloads.html"),
)
# These too, where a site has them.
LED_TO = {address for _, address in NAV} | {"contracts.html", "explorer.html"}
TEMPLATES = Path(__file__).with_name("templates")
# What layout.html has below the frame's foot.
LAST = "</body>\n</html>"
# What turns the reading direction, what a screen obeys instead of showing, and lone surrogates,
# which can't be written as UTF-8.
HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


@dataclass(frozen=True)
class Page:
    """One page: where it stands below the site, and its whole text."""

    path: str
    text: str


def page(path: str, template: str, **context: Any) -> Page:
    """The page that a template makes at this place; links in it go up to the site's root first."""
    root = _root(path)
    frame = _frame(context["site"], root, path)
    text = environment().get_template(template).render(root=root, here=path, frame=frame, **context)
    return Page(path, text)


def _frame(site: Site, root: str, here: str) -> dict[str, str]:
    """What stands above and below a page; one that the navigation leads to is marked there."""
    key = (root, here if here in LED_TO else "")
    if key not in site.frames:
        made: Any = environment().get_template("frame.html").module
        site.frames[key] = {
            "top": made.top(root, key[1], site, site.manifest),
            "foot": made.foot(root, site.manifest),
        }
    return site.frames[key]


def end_of_page(path: str, manifest: Manifest) -> str:
    """How each page at this place ends: with the release that it is of."""
    made: Any = environment().get_template("frame.html").module
    return f"{made.foot(_root(path), manifest)}{LAST}"


def _root(path: str) -> str:
    return "../" * (len(PurePosixPath(path).parts) - 1)


def slug(text: str) -> str:
    """The text as part of an address: lower-case letters, digits and dashes."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "x"


def inert(value: Any) -> Any:
    """Text without what would turn or move the text around it; anything else as it is.

    Mark-up was made here, of text that went through this: tables of 100 kB aren't read again.
    """
    if isinstance(value, Markup):
        return value
    if isinstance(value, str) and not (value.isascii() and value.isprintable()):
        return HARMFUL.sub("", value)
    return "" if value is None else value


@cache
def environment() -> jinja2.Environment:
    """Jinja as the pages use it: everything escaped, and a name that isn't there is an error."""
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=inert,
        # A page needs three templates: asking for each whether its file is another costs time.
        auto_reload=False,
    )
    made.filters |= {
        "figure": figures.figure,
        "count": figures.count,
        "day": figures.day,
        "slug": slug,
        "plain": in_words,
    }
    made.globals |= {
        "figure": figures.figure,
        "span": figures.span,
        "several": figures.several,
        "size": figures.size,
        "word": wording.word,
        "words": wording.words,
        "reason": wording.reason,
        "trend": wording.trend,
        "meanings": wording.meanings,
        "source_title": wording.source_title,
        "owners": wording.owners,
        "small_numbers": wording.small_numbers,
        "method_titles": wording.method_titles,
        "nav": NAV,
        "levels": LEVELS,
        "level_of": BY_TYPE,
        "without_pages": WITHOUT_PAGES,
    }
    return made
