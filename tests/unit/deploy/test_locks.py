"""The lock files: complete, hashed, free of addresses, and agreed with pyproject and each other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[3]
LOCKS = {
    name: ROOT / "requirements" / f"{name}.txt" for name in ("dev", "run", "production", "build")
}
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())


def pins(name: str) -> dict[str, set[str]]:
    """Package -> versions (more than one where Pythons differ)."""
    found: dict[str, set[str]] = {}
    for package, version in re.findall(
        r"^([\w.-]+)==([^\s;\\]+)", LOCKS[name].read_text(), re.MULTILINE
    ):
        found.setdefault(canonicalize_name(package), set()).add(version)
    return found


def declared(name: str) -> list[Requirement]:
    """What pyproject asks for in the installation that a lock is for."""
    project = PROJECT["project"]
    lists = {
        "production": [project["dependencies"]],
        "run": [project["dependencies"], project["optional-dependencies"]["studio"]],
        "dev": [
            project["dependencies"],
            project["optional-dependencies"]["studio"],
            PROJECT["dependency-groups"]["dev"],
        ],
        "build": [PROJECT["build-system"]["requires"]],
    }
    return [Requirement(text) for part in lists[name] for text in part]


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_hashes_and_is_a_plain_version(name: str) -> None:
    text = LOCKS[name].read_text()
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    rest = re.sub(
        r"^(#.*|[\w.-]+==.*|    --hash=sha256:[0-9a-f]{64}.*|    #.*|\s*)$",
        "",
        text,
        flags=re.MULTILINE,
    )
    assert rest.strip() == ""


@pytest.mark.parametrize("name", LOCKS)
def test_no_address_or_path_of_any_machine_stands_in_it(name: str) -> None:
    text = LOCKS[name].read_text()
    assert re.findall(r"://|--index|--find-links|--extra|(?<!\S)/\w+", text) == []


@pytest.mark.parametrize("name", LOCKS)
def test_what_pyproject_asks_for_is_pinned_within_its_bounds(name: str) -> None:
    pinned = pins(name)
    wrong = [
        str(wanted)
        for wanted in declared(name)
        if not all(
            wanted.specifier.contains(version, prereleases=True)
            for version in pinned.get(canonicalize_name(wanted.name), {"0"})
        )
    ]
    assert wrong == [], "run make lock"


@pytest.mark.parametrize("name", ["run", "production"])
def test_what_is_shipped_is_what_is_tested(name: str) -> None:
    tested = pins("dev")
    assert {
        package: versions
        for package, versions in pins(name).items()
        if tested.get(package) != versions
    } == {}


def test_production_goes_without_the_studio_and_the_tools() -> None:
    production = pins("production")
    assert not production.keys() & {"mitsuba", "drjit", "pytest", "mypy", "ruff", "playwright"}
    assert "mitsuba" in pins("run")


def test_serving_does_not_wait_for_the_tools_of_development() -> None:
    assert not pins("run").keys() & {"pytest", "mypy", "ruff", "playwright", "hypothesis"}
