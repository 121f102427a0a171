"""A person's own photographs: brought in, cropped, enlarged, labelled, cut out, taken away."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.workspace import Workspace, decoded, keep

PHOTOS = Path(__file__).parents[1] / "photos"
WAYS = ("png", "webp", "jpeg")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["coffee.jpg", "astronaut.png"])
def test_a_photograph_is_worked_on_and_taken_away(workspace: Workspace, name: str) -> None:
    workspace.open()
    page = workspace.page
    page.get_by_test_id("file-input").set_input_files(PHOTOS / name)
    expect(page.get_by_test_id("attachments").locator("img")).to_be_visible()
    workspace.do("crop to 4:5")
    cropped = workspace.told("v2")["asset"]
    assert abs(cropped["width"] / cropped["height"] - 0.8) < 0.005
    workspace.do("2x")
    large = workspace.told("v3")["asset"]
    assert (large["width"], large["height"]) == (2 * cropped["width"], 2 * cropped["height"])
    workspace.do('label it "SALE"')
    plain, labelled = workspace.pixels("v3"), workspace.pixels("v4")
    changed = (plain != labelled).any(axis=2)
    assert changed[plain.shape[0] // 2 :].any()
    assert not changed[: plain.shape[0] // 2].any()
    workspace.do("edit from v3")
    workspace.do("cut it out")
    cut = workspace.pixels("v5")
    assert cut.shape[2] == 4
    assert 0.02 < (cut[..., 3] > 127).mean() < 0.98
    expect(workspace.version("v5").get_by_test_id("alpha-report")).to_be_visible()
    keep(page, f"photo-{Path(name).stem}")
    for way in WAYS:
        _assert_download(workspace, way, cut.shape[:2])


def _assert_download(workspace: Workspace, way: str, size: tuple[int, int]) -> None:
    page = workspace.page
    workspace.version("v5").get_by_test_id("download-menu").click()
    with page.expect_download() as waiting:
        page.get_by_test_id(f"download-{way}").click()
    path = waiting.value.path()
    with Image.open(path) as image:
        assert image.format == way.upper()
        assert image.size == (size[1], size[0])
        assert image.mode == ("RGB" if way == "jpeg" else "RGBA")
    assert b"DigitalSourceType" in path.read_bytes()


def test_a_photograph_is_not_reimagined_offline_and_that_is_said_kindly(
    workspace: Workspace,
) -> None:
    workspace.open()
    workspace.page.get_by_test_id("file-input").set_input_files(PHOTOS / "coffee.jpg")
    turn = workspace.do("turn the cup into a dragon", "failed")
    error = turn.get_by_test_id("error")
    expect(error).to_contain_text("offline")
    expect(error).to_contain_text("OPENAI_API_KEY")
    expect(turn.get_by_test_id("retry")).to_be_visible()


def test_what_is_no_picture_is_refused_where_it_was_given(
    workspace: Workspace, tmp_path: Path
) -> None:
    fake = tmp_path / "holiday.png"
    fake.write_text("this is text and no picture")
    workspace.open()
    page = workspace.page
    page.get_by_test_id("file-input").set_input_files(fake)
    workspace.composer.fill("make it warmer")
    workspace.composer.press("Enter")
    refusal = page.get_by_role("alert").filter(has_text="text and not a picture")
    expect(refusal.first).to_be_visible()
    expect(workspace.turns).to_have_count(0)


def test_a_thumbnail_is_small_and_true(workspace: Workspace) -> None:
    workspace.open()
    workspace.page.get_by_test_id("file-input").set_input_files(PHOTOS / "astronaut.png")
    workspace.do("flip it")
    sha256 = workspace.told("v2")["asset"]["sha256"]
    small = decoded(workspace.fetch(f"/api/assets/{sha256}?thumb=128"))
    assert max(small.shape[:2]) == 128
    whole = workspace.pixels("v2")
    assert abs(float(np.mean(small)) - float(np.mean(whole))) < 3
