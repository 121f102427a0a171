"""The page itself: cancelling, keyboard, phone width, both themes, other tabs, a lost server."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.workspace import Workspace, keep, serving

SMALL = "a red mug on a walnut table --size 256x256 --quality low"


def test_a_turn_is_cancelled_from_the_page(workspace: Workspace) -> None:
    workspace.open()
    turn = workspace.say("three lemons in a bowl --quality high")
    turn.get_by_test_id("cancel").click()
    expect(turn).to_have_attribute("data-state", "cancelled", timeout=5_000)
    expect(turn.get_by_test_id("cancelled")).to_contain_text("Cancelled")
    workspace.do(SMALL)


def test_everything_can_be_done_from_the_keyboard(workspace: Workspace) -> None:
    workspace.open()
    page = workspace.page
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_contain_text("Skip")
    workspace.composer.focus()
    page.keyboard.type("two mugs")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("on marble --size 256x256 --quality low")
    page.keyboard.press("Enter")
    expect(workspace.turns).to_have_count(1)
    workspace.ended(workspace.turns.first)
    expect(workspace.turns.first.get_by_test_id("words")).to_contain_text("two mugs")
    view = workspace.version("v1").get_by_test_id("open-viewer")
    view.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("viewer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("viewer")).not_to_be_visible()
    expect(view).to_be_focused()


def test_outcomes_are_announced_to_screen_readers(workspace: Workspace) -> None:
    workspace.open()
    workspace.do(SMALL)
    expect(workspace.page.get_by_test_id("announcements")).not_to_be_empty()
    picture = workspace.version("v1").locator("img").first
    assert "mug" in (picture.get_attribute("alt") or "")


def test_another_tab_sees_what_happens(workspace: Workspace, browser: Browser) -> None:
    workspace.open()
    workspace.do(SMALL)
    context = browser.new_context()
    other = Workspace(context.new_page(), workspace.address)
    other.open("/" + workspace.page.evaluate("location.hash"))
    expect(other.turns).to_have_count(1)
    workspace.do("make the mug navy")
    expect(other.version("v2")).to_be_visible()
    context.close()


def test_it_fits_a_desk_and_a_phone_in_both_themes(workspace: Workspace, browser: Browser) -> None:
    workspace.open()
    workspace.do(SMALL)
    workspace.do("transparent")
    here = "/" + workspace.page.evaluate("location.hash")
    for theme in ("light", "dark"):
        for width, height in ((1440, 900), (390, 844)):
            _assert_it_fits(browser, workspace.address, here, theme, (width, height))


def _assert_it_fits(
    browser: Browser, address: str, here: str, theme: str, size: tuple[int, int]
) -> None:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if theme == "dark" else "light",
    )
    looked = Workspace(context.new_page(), address)
    looked.open(here)
    expect(looked.version("v2").locator("img").first).to_be_visible()
    root = "document.documentElement"
    assert looked.page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0
    expect(looked.composer).to_be_in_viewport()
    ground = looked.page.evaluate(f"getComputedStyle({root}).backgroundColor")
    channels = [int(part) for part in ground.strip("rgba()").split(",")[:3]]
    assert (sum(channels) / 3 < 100) == (theme == "dark")
    keep(looked.page, f"page-{size[0]}-{theme}")
    context.close()


def test_words_survive_a_lost_server_and_are_sent_once(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path) as address:
        workspace = Workspace(page, address)
        workspace.open()
        workspace.do(SMALL)
        sid = workspace.session["id"]
    port = address.rpartition(":")[2]
    workspace.composer.fill("make the mug navy")
    workspace.composer.press("Enter")
    expect(page.get_by_text("make the mug navy").first).to_be_visible()
    with serving(tmp_path, EASEL_PORT=port):
        page.reload()
        expect(workspace.turns.first).to_be_visible()
        again = page.get_by_test_id("send-again")
        if workspace.turns.count() == 1:
            expect(again.or_(workspace.turns.nth(1)).first).to_be_visible(timeout=30_000)
            if again.count():
                again.click()
        expect(workspace.turns).to_have_count(2, timeout=30_000)
        workspace.ended(workspace.turns.nth(1))
        assert workspace.session["id"] == sid
        assert len(workspace.session["turns"]) == 2
