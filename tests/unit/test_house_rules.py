"""Rules of the house that a machine can watch, so that people need not.

Layers and library borders are watched by the import contracts (`make check`).
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = (
    "core",
    "adapters",
    "bot",
    "tests",
    "bench",
    "deploy",
    "docs",
    "scripts",
    "requirements",
    ".ci",
)
CODE = {".py", ".js", ".css", ".html", ".lua", ".sh", ""}
TEXT = CODE | {".md", ".txt", ".in", ".toml", ".json", ".yml", ".service", ".example", ".svg"}
LONGEST = 450
SCRIPTS = [*sorted((ROOT / "scripts").iterdir()), ROOT / ".ci" / "run"]

# Written in pieces, so that the rule does not find itself.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("docker", "io"),
        ("proxy", "golang", "org"),
    )
]
UNFINISHED = re.compile(
    "|".join("".join(word) for word in (("TO", "DO"), ("FIX", "ME"), ("NotImplemented", "Error")))
)


def files(suffixes: set[str], *rooms: str) -> Iterator[Path]:
    if not rooms:
        yield from (path for path in ROOT.iterdir() if path.is_file() and path.suffix in suffixes)
    for room in rooms or ROOMS:
        for folder, inner, names in os.walk(ROOT / room):
            inner[:] = [name for name in inner if name[0] != "." and name != "__pycache__"]
            paths = (Path(folder, name) for name in names)
            yield from (path for path in paths if path.suffix in suffixes)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lines_matching(pattern: re.Pattern[str], suffixes: set[str]) -> list[str]:
    return [
        f"{named(path)}:{number}"
        for path in files(suffixes)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_of_code_is_too_long_to_read() -> None:
    lengths = {named(path): len(path.read_text("utf-8").splitlines()) for path in files(CODE)}
    assert len(lengths) > 50
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_nothing_is_left_unfinished() -> None:
    assert lines_matching(UNFINISHED, CODE) == []


def test_no_registry_is_named_anywhere() -> None:
    assert (
        lines_matching(re.compile("|".join(map(re.escape, REGISTRIES)), re.IGNORECASE), TEXT) == []
    )


def sleeps(tree: ast.AST) -> list[int]:
    """Lines on which something named `sleep` is imported, called or waited for."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr == "sleep")
        or (isinstance(node, ast.Name) and node.id == "sleep")
        or (isinstance(node, ast.ImportFrom) and any(name.name == "sleep" for name in node.names))
    ]


def test_tests_wait_for_conditions_and_never_sleep() -> None:
    found = [
        f"{named(path)}:{line}"
        for path in files({".py"}, "tests")
        for line in sleeps(ast.parse(path.read_text("utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "code", ["time.sleep(1)", "from time import sleep", "await_me = asyncio.sleep", "sleep(1)"]
)
def test_a_sleep_is_known_in_every_form(code: str) -> None:
    assert sleeps(ast.parse(code))


def test_every_module_says_why_it_exists() -> None:
    silent = [
        named(path)
        for path in files({".py"})
        if (text := path.read_text("utf-8").strip()) and not ast.get_docstring(ast.parse(text))
    ]
    assert silent == []


def test_no_two_test_files_have_the_same_name() -> None:
    names = Counter(path.name for path in files({".py"}, "tests") if path.name != "conftest.py")
    assert [name for name, count in names.items() if count > 1] == []
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_the_changelog_begins_with_the_version_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    heads = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert heads[0] == project["version"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_scripts_are_sound_and_may_be_run(script: Path) -> None:
    text = script.read_text()
    assert text.startswith("#!/bin/bash\n# ")
    assert "set -euo pipefail" in text
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script], capture_output=True, check=False).stderr == b""


def test_the_whole_suite_is_what_every_change_must_pass() -> None:
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "exec make test"


def test_make_help_lists_every_target_for_people() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)", makefile, re.MULTILINE)
    assert phony is not None
    told = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
    assert {"run", "test", "check", "bench", "soak", "lock", "clean", "help"} <= told
    assert set(phony[1].split()) - told == {"browser"}


def test_every_direct_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [
        *project["project"]["dependencies"],
        *(text for extra in project["project"]["optional-dependencies"].values() for text in extra),
        *project["dependency-groups"]["dev"],
        *project["build-system"]["requires"],
    ]
    names = {re.split(r"[<>=~!\[; ]", text)[0] for text in wanted}
    rows = set(
        re.findall(r"^\| `([\w.-]+)` \|", (ROOT / "docs/DEPENDENCIES.md").read_text(), re.MULTILINE)
    )
    assert rows == names


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        f"{named(page)}: {target}"
        for page in files({".md"})
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []
