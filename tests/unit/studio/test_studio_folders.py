"""Studios that were killed leave folders behind; those who come later clear them away."""

from __future__ import annotations

import os
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.engines.studio.server import StudioServer


class _NoPool:
    async def run(self, fn: Any, *args: Any, on_message: Any = None) -> Any:
        raise AssertionError("nothing is drawn here")


def count(place: Path) -> int:
    return len(list(place.iterdir()))


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder for temporary things, with a path that is short enough for sockets."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


async def test_only_old_folders_of_dead_studios_are_cleared_away(place: Path) -> None:
    folders = {name: place / f"easel-studio-{name}" for name in ("dead", "young", "alive")}
    foreign = place / "somebody-else"
    for folder in (*folders.values(), foreign):
        folder.mkdir()
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    door.bind(str(folders["alive"] / "studio.sock"))
    door.listen()
    long_ago = time.time() - 3_600
    for folder in (folders["dead"], folders["alive"], foreign):
        os.utime(folder, (long_ago, long_ago))
    server = StudioServer(_NoPool())
    await server.start()
    try:
        assert not folders["dead"].exists()
        assert folders["young"].exists()
        assert folders["alive"].exists()
        assert foreign.exists()
        assert count(place) == 4
    finally:
        await server.close()
        door.close()
    assert count(place) == 3
