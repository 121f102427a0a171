"""Looking back on the page: the sheet stands under its turn, a version on view has its buttons."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.workspace import Workspace, keep

COFFEE = Path(__file__).parents[1] / "photos" / "coffee.jpg"


def test_a_thread_is_looked_back_on(workspace: Workspace) -> None:
    workspace.open()
    page = workspace.page
    page.get_by_test_id("file-input").set_input_files(COFFEE)
    expect(page.get_by_test_id("attachments").locator("img")).to_be_visible()
    workspace.do("crop to 4:5")
    workspace.do("black and white")
    recap = workspace.do("recap of this thread")
    sheet = recap.get_by_test_id("enclosed").locator("img")
    expect(sheet).to_be_visible()
    page.wait_for_function("image => image.complete", arg=sheet.element_handle())
    (asset,) = workspace.session["turns"][-1]["enclosed"]
    assert sheet.evaluate("image => image.naturalWidth") == asset["width"]
    expect(recap.get_by_test_id("version")).to_have_count(0)
    sheet.scroll_into_view_if_needed()
    keep(page, "looking-back")
    shown = workspace.do("show v2 here")
    card = shown.get_by_test_id("version")
    expect(card).to_have_attribute("data-version", "v2")
    assert workspace.session["head"] == workspace.told("v3")["id"]
    turned = workspace.click(card, "action-2x")
    workspace.ended(turned)
    assert workspace.told("v4")["parents"] == [workspace.told("v2")["id"]]
    page.reload()
    expect(page.get_by_test_id("enclosed")).to_be_visible()
