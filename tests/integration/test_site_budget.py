"""What a site costs stays within bounds, and grows as its values do."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from dagster_project.home import Home
from tests.bench.run import timed
from tests.bench.site import AIM_SECONDS, AIM_VALUES, grow

# The aim is of a machine that does nothing else, and wall time; here it is processor time, of which
# two cores have twice as much, and another machine may be half as fast.
GENEROUS = 4
FEW, MANY = 20, 60
# Frameworks, alignment, checks and contracts are the sample's, whatever the values are.
APART_SECONDS = 12
MOST_MB = 200


@pytest.mark.slow
def test_a_site_grows_no_faster_than_its_values(sample_home: Home, tmp_path: Path) -> None:
    base = (sample_home.releases / "latest").resolve()
    used, sizes = [], []
    for indicators in (FEW, MANY):
        release = tmp_path / str(indicators)
        values = grow(base, indicators, release)
        spent = timed([sys.executable, "-m", "tests.bench.site", "--build", str(release)])
        size = sum(p.stat().st_size for p in (release / "site").rglob("*") if p.is_file())
        share = values / AIM_VALUES
        assert spent.cpu < APART_SECONDS + GENEROUS * AIM_SECONDS * share
        assert spent.peak_mb < 1_500
        used.append(spent.cpu)
        sizes.append(size)
    assert used[1] < used[0] * MANY / FEW
    assert sizes[1] < sizes[0] * MANY / FEW
    assert sizes[1] < MOST_MB * 1e6
