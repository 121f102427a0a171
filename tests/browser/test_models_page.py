"""The page of models: what each needs, trying one out, adding one, taking another instead."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.workspace import Workspace, keep, serving

SMALL = "a red mug on a walnut table --size 256x256 --quality low"
THEMES = ("light", "dark")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server without any key: some models are ready, most are not."""
    folder = tmp_path_factory.mktemp("models")
    program = ("tests.browser.found_models",)
    with serving(folder, program=program, EASEL_PROVIDER_LIMITS="garden=1") as found:
        yield found


@pytest.fixture
def workspace(page: Page, address: str) -> Workspace:
    workspace = Workspace(page, address)
    workspace.open()
    return workspace


def models(workspace: Workspace) -> Locator:
    """Go to the models and wait for their cards."""
    workspace.page.get_by_test_id("models-link").click()
    cards = workspace.page.get_by_test_id("model-card")
    expect(cards.first).to_be_visible()
    return cards


def card(page: Page, model: str) -> Locator:
    return page.locator(f'[data-testid="model-card"][data-model="{model}"]')


def add(page: Page, name: str) -> Locator:
    """Ask for a model to be added; where the answer stands."""
    page.get_by_test_id("pin-name").fill(name)
    page.get_by_test_id("pin-name").press("Enter")
    return page.get_by_test_id("pin-answer")


def test_every_model_says_what_it_can_and_what_it_lacks(workspace: Workspace) -> None:
    cards, page = models(workspace), workspace.page
    everything = cards.count()
    away = card(page, "gpt-image-2")
    expect(away.get_by_test_id("missing")).to_contain_text("OPENAI_API_KEY")
    expect(away.get_by_test_id("try-model")).to_have_count(0)
    expect(away).to_contain_text("a picture")
    page.get_by_test_id("filter-usable").press("Space")
    expect(away).to_have_count(0)
    expect(page.locator('[data-testid="model-card"][data-usable="false"]')).to_have_count(0)
    page.get_by_test_id("model-search").fill("ENLARGES")
    expect(cards).to_have_count(1)
    expect(page.get_by_test_id("model-count")).to_have_text(f"1 of {everything} models")
    page.get_by_test_id("filter-edit").click()
    expect(page.get_by_test_id("no-models")).to_be_visible()
    page.go_back()
    expect(workspace.composer).to_be_visible()
    expect(cards.first).to_be_hidden()


def test_a_model_that_is_tried_draws_in_its_thread_until_its_chip_goes(
    workspace: Workspace,
) -> None:
    models(workspace)
    page = workspace.page
    page.get_by_role("button", name="Try it with Studio").click()
    expect(workspace.composer).to_be_focused()
    workspace.do(SMALL)
    page.reload()
    expect(page.get_by_test_id("wish")).to_have_text("Studio")
    workspace.do("make the mug navy")
    page.get_by_role("button", name="Remove Studio").click()
    expect(page.get_by_test_id("wish")).to_have_count(0)
    workspace.do("make the mug green")
    asked = [turn["options"]["model"] for turn in workspace.session["turns"]]
    assert asked == ["studio", "studio", None]


def test_a_wish_stays_in_its_own_thread(workspace: Workspace) -> None:
    models(workspace)
    workspace.page.get_by_role("button", name="Try it with Studio").click()
    workspace.do(SMALL)
    workspace.page.get_by_test_id("new-session").click()
    expect(workspace.turns).to_have_count(0)
    expect(workspace.page.get_by_test_id("wish")).to_have_count(0)


def test_a_model_is_added_tried_and_removed(workspace: Workspace) -> None:
    models(workspace)
    page = workspace.page
    expect(add(page, "garden/films")).to_contain_text("makes films, no pictures. Try another one.")
    expect(page.get_by_test_id("pin-name")).to_be_focused()
    expect(add(page, "garden/nothing")).to_contain_text("There is no model called")
    expect(add(page, "garden/roses")).to_have_text("Roses is in the list now.")
    page.reload()
    roses = card(page, "garden/roses")
    expect(roses).to_contain_text("Takes liberties")
    expect(roses).to_contain_text("$0.04 a picture")
    roses.get_by_test_id("try-model").click()
    workspace.do("roses in glass")
    assert workspace.told("v1")["model"] == "garden/roses"
    expect(workspace.version("v1").get_by_test_id("facts")).to_contain_text("$0.04")
    models(workspace)
    expect(page.get_by_test_id("spent")).to_have_text("This month: $0.04")
    roses.get_by_test_id("unpin").click()
    expect(roses).to_have_count(0)
    expect(page.get_by_test_id("pin-answer")).to_have_text("Roses is removed from the list.")


def test_another_model_is_taken_with_one_click(workspace: Workspace) -> None:
    turn = workspace.do(f"{SMALL} --model gpt-image-2", "failed")
    offer = turn.get_by_test_id("use-offer")
    expect(offer).to_have_text("Use Studio instead")
    offer.click()
    expect(workspace.turns).to_have_count(2)
    expect(workspace.turns.nth(1).get_by_test_id("words")).to_have_text("yes")
    expect(offer).to_have_count(0)
    workspace.ended(workspace.turns.nth(1))
    assert workspace.told("v1")["model"] == "studio"


def test_a_turn_says_what_it_waits_for(workspace: Workspace) -> None:
    first = workspace.say("slow roses --model garden/roses")
    expect(first).to_have_attribute("data-state", "running")
    slow = "/" + workspace.page.evaluate("location.hash")
    workspace.page.get_by_test_id("new-session").click()
    expect(workspace.turns).to_have_count(0)
    second = workspace.say("roses --model garden/roses")
    expect(second.get_by_test_id("stage")).to_contain_text("Roses is busy")
    expect(workspace.page.get_by_test_id("announcements")).to_contain_text("Roses is busy")
    waiting = "/" + workspace.page.evaluate("location.hash")
    workspace.open(slow)
    workspace.turns.first.get_by_test_id("cancel").click()
    workspace.ended(workspace.turns.first, "cancelled")
    workspace.open(waiting)
    workspace.ended(workspace.turns.first)


def test_a_failed_turn_tells_what_it_cost(workspace: Workspace) -> None:
    turn = workspace.do("withered roses --model garden/roses", "failed")
    expect(turn.get_by_test_id("turn-cost")).to_have_text("Cost in all: $0.04")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["desk", "phone"])
def test_it_fits_in_both_themes(
    browser: Browser, address: str, theme: str, size: tuple[int, int]
) -> None:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if theme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(f"{address}/#/models")
    expect(card(page, "gpt-image-2")).to_be_visible()
    expect(page).to_have_title(re.compile("Models"))
    part = "document.querySelector('#models')"
    assert page.evaluate(f"{part}.scrollWidth - {part}.clientWidth") <= 0
    keep(page, f"models-{size[0]}-{theme}")
    context.close()
