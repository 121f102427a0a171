"""Looking back: a version on view again, and the whole thread on one sheet."""

from __future__ import annotations

import asyncio
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.session.links import LinkStore
from core.session.models import Turn, TurnState, Version
from tests.scenario.house import House, png


async def _sheet(home: House, turn: Turn) -> NDArray[np.uint8]:
    """The only enclosed picture of a turn, which is what its asset says."""
    assert turn.state is TurnState.DONE, turn.error
    (asset,) = turn.enclosed
    image = Image.open(io.BytesIO(await home.desk.asset_bytes(asset.sha256)))
    assert (image.format, image.mode) == ("PNG", "RGB")
    assert image.size == (asset.width, asset.height)
    assert not asset.alpha
    assert await home.desk.asset(asset.sha256) == asset
    return np.asarray(image)


def _has(sheet: NDArray[np.uint8], colour: tuple[int, int, int], at_least: int = 3000) -> bool:
    return bool((np.abs(sheet.astype(int) - colour).max(axis=2) <= 3).sum() >= at_least)


TEAL, GOLD, NAVY = (0, 128, 128), (255, 215, 0), (0, 0, 128)


async def test_a_recap_is_a_sheet_of_all_versions_and_changes_nothing(home: House) -> None:
    thread = home.thread()
    first = await thread.done("flip it", png("teal"))
    await thread.done("rotate 90", png("gold"))
    await thread.do("undo")
    before = await home.desk.session(first.session_id)
    turn = await thread.do("recap of this thread")
    sheet = await _sheet(home, turn)
    assert _has(sheet, TEAL)
    assert _has(sheet, GOLD)
    after = await home.desk.session(first.session_id)
    assert (after.head, after.version_count) == (before.head, before.version_count)
    assert turn.versions == ()
    assert turn.echo == "putting all versions on a sheet"
    assert turn.cost_usd == 0


async def test_what_a_turn_makes_before_its_recap_is_on_the_sheet(home: House) -> None:
    thread = home.thread()
    await thread.done("a red mug")
    turn = await thread.do("flip it, then recap", png("navy"))
    assert _has(await _sheet(home, turn), NAVY)
    assert len(turn.versions) == 2


async def test_a_recap_of_nothing_is_told_kindly(home: House) -> None:
    turn = await home.thread().do("recap")
    assert turn.state is TurnState.FAILED
    assert turn.error is not None
    assert turn.error.code == "no_versions"
    assert turn.error.hint


async def test_approved_versions_are_marked_on_the_sheet(home: House) -> None:
    thread = home.thread()
    made = await thread.done("a red mug")
    plain = await _sheet(home, await thread.do("recap"))
    await LinkStore(home.parts.redis).approve(made.session_id, made.id, "web:ana")
    marked = await _sheet(home, await thread.do("recap"))
    green = (17, 122, 72)
    assert not _has(plain, green, 30)
    assert _has(marked, green, 30)


async def test_show_puts_a_version_on_view_and_leaves_the_head(home: House) -> None:
    thread = home.thread()
    first = await thread.done("a red mug")
    second = await thread.done("make it navy")
    turn = await thread.do("show v1 here")
    assert turn.state is TurnState.DONE, turn.error
    assert (turn.shows, turn.versions) == ((first.id,), ())
    assert (await home.desk.session(first.session_id)).head == second.id
    nothing = await thread.do("show v9")
    assert nothing.error is not None
    assert "v9" in nothing.error.message


async def test_a_recap_can_be_cancelled_like_any_turn(home: House) -> None:
    thread = home.thread()
    versions: list[Version] = [await thread.done("a red mug") for _ in range(3)]
    run, held = home.crew._pool.run, asyncio.Event()

    async def hold(*args: object, **more: object) -> object:
        held.set()
        return await asyncio.Event().wait()

    home.crew._pool.run = hold  # type: ignore[method-assign]
    turn = await thread.say("recap")
    await held.wait()
    assert (await home.desk.cancel(turn.session_id, turn.id)).state is TurnState.CANCELLED
    home.crew._pool.run = run  # type: ignore[method-assign]
    again = await thread.do("recap")
    assert len(again.enclosed) == 1
    assert len(await home.desk.versions(versions[0].session_id)) == len(versions)
