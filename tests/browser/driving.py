"""How the tests go about in a page: they wait for views, and move by keyboard alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOST_STEPS = 400


def settle(page: Page, before: str | None = None) -> None:
    """The explorer has shown what its address asks for; `before` is what it had shown till then."""
    # A function as text would be refused by the page's security policy: values are polled.
    for _ in range(400):
        turn = page.evaluate("document.body.dataset.ready || ''")
        if turn and turn != before:
            return
        page.wait_for_timeout(25)
    raise AssertionError(f"nothing was shown at {page.url}")


def turn(page: Page) -> str:
    """Which drawing of the explorer is shown."""
    return str(page.evaluate("document.body.dataset.ready || ''"))


def open_view(page: Page, site: Path | str, address: str) -> None:
    """The explorer at an address, in a folder or on a server."""
    root = site.as_uri() if isinstance(site, Path) else site
    page.goto("about:blank")
    page.goto(f"{root}/explorer.html{address}")
    settle(page)


def tab_to(page: Page, selector: str) -> None:
    """The keyboard's focus stands on what the selector finds, reached by Tab alone."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"Tab never comes to {selector}")


def choose(page: Page, selector: str, letters: str) -> None:
    """In a list that has the focus, the entry that begins so: typed, as a keyboard user does."""
    tab_to(page, selector)
    before = turn(page)
    page.keyboard.type(letters)
    page.keyboard.press("Enter")
    settle(page, before)
