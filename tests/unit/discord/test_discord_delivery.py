"""Files of one message share what one request may hold, each as large as it can be."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.delivery import MOST_REQUEST, Bundle, bundle
from core.errors import NotFound
from core.session.models import Actor, Asset, Recipe, Turn, Version
from core.turns.service import Desk

SID, TID = "s" + "0" * 20, "t" + "0" * 20
MIB = 1024 * 1024
RECIPE = Recipe(operation="generate", model="fake", engine="fake", words="a mug")


@dataclass
class Darkroom:
    """Files of as many bytes as their picture has, or as there is room for."""

    board: int = 100

    async def fitted(self, sha256: str, *, version: str | None, most_bytes: int) -> Any:
        size = int(sha256, 16)
        whole = size <= most_bytes
        return SimpleNamespace(
            data=bytes(min(size, most_bytes)),
            mime="image/png" if whole else "image/webp",
            exact=whole,
            words="" if whole else f"cut to {most_bytes}",
        )

    async def checkered(self, sha256: str, side: int) -> bytes:
        if self.board < 0:
            raise NotFound("Gone.")
        return bytes(self.board)


def version(number: int, size: int, *, alpha: bool = False) -> Version:
    asset = Asset(
        sha256=f"{size:064x}", mime="image/png", width=9, height=9, bytes=max(1, size), alpha=alpha
    )
    return Version(
        id=f"{SID}.v{number}", session_id=SID, number=number, name=f"v{number}", turn_id=TID,
        operation="generate", model="fake", asset=asset, recipe=RECIPE,
    )  # fmt: skip


TURN = Turn(id=TID, session_id=SID, number=1, actor=Actor(id="discord:9"), text="a mug")


async def packed(
    versions: list[Version], *, limit: int = 10 * MIB, most: int = MOST_REQUEST, board: int = 100
) -> Bundle:
    return await bundle(cast(Desk, Darkroom(board)), TURN, versions, limit=limit, most=most)


def sizes(found: Bundle) -> list[int]:
    return [len(upload.data) for upload in found.uploads]


@given(st.lists(st.integers(1, 5_000), min_size=1, max_size=10), st.integers(500, 4_000))
async def test_all_fit_and_none_is_smaller_than_it_must_be(pictures: list[int], limit: int) -> None:
    most = 9_000
    versions = [version(number, size) for number, size in enumerate(pictures, 1)]
    found = await packed(versions, limit=limit, most=most)
    told = sizes(found)
    assert sum(told) <= most and max(told) <= limit
    assert [upload.name.partition(".")[0] for upload in found.uploads] == [v.name for v in versions]
    level = max(told)
    for size, got in zip(pictures, told, strict=True):
        assert got == size or got >= min(limit, level - len(pictures))
    assert found.partial == {
        each.id for each, got in zip(versions, told, strict=True) if got < each.asset.bytes
    }


async def test_two_of_twenty_share_one_request_of_twenty_five() -> None:
    found = await packed([version(1, 20 * MIB), version(2, 20 * MIB)], limit=50 * MIB)
    assert sizes(found) == [MOST_REQUEST // 2, MOST_REQUEST - MOST_REQUEST // 2]
    assert [line.partition(":")[0] for line in found.said] == ["v1", "v2"]


async def test_the_limit_of_the_place_holds_for_one() -> None:
    found = await packed([version(1, 12 * MIB)])
    assert sizes(found) == [10 * MIB] and found.said == (f"cut to {10 * MIB}",)


@pytest.mark.parametrize(
    ("board", "names"),
    [
        (100, ["v1.png", "v1-on-checkerboard.jpg"]),
        (5_000, ["v1.png"]),
        (-1, ["v1.png"]),
    ],
    ids=["there is room", "no room", "it can not be made"],
)
async def test_a_view_of_what_is_transparent_takes_what_room_is_left(
    board: int, names: list[str]
) -> None:
    found = await packed([version(1, 1_000, alpha=True)], most=2_000, board=board)
    assert [upload.name for upload in found.uploads] == names


async def test_there_are_never_more_than_ten_files() -> None:
    found = await packed([version(number, 9, alpha=True) for number in range(1, 11)])
    assert len(found.uploads) == 10 and all(each.name.endswith(".png") for each in found.uploads)
