"""What people see of Easel in Slack: drawn from what a whole Easel really sent to a fake Slack."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from adapters.chat.settings import LABELS
from tests.browser.slack_afternoon import BOWL, PLANT
from tests.browser.slack_day import ASKED, HOSTILE, THEMES, Morning, morning
from tests.browser.workspace import ROOT, decoded
from tests.contract.slack_page.pages import Theme

PAPER: dict[Theme, tuple[int, int, int]] = {"light": (255, 255, 255), "dark": (26, 29, 33)}
SHOTS = {
    "result": ("light", 740),
    "transparent": ("dark", 500),
    "working": ("light", 560),
    "home": ("light", 920),
    "upscale": ("light", 480),
    "edit": ("light", 480),
    "settings": ("light", 640),
}
SHOOTING = bool(os.environ.get("EASEL_SCREENSHOTS"))


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Morning:
    """With EASEL_SCREENSHOTS the studio draws, so that the docs show what it does."""
    return morning(tmp_path_factory.mktemp("slack"), studio=SHOOTING)


@pytest.fixture
def narrow(browser: Browser) -> Iterator[Page]:
    """A window that shows the thread alone."""
    context = browser.new_context(viewport={"width": 640, "height": 900})
    yield context.new_page()
    context.close()


def last(page: Page, number: int = 1) -> Locator:
    """Messages of a thread, counted from its end."""
    return page.locator(".thread article").nth(-number)


def test_a_result_is_one_message_with_facts_buttons_and_the_picture(
    page: Page, day: Morning
) -> None:
    page.set_content(day.pages["result", "light"])
    expect(page.locator(".thread article")).to_have_count(2)
    result = last(page)
    expect(result.locator(".context").first).to_contain_text("v1")
    expect(result.locator(".context").first).to_contain_text(" px · ")
    expect(result.get_by_role("img", name=ASKED)).to_be_visible()
    expect(result.locator(".button")).to_have_text(
        ["Transparent", "Upscale", "Variations", "Undo", "⋯"]
    )


def test_menus_say_what_they_offer(page: Page, day: Morning) -> None:
    page.set_content(day.pages["result", "light"])
    result = last(page)
    result.locator('[data-action="easel:upscale"] summary').click()
    choices = result.locator('[data-action="easel:upscale"] li')
    expect(choices).to_have_text(["2× larger", "4× larger", "To 4K", "With a model…"])
    result.locator('[data-action="easel:more"] summary').click()
    expect(result.locator('[data-action="easel:more"] li').first).to_have_text("Edit from here")


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_transparent_shows_the_client_and_beside_it_a_checkerboard(
    page: Page, day: Morning, theme: Theme
) -> None:
    page.set_content(day.pages["transparent", theme])
    page.mouse.move(5, 5)
    files = last(page).locator(".file")
    expect(files.locator("figcaption")).to_have_text(["v3.png", "v3-on-checkerboard.jpg"])
    true = decoded(files.nth(0).locator("img").screenshot())
    board = decoded(files.nth(1).locator("img").screenshot())
    assert tuple(true[20, 20][:3]) == PAPER[theme]
    assert tuple(board[20, 20][:3]) != PAPER[theme]
    assert board[10:40, 10:40, 0].std() > 5, "squares"


def test_work_under_way_can_be_seen_and_stopped(page: Page, day: Morning) -> None:
    page.set_content(day.pages["working", "light"])
    running, waiting = last(page, 3), last(page)
    expect(running).to_contain_text("Editing v3")
    expect(running).to_contain_text("%")
    expect(running.locator(".button")).to_have_text(["Cancel", "Edit another"])
    expect(waiting).to_contain_text("Waiting for 1 turn before this one")
    expect(waiting.locator(".button")).to_have_text(["Cancel", "Edit another"])
    expect(page.locator(".status")).to_contain_text("Easel is")


def test_ends_without_a_picture_say_so_and_what_to_do(page: Page, day: Morning) -> None:
    page.set_content(day.pages["end", "light"])
    failed = page.locator("article", has_text="There is no v9 in this thread.")
    expect(failed.get_by_role("img", name=":warning:")).to_be_visible()
    expect(failed.locator(".button")).to_have_text(["Try again"])
    stopped = page.locator("article", has_text="Cancelled.")
    expect(stopped).to_have_count(2)


def test_words_of_people_stay_words(page: Page, day: Morning) -> None:
    page.set_content(day.pages["end", "light"])
    expect(page.locator(f"img[alt*='{HOSTILE}']")).to_have_count(1)
    refused = page.locator("article", has=page.get_by_role("img", name=":warning:")).last
    expect(refused).to_contain_text(HOSTILE, ignore_case=True)
    ours = page.locator("article", has=page.locator(".badge"))
    expect(ours.locator(".ping, .mention")).to_have_count(0)
    last(page).locator("summary").click()
    expect(last(page).locator("li", has_text="v3: ")).to_be_visible()


def test_the_home_tab_shows_what_is_ones_own(page: Page, day: Morning) -> None:
    page.set_content(day.pages["home", "light"])
    body = page.locator(".home .body")
    for words in (ASKED[:50], PLANT, BOWL, "$10.00 left", "Model: ", "How it goes"):
        expect(body).to_contain_text(words)
    expect(body.locator(".button")).to_have_text(["Refresh", "Settings"])
    expect(body.get_by_role("img")).to_have_count(3)
    page.wait_for_function("[...document.images].every(image => image.naturalWidth)")
    page.set_content(day.pages["newcomer", "light"])
    expect(body).to_contain_text("You have no session yet.")


@pytest.mark.parametrize(
    ("name", "title", "inputs", "sends"),
    [
        ("edit", "Edit with Easel", ["What shall I change?"], "Edit"),
        ("upscale", "Upscale", ["Pictures", "How much larger?", "By which model?"], "Upscale"),
        ("cutout", "Cut out background", ["Pictures"], "Cut out"),
        ("settings", "Settings", [*LABELS.values()], "Save"),
    ],
)
def test_a_dialog_asks_for_what_is_needed_and_says_what_it_will_do(
    page: Page, day: Morning, name: str, title: str, inputs: list[str], sends: str
) -> None:
    page.set_content(day.pages[name, "light"])
    expect(page.get_by_role("dialog").locator("h2")).to_have_text(title)
    expect(page.locator(".input .label")).to_have_text(inputs)
    expect(page.locator("footer .button")).to_have_text(["Cancel", sends])


def test_what_was_typed_is_chosen_and_who_may_not_decide_reads(page: Page, day: Morning) -> None:
    page.set_content(day.pages["upscale", "light"])
    expect(page.get_by_role("dialog")).to_contain_text("4× larger")
    page.set_content(day.pages["readonly", "light"])
    expect(page.get_by_role("dialog")).to_contain_text("Admins and owners of the workspace")
    expect(page.locator("footer .button")).to_have_text(["Close"])


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [1200, 640, 390])
def test_nothing_sticks_out(page: Page, day: Morning, theme: Theme, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for name, shown in day.pages:
        if shown == theme:
            page.set_content(day.pages[name, shown])
            page.wait_for_function("[...document.images].every(image => image.naturalWidth)")
            panes = "[...document.querySelectorAll('html, .messages, .body, .modal')]"
            over = page.evaluate(f"Math.max(...{panes}.map(p => p.scrollWidth - p.clientWidth))")
            assert over <= 0, name


@pytest.mark.parametrize("name", SHOTS)
def test_pictures_for_the_guide(narrow: Page, day: Morning, name: str) -> None:
    theme, height = SHOTS[name]
    narrow.set_viewport_size({"width": 640, "height": height})
    narrow.set_content(day.pages[name, theme])  # type: ignore[index]
    narrow.wait_for_function("[...document.images].every(image => image.naturalWidth)")
    narrow.evaluate("for (const e of document.querySelectorAll('.messages')) e.scrollTop = 1e6")
    size = _kept(narrow.screenshot(), f"slack-{name}")
    assert size < 150_000


def _kept(shot: bytes, name: str) -> int:
    """Keep a screenshot in few colours, for the docs or for whoever looks; its bytes."""
    folder = Path(os.environ.get("EASEL_SCREENSHOTS") or ROOT / "test-results")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.png"
    with Image.open(io.BytesIO(shot)) as image:
        image.convert("RGB").quantize(256).save(path, optimize=True)
    return path.stat().st_size
