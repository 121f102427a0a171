"""The embedded store, tried with the real server binary."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import psutil
import pytest
from docket import Docket, Worker
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot import store_server
from bot.store import EmbeddedStore, running_store
from bot.store_place import StorePlace
from core.errors import Conflict, Unavailable
from tests import waiting

DATA_DIRS = ("data", "a b%é", "/".join(["a-rather-long-folder-name"] * 5))


wait_until = partial(waiting.wait_until, seconds=20)


async def answers(url: str) -> bool:
    async with Redis.from_url(url) as client:
        try:
            return bool(await client.ping())
        except (RedisError, OSError):
            return False


async def put(url: str, key: str, value: str) -> None:
    async with Redis.from_url(url) as client:
        await client.set(key, value)


async def get(url: str, key: str) -> str | None:
    async with Redis.from_url(url, decode_responses=True) as client:
        value = await client.get(key)
        return None if value is None else str(value)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[EmbeddedStore]:
    store = EmbeddedStore(tmp_path)
    yield store
    await store.stop()


@pytest.mark.parametrize("name", DATA_DIRS, ids=["plain", "odd letters", "too long for a socket"])
async def test_starts_anywhere_and_stops_without_a_trace(tmp_path: Path, name: str) -> None:
    store = EmbeddedStore(tmp_path / name)
    url = await store.start()
    pid = store.pid
    assert pid is not None
    assert await answers(url)
    await store.stop()
    assert not psutil.pid_exists(pid)
    assert not (tmp_path / name / "store" / "address").exists()


async def test_every_write_is_on_disk_before_its_answer(store: EmbeddedStore) -> None:
    async with Redis.from_url(await store.start(), decode_responses=True) as client:
        told = await client.config_get("append*", "maxmemory-policy")
    assert (told["appendonly"], told["appendfsync"]) == ("yes", "always")
    assert told["maxmemory-policy"] == "noeviction"


async def test_docket_runs_a_task_over_its_url(store: EmbeddedStore) -> None:
    ran = asyncio.Event()

    async def task() -> None:
        ran.set()

    async with Docket(name="trial", url=await store.start()) as docket:
        docket.register(task)
        await docket.add(task)()
        async with Worker(docket, redelivery_timeout=timedelta(seconds=5)) as worker:
            await worker.run_until_finished()
    assert ran.is_set()


async def test_data_outlives_a_stop_and_a_start(tmp_path: Path) -> None:
    for expected in (None, "1"):
        store = EmbeddedStore(tmp_path)
        url = await store.start()
        assert await get(url, "key") == expected
        await put(url, "key", "1")
        await store.stop()


async def test_a_killed_server_comes_back_with_its_data(store: EmbeddedStore) -> None:
    url = await store.start()
    for restarts in (1, 2):
        await put(url, "key", str(restarts))
        pid = store.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)

        async def back(expected: int = restarts) -> bool:
            return store.restarts == expected and await answers(url)

        await wait_until(back, "the store was brought back")
        assert await get(url, "key") == str(restarts)
        assert store.pid != pid


async def test_a_truncated_last_write_does_not_keep_it_from_starting(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    url = await store.start()
    await put(url, "first", "1")
    await put(url, "second", "2")
    await store.stop()
    (tail,) = (tmp_path / "store" / "appendonlydir").glob("*.incr.aof")
    tail.write_bytes(tail.read_bytes()[:-7])
    url = await store.start()
    assert (await get(url, "first"), await get(url, "second")) == ("1", None)
    await store.stop()


async def test_a_second_owner_is_told_kindly(store: EmbeddedStore, tmp_path: Path) -> None:
    url = await store.start()
    with pytest.raises(Conflict) as refusal:
        await EmbeddedStore(tmp_path).start()
    assert str(tmp_path) in refusal.value.message
    assert "EASEL_DATA_DIR" in refusal.value.hint
    assert await answers(url)


async def test_another_process_finds_it_and_only_this_user_may(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    url = await store.start()
    assert await running_store(tmp_path) == url
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "store").iterdir()
    }
    assert modes["address"] == 0o600
    assert modes["store.sock"] == 0o700
    assert stat.S_IMODE((tmp_path / "store").stat().st_mode) == 0o700


async def test_a_worker_without_a_server_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as refusal:
        await running_store(tmp_path, patience=0)
    assert "easel serve" in refusal.value.hint


async def test_stale_files_of_a_crash_are_no_obstacle(store: EmbeddedStore, tmp_path: Path) -> None:
    place = StorePlace(tmp_path)
    place.publish()
    place.pid_file.write_text(f"{os.getpid()}\n")  # given away since to a process that is not ours
    place.socket.write_text("")
    (place.folder / "address.new").write_text("half")
    assert await answers(await store.start())


OWNER = """
import asyncio, sys
from pathlib import Path
from bot.store import EmbeddedStore

async def main():
    store = EmbeddedStore(Path(sys.argv[1]))
    print(await store.start(), store.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def owner_process(data_dir: Path) -> tuple[subprocess.Popen[str], str, int]:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(data_dir)], stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    url, pid = owner.stdout.readline().split()
    return owner, url, int(pid)


def kill(owner: subprocess.Popen[str]) -> None:
    owner.kill()
    owner.communicate()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
async def test_the_server_goes_with_a_killed_owner_and_the_next_has_the_data(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    owner, url, pid = await asyncio.to_thread(owner_process, tmp_path)
    await put(url, "key", "kept")
    await asyncio.to_thread(kill, owner)

    async def gone() -> bool:
        return not psutil.pid_exists(pid)

    await wait_until(gone, "the server ended with its owner")
    assert await get(await store.start(), "key") == "kept"


async def test_an_owner_started_at_once_after_a_kill_has_a_working_store(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    owner, url, _ = await asyncio.to_thread(owner_process, tmp_path)
    await put(url, "key", "kept")
    owner.kill()  # not waited for: the old server may be ending, or still be there

    async def started() -> bool:
        with contextlib.suppress(Conflict):
            await store.start()
            return True
        return store.pid is not None

    await wait_until(started, "the lock of the dead owner is free")
    await asyncio.to_thread(owner.communicate)

    async def well() -> bool:
        return await answers(url)

    await wait_until(well, "the store answers")
    assert await get(url, "key") == "kept"


@pytest.fixture
async def orphan(tmp_path: Path) -> AsyncIterator[store_server.Server]:
    """A server whose owner has forgotten it: no lock, no address, not our supervisor's."""
    place = StorePlace(tmp_path)
    server = await store_server.Launched.launch(store_server.find_binary(), place)

    async def ready() -> bool:
        return await store_server.ask(place.socket) is not None

    await wait_until(ready, "the orphan answers")
    yield server
    await store_server.end(server)


async def test_a_leftover_that_is_well_is_adopted_and_then_supervised(
    orphan: store_server.Server, store: EmbeddedStore
) -> None:
    url = await store.start()
    assert store.pid == orphan.pid
    orphan.signal(signal.SIGKILL)

    async def back() -> bool:
        return store.restarts == 1 and await answers(url)

    await wait_until(back, "the adopted store was brought back")
    assert store.pid != orphan.pid


async def test_a_leftover_that_hangs_is_ended(
    orphan: store_server.Server,
    store: EmbeddedStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store_server, "_ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(store_server, "_STOP_SECONDS", 0.2)
    orphan.signal(signal.SIGSTOP)
    url = await store.start()
    assert store.pid != orphan.pid
    assert await answers(url)
    assert not psutil.pid_exists(orphan.pid)


async def test_a_server_that_cannot_start_is_named_with_its_log(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "appendonlydir").write_text("not a folder")
    store = EmbeddedStore(tmp_path)
    with pytest.raises(Unavailable) as refusal:
        await store.start()
    assert "server.log" in refusal.value.hint
    assert refusal.value.admin
    (tmp_path / "store" / "appendonlydir").unlink()
    assert await answers(await store.start())  # and the failure left no lock behind
    await store.stop()


def fake_binary(folder: Path, name: str, says: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("programs", "chosen"),
    [
        ({}, "Valkey 8.1.8"),
        ({"redis-server": "Redis server v=7.0.15 sha=0 bits=64"}, "Redis 7.0.15"),
        ({"redis-server": "Redis server v=6.2.14 sha=0 bits=64"}, "Valkey 8.1.8"),
        ({"redis-server": "nonsense"}, "Valkey 8.1.8"),
        (
            {
                "redis-server": "Redis server v=8.0.1 sha=0 bits=64",
                "valkey-server": "Valkey server v=9.0.0 sha=0 bits=64",
            },
            "Valkey 9.0.0",
        ),
    ],
)
def test_a_server_on_path_wins_when_it_is_new_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, programs: dict[str, str], chosen: str
) -> None:
    for name, says in programs.items():
        fake_binary(tmp_path, name, says)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert store_server.find_binary().version == chosen
