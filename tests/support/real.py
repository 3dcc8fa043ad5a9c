"""Where the publishers' own files are, for what reads them: absent, it is passed over and said.

Their folder is OUTCOMES_REAL_EXTRACTS, else `extracts` in a folder `shared` beside the checkout.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dagster_project.home import PROJECT_ROOT

FOLDER = Path(
    os.environ.get("OUTCOMES_REAL_EXTRACTS") or PROJECT_ROOT.parent / "shared" / "extracts"
)
AS_OF = "2026-11-22"
WHY = "no real extracts here (OUTCOMES_REAL_EXTRACTS names none)"

MARKS = [
    pytest.mark.real,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=WHY),
    pytest.mark.xdist_group("real"),
]
