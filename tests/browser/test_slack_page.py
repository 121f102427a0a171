"""The page that stands in for Slack's client: hostile words stay words, nothing is left out."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.workspace import decoded
from tests.contract.slack_page.elements import NotDrawn
from tests.contract.slack_page.pages import Theme, home_page_of, modal_page_of, page_of

ROOT = "1785000000.000100"
NAMES = {"U1": "Ana", "U2": "Ben", "UBOT": "Easel", "C1": "design"}
PAPER: Mapping[Theme, tuple[int, int, int]] = {"light": (255, 255, 255), "dark": (26, 29, 33)}
HOSTILE = "<img src=x onerror=alert(1)> <script>alert(2)</script> \"'><b>bold</b> &lt;i&gt;"


def said(text: str, ts: str = ROOT, **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": "U1", "ts": ts, "text": text, **more}


def block(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, **more}


def words(text: str, kind: str = "plain_text") -> dict[str, str]:
    return {"type": kind, "text": text}


def red_dot() -> bytes:
    """A picture whose corners are clear."""
    picture = Image.new("RGBA", (64, 64))
    picture.paste((255, 0, 0, 255), (16, 16, 48, 48))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("kind", ["plain_text", "mrkdwn"])
def test_what_looks_like_a_page_stays_text(page: Page, kind: str) -> None:
    shown = [
        block("section", text=words(HOSTILE, kind)),
        block("context", elements=[words(HOSTILE, kind)]),
        block("image", image_url=HOSTILE, alt_text=HOSTILE),
        block("rich_text", elements=[block("rich_text_section", elements=[words(HOSTILE)])]),
    ]
    file = {"id": HOSTILE, "name": HOSTILE, "title": HOSTILE, "mimetype": "image/png"}
    message = said("", blocks=shown, files=[file], username=HOSTILE)
    page.set_content(page_of([message, said(HOSTILE, "1785000001.000100")], title=HOSTILE))
    expect(page.locator("script, img, [onerror], article b b")).to_have_count(0)
    decoded_once = HOSTILE.replace("&lt;", "<").replace("&gt;", ">")
    expected = HOSTILE if kind == "plain_text" else decoded_once
    expect(page.locator(".section .words")).to_have_text(expected)
    expect(page.locator(".rich_text")).to_have_text(HOSTILE)
    expect(page.locator(".head b").first).to_have_text(HOSTILE)
    expect(page.locator("h2")).to_have_text(HOSTILE)


def test_links_lead_to_the_web_alone(page: Page) -> None:
    text = "<javascript:alert(1)|click> <https://easel.test/s?a=1&amp;b=2|see> <data:text/html,x>"
    bad = "javascript:alert(1)"
    button = block("button", text=words("press"), url=bad)
    typed = block("rich_text_section", elements=[block("link", url=bad, text="typed")])
    shown = [block("actions", elements=[button]), block("rich_text", elements=[typed])]
    page.set_content(page_of([said(text), said("", "1785000001.000100", blocks=shown)]))
    expect(page.locator("article").last).to_contain_text("press")
    expect(page.locator("article").last).to_contain_text("typed")
    expect(page.locator("a")).to_have_count(1)
    expect(page.locator("a")).to_have_attribute("href", "https://easel.test/s?a=1&b=2")


def test_marks_of_slack_become_what_they_mean(page: Page) -> None:
    text = "*b* _i_ ~s~ `a*b*` snake_case_name 2*3*4 <@U2> <#C1> :eyes: :unheard-of:\n&gt; said"
    page.set_content(page_of([said(text + "\n```x\n*y*```")], names=NAMES))
    body = page.locator(".body")
    for tag, inside in {"b": "b", "i": "i", "s": "s", "code": "a*b*", "blockquote": "said"}.items():
        expect(body.locator(tag)).to_have_text([inside])
    assert body.locator("pre").inner_text() == "x\n*y*"
    expect(body.locator(".mention")).to_have_text(["@Ben", "#design"])
    expect(body.get_by_role("img", name=":eyes:")).to_be_visible()
    expect(body).to_contain_text("snake_case_name 2*3*4")
    expect(body).to_contain_text(":unheard-of:")


@pytest.mark.parametrize("theme", PAPER)
def test_the_client_shines_through_clear_pixels(page: Page, theme: Theme) -> None:
    file = {"id": "F1", "title": "dot.png", "mimetype": "image/png", "alt_txt": "a red dot"}
    message = said("", files=[file])
    page.set_content(page_of([message], theme=theme, files={"F1": red_dot()}))
    page.mouse.move(700, 800)
    seen = decoded(page.get_by_role("img", name="a red dot").screenshot())
    middle, off = seen.shape[0] // 2, seen.shape[0] // 8
    assert tuple(seen[middle, middle][:3]) == (255, 0, 0)
    assert tuple(seen[off, off][:3]) == PAPER[theme]


def test_a_thread_opens_beside_its_channel_and_alone_where_there_is_no_room(page: Page) -> None:
    replies = [
        said("first", "1785000001.000100", thread_ts=ROOT, user="U2"),
        said("second", "1785000002.000100", thread_ts=ROOT, user="U2"),
        said("for you", "1785000003.000100", thread_ts=ROOT, user="U2", is_ephemeral=True),
    ]
    messages = [said("root", thread_ts=ROOT), *replies, said("later", "1785009000.000100")]
    page.set_content(page_of(messages, names=NAMES, thread=ROOT, status="Easel is drawing"))
    channel, thread = page.locator(".channel"), page.locator(".thread")
    expect(channel.locator("article")).to_have_count(2)
    expect(channel.locator(".replies")).to_have_text("3 replies")
    expect(thread.locator("article")).to_have_count(4)
    expect(thread.locator(".head b")).to_have_text(["Ana", "Ben", "Ben"])
    expect(thread.locator(".ephemeral")).to_contain_text("Only visible to you")
    expect(thread.locator(".status")).to_have_text("Easel is drawing")
    page.set_viewport_size({"width": 420, "height": 800})
    expect(channel).to_be_hidden()
    expect(thread).to_be_visible()


def test_a_modal_says_what_is_wrong_where_it_is_wrong(page: Page) -> None:
    field = block("plain_text_input", action_id="t", placeholder=words("https://…"))
    view = {
        "type": "modal",
        "title": words("Upscale"),
        "submit": words("Go"),
        "blocks": [
            block("input", block_id="one", label=words("Picture"), element=field),
            block("input", block_id="two", label=words("Link"), element=field, optional=True),
        ],
    }
    page.set_content(modal_page_of(view, errors={"two": "That is no link."}))
    expect(page.locator('[data-block="two"]').get_by_role("alert")).to_have_text("That is no link.")
    expect(page.get_by_role("alert")).to_have_count(1)
    expect(page.locator("footer .button")).to_have_text(["Cancel", "Go"])


def test_menus_open_to_their_choices(page: Page) -> None:
    options = [{"text": words("2x"), "value": "2x|v1"}, {"text": words("4x"), "value": "4x|v1"}]
    menu = block("static_select", action_id="u", placeholder=words("Upscale"), options=options)
    view = {"type": "home", "blocks": [block("actions", elements=[menu])]}
    page.set_content(home_page_of(view))
    expect(page.locator(".menu li").first).to_be_hidden()
    page.get_by_text("Upscale").click()
    expect(page.locator(".menu li")).to_have_text(["2x", "4x"])


@pytest.mark.parametrize(
    "unheard", [block("hologram"), block("actions", elements=[block("lever", action_id="x")])]
)
def test_what_it_cannot_draw_it_refuses(unheard: dict[str, Any]) -> None:
    with pytest.raises(NotDrawn):
        page_of([said("", blocks=[unheard])])
