"""The site's own scripts and styles: all of them fit the budget, whole, and the same each time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dagster_project.site import build, explorer
from dagster_project.site.charts import CHART_FILES
from dagster_project.site.small import ASSETS, script, write_style

BUDGET = 60_000
STYLES = (build.STYLESHEET, explorer.STYLESHEET)
TOTAL = """
from dagster_project.site.explorer import SCRIPTS
from dagster_project.site.small import script
print("".join(script(parts) for parts in SCRIPTS.values()), end="")
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    out = tmp_path_factory.mktemp("small")
    found = {name: script(parts) for name, parts in explorer.SCRIPTS.items()}
    return found | {name: write_style(name, out).read_text(encoding="utf-8") for name in STYLES}


def test_all_of_it_is_60_kb_at_most(written: dict[str, str]) -> None:
    sizes = {name: len(text.encode()) for name, text in written.items()}
    assert sum(sizes.values()) <= BUDGET, sizes


def test_each_file_of_the_assets_is_in_what_is_written() -> None:
    used = {part for parts in explorer.SCRIPTS.values() for part in parts} | set(CHART_FILES)
    assert {path.name for path in ASSETS.iterdir()} == used | set(STYLES)


def test_what_only_people_read_is_not_sent(written: dict[str, str]) -> None:
    for name, text in written.items():
        assert "/*" not in text and "\n " not in text, name


def test_another_process_writes_the_same_bytes(written: dict[str, str]) -> None:
    run = [sys.executable, "-c", TOTAL]
    again = subprocess.run(run, capture_output=True, check=True, encoding="utf-8")
    assert again.stdout == "".join(written[name] for name in explorer.SCRIPTS)


def test_what_is_no_script_is_refused_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import minify

    monkeypatch.setattr("dagster_project.site.small.ASSETS", tmp_path)
    (tmp_path / "broken.js").write_text("const = 1;")
    with pytest.raises(minify.MinifyError, match="line 1"):
        script(["broken.js"])
