"""What Dagster loads: the definitions of `defs/`, bound to the home of the environment."""

from __future__ import annotations

from dagster_project.defs import build_definitions
from dagster_project.home import Home

defs = build_definitions(Home.from_environment())
