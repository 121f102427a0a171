"""`easel doctor` sees what is wrong, says what to do, and never shows a secret."""

from __future__ import annotations

import io
import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import psutil
import pytest
from pydantic import SecretStr
from rich.console import Console

from bot import check_machine, check_services, check_weights, doctor
from bot.findings import Finding, Level, bad, note, ok, warn
from bot.settings import Settings
from bot.store import EmbeddedStore


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in [name for name in os.environ if name.startswith("EASEL_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.chdir(tmp_path)
    yield


def printed(findings: list[Finding]) -> tuple[bool, str]:
    console = Console(file=io.StringIO(), width=200)
    verdict = doctor.report(findings, console)
    assert isinstance(console.file, io.StringIO)
    return verdict, console.file.getvalue()


async def test_a_whole_installation_is_ready(tmp_path: Path) -> None:
    findings = await doctor.examine(Settings(data_dir=tmp_path / "data", port=0))
    verdict, text = printed(findings)
    assert verdict, text
    assert len(findings) == len(doctor.CHECKS)
    assert "Easel is ready." in text


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [
        ([ok("a", "x"), note("b", "x"), warn("c", "x", "do y")], True),
        ([ok("a", "x"), bad("c", "x", "do y")], False),
    ],
)
def test_only_what_is_essential_decides(findings: list[Finding], verdict: bool) -> None:
    decided, text = printed(findings)
    assert decided is verdict
    assert "do y" in text


async def test_a_check_that_fails_itself_is_a_finding() -> None:
    async def check_something_odd(_: Settings) -> Finding:
        raise RuntimeError("with a secret inside")

    (finding,) = await doctor.examine(Settings(), [check_something_odd])
    assert (finding.part, finding.level) == ("something odd", Level.BAD)
    assert "RuntimeError" in finding.words
    assert "secret" not in finding.words


def test_broken_and_crashing_packages_are_told_apart_from_good_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "breaks.py").write_text("raise OSError('no such library')")
    (tmp_path / "crashes.py").write_text("import os; os._exit(139)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    names = ["json", "breaks", "crashes", "absent_altogether", "math"]
    assert check_machine.unimportable(names) == ["breaks", "crashes", "absent_altogether"]


async def test_a_damaged_network_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = await check_weights.check_weights(Settings())
    assert whole.level is Level.OK
    as_before = check_weights.intact
    monkeypatch.setattr(
        check_weights,
        "intact",
        lambda file: as_before(file) and file.name != "REALESRGAN_X4PLUS_UP4X.bin",
    )
    damaged = await check_weights.check_weights(Settings())
    assert damaged.level is Level.BAD
    assert "REALESRGAN_X4PLUS_UP4X.bin" in damaged.words


def test_a_file_is_intact_only_byte_for_byte(tmp_path: Path) -> None:
    files = metadata.files(check_weights.PACKAGE)
    assert files
    file = next(file for file in files if file.suffix == ".param")
    assert check_weights.intact(file)
    copy = type(file)(file)
    copy.hash = file.hash
    copy.dist = file.dist
    content = Path(str(file.locate())).read_bytes()
    for changed, expected in ((content, True), (content + b" ", False)):
        target = tmp_path / "copy.param"
        target.write_bytes(changed)
        copy.locate = lambda path=target: path  # type: ignore[method-assign, misc]
        assert check_weights.intact(copy) is expected
    target.unlink()
    assert not check_weights.intact(copy)


async def test_a_data_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    finding = await check_machine.check_data_dir(Settings(data_dir=tmp_path / "file" / "data"))
    assert finding.level is Level.BAD
    assert "EASEL_DATA_DIR" in finding.remedy


@pytest.mark.parametrize(("free", "level"), [(10e9, Level.OK), (1e9, Level.WARN), (1e6, Level.BAD)])
async def test_room_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: float, level: Level
) -> None:
    usage = type("Usage", (), {"free": free})
    monkeypatch.setattr(psutil, "disk_usage", lambda path: usage)
    assert (await check_machine.check_data_dir(Settings(data_dir=tmp_path))).level is level


async def test_a_misspelt_setting_is_noticed_wherever_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EASEL_SKIP_BROWSER", "1")
    assert (await check_services.check_names(Settings())).level is Level.OK
    monkeypatch.setenv("EASEL_PROT", "1")
    (tmp_path / ".env").write_text("# EASEL_COMMENT=1\nexport EASEL_MAX_FILE=3\n")
    finding = await check_services.check_names(Settings())
    assert finding.words == "Not known: EASEL_MAX_FILE, EASEL_PROT."
    assert "EASEL_PORT" in finding.remedy


async def test_a_store_that_is_away_is_bad_and_its_password_stays_hidden() -> None:
    url = SecretStr("redis://:pa55word@127.0.0.1:1/0")
    finding = await check_services.check_store(Settings(redis_url=url))
    assert finding.level is Level.BAD
    assert "pa55word" not in f"{finding}"


async def test_the_embedded_store_is_known_by_its_state(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert "started by" in (await check_services.check_store(settings)).words
    store = EmbeddedStore(tmp_path)
    url = await store.start()
    try:
        assert "running now" in (await check_services.check_store(settings)).words
        direct = await check_services.check_store(Settings(redis_url=SecretStr(url)))
        assert (direct.level, "append-only" in direct.words) == (Level.OK, True)
    finally:
        await store.stop()


@pytest.mark.parametrize(
    ("info", "level"),
    [
        ({"redis_version": "7.0.15", "aof_enabled": 1}, Level.OK),
        ({"redis_version": "7.2.4", "valkey_version": "8.1.8", "aof_enabled": 1}, Level.OK),
        ({"redis_version": "7.0.15", "aof_enabled": 0}, Level.WARN),
        ({"redis_version": "6.2.14", "aof_enabled": 1}, Level.BAD),
    ],
)
def test_a_store_is_judged_by_version_and_persistence(
    info: dict[str, object], level: Level
) -> None:
    assert check_services.judge_store(info).level is level


async def test_pictures_that_have_no_place(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    finding = await check_services.check_blobs(Settings(blobs=str(tmp_path / "file" / "x")))
    assert finding.level is Level.BAD
    assert (await check_services.check_blobs(Settings(blobs=str(tmp_path / "b")))).level is Level.OK


async def test_a_port_that_another_program_uses() -> None:
    with socket.socket() as other:  # bound and not listening, so that a connection is refused
        other.bind(("127.0.0.1", 0))
        settings = Settings(port=other.getsockname()[1])
        taken = await check_services.check_port(settings)
    assert taken.level is Level.BAD
    assert "EASEL_PORT" in taken.remedy
    assert (await check_services.check_port(settings)).level is Level.OK


@pytest.mark.parametrize(
    ("host", "key", "level"),
    [
        ("127.0.0.1", None, Level.OK),
        ("0.0.0.0", None, Level.WARN),
        ("0.0.0.0", SecretStr("a-long-random-text"), Level.OK),
    ],
)
async def test_reach_from_other_machines(host: str, key: SecretStr | None, level: Level) -> None:
    finding = await check_services.check_exposure(Settings(host=host, secret_key=key))
    assert finding.level is level


async def test_a_clock_that_stands_in_the_past(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await check_machine.check_clock(Settings())).level is Level.OK
    monkeypatch.setattr(check_machine, "_BUILT", datetime.max.replace(tzinfo=UTC))
    assert (await check_machine.check_clock(Settings())).level is Level.BAD
