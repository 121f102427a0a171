"""The `easel` command: what it offers, how it ends, and that it never shows a traceback."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import structlog
from typer.testing import CliRunner, Result

from bot import exits
from bot.cli import app
from core.errors import (
    BadPicture,
    Conflict,
    DiskFull,
    EaselError,
    EngineError,
    EngineFault,
    NotFound,
    TurnCancelled,
    Unavailable,
)

COMMANDS = {"serve", "worker", "doctor", "models", "upscale", "cutout", "slack", "discord"}
Install = Callable[..., None]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.cli.set_up_logging", lambda settings: None)


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put a module with these members behind a door of the command."""

    def put(name: str, **members: object) -> None:
        module = ModuleType(name)
        vars(module).update(members)
        monkeypatch.setitem(sys.modules, name, module)

    return put


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "in.png"
    path.write_bytes(b"bytes")
    return path


def easel(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_help_names_every_command_and_the_exit_codes() -> None:
    result = easel("--help")
    assert result.exit_code == 0
    offered = re.findall(r"^  (\w+)  ", result.stdout.partition("Commands:")[2], re.MULTILINE)
    assert set(offered) == COMMANDS
    assert "130 interrupted" in " ".join(result.stdout.split())


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(name: str) -> None:
    result = easel(name, "--help")
    assert result.exit_code == 0
    assert result.stdout.strip().count("\n") > 3


def test_it_runs_as_a_program_and_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "upscale", "absent.png", "out.png"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
        check=False,
    )
    assert done.returncode == exits.BAD_INPUT
    assert done.stdout == ""
    assert "There is no file absent.png." in done.stderr
    assert "Traceback" not in done.stderr


def test_upscale_hands_everything_on_and_prints_where_the_result_is(
    install: Install, picture: Path, tmp_path: Path
) -> None:
    calls: list[tuple[object, ...]] = []

    def upscale_file(*arguments: Any) -> None:
        *given, on_progress = arguments
        calls.append(tuple(given))
        for step in range(5):
            on_progress(step / 4)

    install("core.picture.files", upscale_file=upscale_file)
    target = tmp_path / "out.png"
    result = easel("upscale", picture, target, "--scale", "2.5", "--model", "drawing")
    assert (result.exit_code, result.stdout.strip()) == (0, str(target))
    assert calls == [(picture, target, 2.5, "drawing")]
    assert "Enlarging" in result.stderr


def test_cutout_hands_everything_on(install: Install, picture: Path, tmp_path: Path) -> None:
    calls: list[tuple[object, object]] = []
    install(
        "core.picture.files", cutout_file=lambda source, target, _: calls.append((source, target))
    )
    assert easel("cutout", picture, tmp_path / "out.webp").exit_code == 0
    assert calls == [(picture, tmp_path / "out.webp")]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("absent.png", "out.png"), "There is no file absent.png."),
        ((".", "out.png"), "There is no file ."),
        (("in.png", "no/such/out.png"), "There is no folder no/such."),
        (("in.png", "."), "is a folder"),
        (("in.png", "in.png"), "written over itself"),
        (("in.png", "out.png", "--scale", "99"), "Invalid value"),
        (("in.png", "out.png", "--scale", "much"), "Invalid value"),
        (("in.png",), "Missing argument"),
    ],
)
def test_bad_paths_and_options_end_with_two(
    picture: Path, arguments: tuple[str, ...], words: str
) -> None:
    result = easel("upscale", *arguments)
    assert result.exit_code == exits.BAD_INPUT
    assert words in " ".join(result.stderr.split())
    assert picture.read_bytes() == b"bytes"


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (BadPicture("This is no picture.", hint="Send a PNG."), exits.BAD_INPUT),
        (NotFound("x", hint="y"), exits.BAD_INPUT),
        (Conflict("x", hint="y"), exits.BAD_INPUT),
        (Unavailable("x", hint="y"), exits.NOT_AVAILABLE),
        (DiskFull("x", hint="y"), exits.NOT_AVAILABLE),
        (EngineError("x", kind=EngineFault.AUTH, hint="y"), exits.NOT_AVAILABLE),
        (TurnCancelled("x", hint="y"), exits.INTERRUPTED),
    ],
)
def test_an_error_becomes_words_and_an_exit_code(
    install: Install, picture: Path, problem: EaselError, code: int
) -> None:
    def cutout_file(*_: object) -> None:
        raise problem

    install("core.picture.files", cutout_file=cutout_file)
    result = easel("cutout", picture, "out.png")
    assert result.exit_code == code
    assert problem.message in result.stderr
    assert problem.hint in result.stderr
    assert "Traceback" not in result.stderr


def test_what_only_an_operator_may_read_goes_to_the_log(install: Install, picture: Path) -> None:
    def cutout_file(*_: object) -> None:
        raise Unavailable("The store is away.", admin="socket 7 refused")

    install("core.picture.files", cutout_file=cutout_file)
    with structlog.testing.capture_logs() as lines:
        result = easel("cutout", picture, "out.png")
    assert "socket 7" not in result.stderr
    assert [line["detail"] for line in lines] == ["socket 7 refused"]


def test_ctrl_c_ends_with_130_and_without_words(install: Install, picture: Path) -> None:
    def cutout_file(*_: object) -> None:
        raise KeyboardInterrupt

    install("core.picture.files", cutout_file=cutout_file)
    result = easel("cutout", picture, "out.png")
    assert result.exit_code == exits.INTERRUPTED
    assert "Traceback" not in result.stderr


def test_a_fault_of_ours_is_owned_up_to(install: Install, picture: Path) -> None:
    install("core.picture.files", cutout_file=lambda *_: 1 / 0)
    result = easel("cutout", picture, "out.png")
    assert result.exit_code == exits.FAULT
    assert "inside Easel: ZeroDivisionError" in result.stderr
    assert "EASEL_LOG_LEVEL=debug" in result.stderr


@pytest.mark.parametrize(("command", "module", "function"), [
    ("serve", "bot.serve", "serve"),
    ("worker", "bot.worker", "work"),
])  # fmt: skip
def test_serve_and_worker_run_with_the_settings(
    install: Install, monkeypatch: pytest.MonkeyPatch, command: str, module: str, function: str
) -> None:
    seen: list[int] = []

    async def run(settings: Any) -> None:
        seen.append(settings.port)

    install(module, **{function: run})
    monkeypatch.setenv("EASEL_PORT", "1234")
    assert easel(command).exit_code == 0
    assert seen == [1234]


def test_a_wrong_setting_is_named_before_anything_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EASEL_PORT", "eighty")
    result = easel("serve")
    assert result.exit_code == exits.BAD_INPUT
    assert "EASEL_PORT" in result.stderr


@pytest.mark.parametrize("exit_code", [0, 1])
def test_doctor_ends_by_its_verdict(monkeypatch: pytest.MonkeyPatch, exit_code: int) -> None:
    async def examine(_: object) -> list[object]:
        return []

    monkeypatch.setattr("bot.doctor.examine", examine)
    monkeypatch.setattr("bot.doctor.report", lambda findings, console: exit_code == 0)
    assert easel("doctor").exit_code == exit_code
