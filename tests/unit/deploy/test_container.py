"""The container image and compose file, checked as far as that goes without a container engine."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from bot.cli import app
from bot.settings import environment_names

ROOT = Path(__file__).parents[3]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
COMPOSE = ROOT / "deploy" / "docker-compose.yml"
EXAMPLE = ROOT / "deploy" / "easel.env.example"
COMMANDS = set(get_command(app).commands)  # type: ignore[attr-defined]

Service = dict[str, Any]


def instructions() -> list[tuple[str, str]]:
    """(NAME, rest) of every instruction, comments gone and continued lines joined."""
    text = "\n".join(line for line in DOCKERFILE.read_text().splitlines() if line[:1] != "#")
    lines = text.replace("\\\n", " ").splitlines()
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines if line.strip()]


def of(name: str) -> list[str]:
    return [rest for found, rest in instructions() if found == name]


def copied() -> list[str]:
    """What is copied from the build context (not from another stage)."""
    words = [shlex.split(rest) for rest in of("COPY") if "--from" not in rest]
    return [source for parts in words for source in parts[:-1]]


def ours(names: object) -> set[str]:
    return {str(name) for name in names} & {*environment_names()}  # type: ignore[attr-defined]


def test_everything_that_is_copied_exists() -> None:
    assert len(copied()) >= 7
    assert [source for source in copied() if not (ROOT / source).exists()] == []


def test_the_build_context_is_what_is_copied_and_nothing_else() -> None:
    first, *rules = [
        line
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert first == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == set(copied())


def test_only_locked_files_are_installed() -> None:
    installs = [command for command in of("RUN") if "pip install" in command]
    locks, itself = installs
    for needed in ("--require-hashes", "--no-deps", "--only-binary :all:"):
        assert needed in locks
    named = re.findall(r"-r (\S+)", locks)
    assert named == ["requirements/build.txt", "requirements/production.txt"]
    assert set(named) <= set(copied())
    assert "--no-deps" in itself
    assert "--no-build-isolation" in itself


def test_it_does_not_run_as_root_and_starts_a_known_command() -> None:
    names = [name for name, _ in instructions()]
    assert names.index("USER") > len(names) - 1 - names[::-1].index("FROM")
    uid, _, gid = of("USER")[-1].partition(":")
    assert int(uid) > 0
    assert int(gid) > 0
    assert of("ENTRYPOINT") == ['["easel"]']
    assert yaml.safe_load(of("CMD")[-1])[0] in COMMANDS


def test_its_stages_run_the_same_python_and_no_older_than_we_support() -> None:
    (default,) = of("ARG")
    found = re.fullmatch(r"PYTHON=3\.(\d+)-slim-\w+", default)
    assert found is not None
    assert int(found[1]) >= 11
    assert {stage.split()[0] for stage in of("FROM")} == {"python:${PYTHON}"}


def test_every_easel_variable_of_the_image_is_a_setting() -> None:
    named = set(re.findall(r"\b(EASEL_\w+)=", DOCKERFILE.read_text()))
    assert named
    assert ours(named) == named


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded = yaml.safe_load(COMPOSE.read_text())
    assert isinstance(loaded, dict)
    return loaded


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Service]:
    found: dict[str, Service] = compose["services"]
    assert set(found) == {"serve", "worker", "valkey"}
    return found


def test_compose_builds_our_image_and_runs_known_commands(services: dict[str, Service]) -> None:
    for name in ("serve", "worker"):
        service = services[name]
        context = (COMPOSE.parent / service["build"]["context"]).resolve()
        assert context == ROOT
        assert (context / service["build"]["dockerfile"]) == DOCKERFILE
        assert service["command"] == [name]
        assert name in COMMANDS


def test_every_variable_of_compose_is_a_setting(services: dict[str, Service]) -> None:
    for service in (services["serve"], services["worker"]):
        assert ours(service["environment"]) == set(service["environment"])
        assert service["env_file"] == ["easel.env"]
    example = re.findall(r"^(\w+)=", EXAMPLE.read_text(), re.MULTILINE)
    assert ours(example) == set(example)


def test_secrets_come_by_a_file_that_is_never_committed() -> None:
    filled_in = re.findall(r"^\w+=(.+)$", EXAMPLE.read_text(), re.MULTILINE)
    assert filled_in == []
    assert "deploy/easel.env" in (ROOT / ".gitignore").read_text().splitlines()


def test_gateway_and_workers_share_one_store_and_one_place_of_pictures(
    services: dict[str, Service],
) -> None:
    serve, worker = services["serve"], services["worker"]
    assert serve["environment"]["REDIS_URL"] == worker["environment"]["REDIS_URL"]
    assert serve["volumes"] == worker["volumes"]
    assert serve["environment"]["EASEL_WORKER_INSIDE"] == "false"
    for service in (serve, worker):
        assert service["depends_on"]["valkey"]["condition"] == "service_healthy"


def test_the_store_keeps_what_it_answered(compose: dict[str, Any]) -> None:
    command = compose["services"]["valkey"]["command"]
    pairs = dict(zip(command[1::2], command[2::2], strict=True))
    assert (pairs["--appendonly"], pairs["--appendfsync"]) == ("yes", "always")
    assert pairs["--maxmemory-policy"] == "noeviction"
    assert compose["services"]["valkey"]["volumes"] == ["store:/data"]
    assert set(compose["volumes"]) == {"store", "pictures"}


def test_nothing_is_reachable_but_the_gateway_on_loopback(compose: dict[str, Any]) -> None:
    published = {name: service.get("ports", []) for name, service in compose["services"].items()}
    assert published == {"serve": ["127.0.0.1:8080:8080"], "worker": [], "valkey": []}
    assert compose["services"]["valkey"]["networks"] == ["inside"]
    assert compose["networks"]["inside"]["internal"] is True


def test_containers_are_watched_and_have_no_rights_to_spare(services: dict[str, Service]) -> None:
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert name == "serve" or service["healthcheck"]["test"]
    assert of("HEALTHCHECK")
    check = services["worker"]["healthcheck"]["test"]
    compile(check[-1], "healthcheck", "exec")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """What the image's own install step installs, made from a copy of what the image copies."""
    copy = tmp_path_factory.mktemp("context")
    for source in copied():
        if (ROOT / source).is_dir():
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / source, copy / source, ignore=ignore)
        else:
            (copy / source).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / source, copy / source)
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--wheel-dir", "out")
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, "."], cwd=copy, check=True)
    (made,) = (copy / "out").glob("easel-*.whl")
    return zipfile.ZipFile(made)


def test_the_installed_program_has_all_its_parts(wheel: zipfile.ZipFile) -> None:
    installed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    listed = subprocess.run(
        ["git", "ls-files", "core", "adapters", "bot"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    if not listed:
        pytest.skip("this is not a git checkout, so what belongs to the program is not known")
    expected = {name for name in listed if (ROOT / name).exists() and not name.endswith(".md")}
    assert expected <= installed, "pyproject's package-data leaves these out"


def test_the_installed_program_has_its_command(wheel: zipfile.ZipFile) -> None:
    (name,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "easel = bot.cli:app" in wheel.read(name).decode()
