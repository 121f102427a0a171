"""The systemd unit: understood by systemd, hardened, and in step with the settings."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import environment_names

UNIT = Path(__file__).parents[3] / "deploy" / "easel.service"
NOT_EASELS = {"PYTHONDONTWRITEBYTECODE"}

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on this machine"
)


def section(name: str) -> dict[str, str]:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), strict=True)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(UNIT.read_text())
    return dict(parser[name])


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The unit with a program that exists here, since Easel is not in /opt on this machine."""
    program = section("Service")["ExecStart"].split()[0]
    unit = tmp_path / "easel.service"
    unit.write_text(UNIT.read_text().replace(program, sys.executable))
    return unit


def analyze(*arguments: object) -> subprocess.CompletedProcess[str]:
    words = ["systemd-analyze", *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


@needs_systemd
def test_systemd_understands_it(installed: Path) -> None:
    said = analyze("verify", installed)
    assert said.returncode == 0, said.stderr
    assert said.stderr == ""


@needs_systemd
def test_its_exposure_is_low(installed: Path) -> None:
    said = analyze("security", "--offline=true", "--threshold=20", installed)
    assert said.returncode == 0, said.stdout[-300:]


def test_its_variables_are_settings_and_its_data_is_where_it_may_write() -> None:
    service = section("Service")
    variables = dict(word.split("=") for word in service["Environment"].split())
    assert set(variables) - NOT_EASELS <= set(environment_names())
    assert variables["EASEL_DATA_DIR"] == f"/var/lib/{service['StateDirectory']}"


def test_the_store_is_stopped_by_easel_and_not_beside_it() -> None:
    service = section("Service")
    assert service["KillMode"] == "mixed"
    assert service["ExecStart"].endswith("/.venv/bin/easel serve")
    assert service["Restart"] == "on-failure"
