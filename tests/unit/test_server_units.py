"""The units in the how-to are ones that systemd takes, and the commands in them are ours."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from dagster_project.commands.words import make_parser
from dagster_project.home import PROJECT_ROOT

PAGE = (PROJECT_ROOT / "docs/how-to/run-on-a-server.md").read_text("utf-8")
UNITS = dict(re.findall(r"/etc/systemd/system/(\S+?)`:?.*?```ini\n(.*?)```", PAGE, re.DOTALL))
SECTIONS = {"Unit", "Service", "Timer", "Install"}


def parsed(unit: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # systemd tells cases apart
    parser.read_string(UNITS[unit])
    return parser


def test_the_page_has_every_unit_that_it_starts() -> None:
    (started,) = re.findall(r"systemctl enable --now (.*)", PAGE)
    timers = {name.replace(".timer", ".service") for name in started.split() if "timer" in name}
    assert {*started.split(), *timers} == set(UNITS)


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_is_well_formed(unit: str) -> None:
    assert set(parsed(unit).sections()) <= SECTIONS
    assert "Description" in parsed(unit)["Unit"]


@pytest.mark.parametrize("unit", [name for name in UNITS if name.endswith(".service")])
def test_what_a_service_starts_is_a_command_of_ours(unit: str) -> None:
    service = parsed(unit)["Service"]
    program, *words = shlex.split(service["ExecStart"])
    assert program == "/srv/outcomes/.venv/bin/outcomes"
    assert make_parser().parse_args(words).verb == words[0]
    assert service["User"] == "outcomes"


def test_systemd_has_nothing_to_say_against_them(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze isn't installed")
    # What isn't on this machine would be told of: the program and the settings.
    for name, text in UNITS.items():
        here = text.replace("/srv/outcomes/.venv/bin/outcomes", "/bin/true")
        (tmp_path / name).write_text(
            re.sub(r"(EnvironmentFile|User|WorkingDirectory)=.*\n", "", here)
        )
    done = subprocess.run(
        [analyze, "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in done.stderr.splitlines() if str(tmp_path) in line] == []
