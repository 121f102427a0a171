"""The whole way of a person, in a real browser, with nothing configured: words, edits, true alpha,
4K, undo, a branch, and everything still there afterwards."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Page, expect

from tests.browser.workspace import Workspace, keep, serving

FIRST = "a red mug to the left of a white candle on a walnut table, soft window light --seed 7"
Pixels = npt.NDArray[np.uint8]


def redder(pixels: Pixels) -> npt.NDArray[np.bool_]:
    """Where red stands out."""
    r, g, b = (pixels[..., channel].astype(int) for channel in range(3))
    return (r > 90) & (r > 2 * g) & (r > 2 * b)


def bluer(pixels: Pixels) -> npt.NDArray[np.bool_]:
    """Where blue stands out."""
    r, g, b = (pixels[..., channel].astype(int) for channel in range(3))
    return (b > r + 12) & (b > g + 12)


@pytest.mark.timeout(1_500)
def test_from_words_to_a_transparent_4k_picture_and_back(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path) as address:
        workspace = Workspace(page, address)
        workspace.open()
        keep(page, "empty")
        first = workspace.say(FIRST)
        expect(first.get_by_test_id("preview")).to_be_visible(timeout=60_000)
        keep(page, "drawing")
        workspace.ended(first)
        red = workspace.pixels("v1")
        assert red.shape == (1024, 1024, 3)
        mug = redder(red)
        assert mug.mean() > 0.02
        candle_side = redder(red)[:, 512:]
        assert mug[:, :512].sum() > 5 * candle_side.sum()

        second = workspace.do("make the mug navy, keep everything else the same")
        expect(second.get_by_test_id("echo")).to_contain_text("v1")
        navy = workspace.pixels("v2")
        assert bluer(navy)[mug].mean() > 0.6
        _assert_the_rest_is_kept(red, navy, mug)
        keep(page, "workspace")

        workspace.ended(workspace.click(workspace.version("v2"), "action-transparent"))
        clear = workspace.pixels("v3")
        _assert_true_alpha(clear, mug)
        expect(workspace.version("v3").get_by_test_id("alpha-report")).to_be_visible()

        workspace.ended(workspace.click(workspace.version("v3"), "action-4x"))
        large = workspace.pixels("v4")
        assert large.shape == (4096, 4096, 4)
        _assert_alpha_is_that_of(clear, large)
        workspace.version("v4").get_by_test_id("open-viewer").click()
        expect(page.get_by_test_id("viewer")).to_be_visible()
        keep(page, "transparent")
        page.keyboard.press("Escape")

        workspace.do("undo")
        assert workspace.session["head"] == workspace.told("v3")["id"]

        workspace.version("v1").get_by_test_id("action-edit").click()
        expect(page.get_by_test_id("target")).to_contain_text("v1")
        workspace.do("remove the candle")
        branch = workspace.told("v5")
        assert branch["parents"] == [workspace.told("v1")["id"]]
        keep(page, "branch")

        before = workspace.session
        page.reload()
        _assert_all_is_there(workspace)

    with serving(tmp_path) as address:
        again = Workspace(page, address)
        again.open(f"/#/s/{before['id']}")
        _assert_all_is_there(again)
        assert again.session["turns"] == before["turns"]
        assert again.session["versions"] == before["versions"]


def _assert_the_rest_is_kept(red: Pixels, navy: Pixels, mug: npt.NDArray[np.bool_]) -> None:
    """Away from the mug nothing has moved: what differs is its light on things near it."""
    rows, columns = np.nonzero(mug)
    far = np.ones_like(mug)
    far[max(0, rows.min() - 60) : rows.max() + 120, max(0, columns.min() - 60) :] = False
    difference = np.abs(red.astype(int) - navy.astype(int)).max(axis=2)
    assert difference[far].mean() < 1.5
    assert (difference[far] > 24).mean() < 0.001


def _assert_true_alpha(clear: Pixels, mug: npt.NDArray[np.bool_]) -> None:
    alpha = clear[..., 3]
    height, width = alpha.shape
    corners = [(0, 0), (0, width - 1), (height - 1, 0), (height - 1, width - 1)]
    assert [int(alpha[corner]) for corner in corners] == [0, 0, 0, 0]
    inside = _eroded(mug, 6)
    assert inside.sum() > 5_000
    assert int(np.median(alpha[inside])) == 255
    assert (alpha[inside] == 255).mean() > 0.99
    _assert_no_fringe(clear, inside)


def _assert_no_fringe(clear: Pixels, inside: npt.NDArray[np.bool_]) -> None:
    """Over white, a soft edge never is darker than the darkest of the things themselves."""
    alpha = clear[..., 3:].astype(float) / 255
    over_white = clear[..., :3] * alpha + 255 * (1 - alpha)
    soft = (clear[..., 3] > 20) & (clear[..., 3] < 235)
    assert soft.sum() > 200
    solid = clear[..., 3] == 255
    darkest = np.percentile(over_white[solid].mean(axis=1), 1)
    assert (over_white[soft].mean(axis=1) < darkest - 12).mean() < 0.02


def _assert_alpha_is_that_of(small: Pixels, large: Pixels) -> None:
    blocks = large[..., 3].astype(float).reshape(1024, 4, 1024, 4).mean(axis=(1, 3))
    difference = np.abs(blocks - small[..., 3])
    assert difference.mean() < 1.0
    assert large[..., 3].max() == 255
    assert large[0, 0, 3] == 0


def _assert_all_is_there(workspace: Workspace) -> None:
    expect(workspace.turns).to_have_count(6)
    for name in ("v1", "v2", "v3", "v4", "v5"):
        expect(workspace.version(name)).to_have_count(1)
    expect(workspace.page.get_by_test_id("strip-item")).to_have_count(5)


def _eroded(mask: npt.NDArray[np.bool_], by: int) -> npt.NDArray[np.bool_]:
    """What is left of a mask when every pixel within `by` of its border goes."""
    left = mask.copy()
    for axis in (0, 1):
        for step in range(1, by + 1):
            left &= np.roll(mask, step, axis) & np.roll(mask, -step, axis)
    return left
