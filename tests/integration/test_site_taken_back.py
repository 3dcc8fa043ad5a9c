"""What was taken back is gone from the pages of every release that had shown it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dagster_project.home import Home
from dagster_project.release.manifest import verify
from dagster_project.withdrawing import withdraw
from tests.conftest import with_sites
from tests.support.small_inbox import line, run, write

pytestmark = pytest.mark.slow
STOCKPORT = "E08000007"
# A figure that nothing else on a page can be.
FIGURE = "17.29"


def test_a_value_that_was_taken_back_stands_on_no_page(tmp_path: Path) -> None:
    home, inbox = Home(tmp_path / "home"), tmp_path / "inbox"
    england = line("E92000001", "1.0", "0.9", "1.1")
    write(inbox / "fingertips.csv", england, line(STOCKPORT, FIGURE, "16.11", "18.33"))
    with with_sites():
        assert run(home, inbox).release is not None
        release = home.releases / "latest"
        page = release / "site" / "areas" / f"{STOCKPORT}.html"
        table = release / "site" / "indicators" / "dementia_qof_prevalence.csv"
        assert FIGURE[:4] in page.read_text(encoding="utf-8")
        assert FIGURE in table.read_text(encoding="utf-8-sig")

        key = f"indicator_id=dementia_qof_prevalence,area_code={STOCKPORT}"
        withdraw(home, key, "another measure's figures")

        for path in (release / "site").rglob("*"):
            if path.is_file():
                text = path.read_text(encoding="utf-8-sig")
                assert FIGURE not in text, path
                assert "16.11" not in text, path
        shown = page.read_text(encoding="utf-8")
        assert "<i>withdrawn</i>" in shown
        quality = (release / "site" / "quality.html").read_text(encoding="utf-8")
        assert "another measure&#39;s figures" in quality
        # The files of the new site are those of the manifest.
        verify(release.resolve())
