"""Components of messages and dialogs in a fake Discord: every rule, once kept and once broken."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.contract.discord import discord_openapi
from tests.contract.discord.discord_client import PNG, Office, office

V2 = 1 << 15
QUIET: dict[str, Any] = {"allowed_mentions": {"parse": []}}


def text(words: str = "hello") -> Any:
    return {"type": 10, "content": words}


def button(name: str = "one", **more: Any) -> Any:
    return {"type": 2, "style": 2, "label": name, "custom_id": name, **more}


def row(*children: Any) -> Any:
    return {"type": 1, "components": list(children)}


def option(name: str, **more: Any) -> Any:
    return {"label": name, "value": name, **more}


def select(count: int = 2, **more: Any) -> Any:
    options = [option(f"{n}") for n in range(count)]
    return {"type": 3, "custom_id": "select", "options": options, **more}


def gallery(*urls: str) -> Any:
    return {"type": 12, "items": [{"media": {"url": url}} for url in urls]}


def box(*children: Any) -> Any:
    return {"type": 17, "components": list(children)}


GOOD: dict[str, list[Any]] = {
    "five buttons": [row(*[button(f"{n}") for n in range(5)])],
    "a select": [row(select(25))],
    "a box": [box(text(), row(button()))],
    "a link": [row({"type": 2, "style": 5, "label": "to", "url": "https://example.com/"})],
    "a section": [{"type": 9, "components": [text()], "accessory": button()}],
    "a separator": [text(), {"type": 14, "divider": True, "spacing": 2}],
    "forty": [text("a") for _ in range(40)],
    "much text": [text("a" * 2000), text("a" * 2000)],
    "a picture elsewhere": [gallery("https://example.com/a.png")],
}

BAD: dict[str, list[Any]] = {
    "six buttons": [row(*[button(f"{n}") for n in range(6)])],
    "a button beside a select": [row(select(), button())],
    "an empty row": [row()],
    "a button alone": [button()],
    "a long label": [row(button("a" * 81, custom_id="a"))],
    "a long custom id": [row(button("a", custom_id="a" * 101))],
    "a custom id twice": [row(button("a"), button("a"))],
    "no custom id": [row({"type": 2, "style": 2, "label": "a"})],
    "nothing on a button": [row({"type": 2, "style": 2, "custom_id": "a"})],
    "a link with a custom id": [row(button(style=5, url="https://example.com/"))],
    "26 options": [row(select(26))],
    "no options": [row(select(0))],
    "a long option": [row({**select(), "options": [option("a" * 101)]})],
    "an option twice": [row({**select(), "options": [option("a"), option("a")]})],
    "two defaults for one": [
        row({**select(), "options": [option("a", default=True), option("b", default=True)]})
    ],
    "a long placeholder": [row(select(placeholder="a" * 151))],
    "more than there are": [row(select(2, max_values=3))],
    "at least more than at most": [row(select(2, min_values=2, max_values=1))],
    "eleven pictures": [gallery(*["https://example.com/a.png"] * 11)],
    "no pictures": [gallery()],
    "a picture that was not sent": [gallery("attachment://missing.png")],
    "an address that leads nowhere": [gallery("nowhere")],
    "much text": [text("a" * 2001), text("a" * 2000)],
    "no text": [text("")],
    "41": [text("a") for _ in range(41)],
    "42 in boxes": [box(*[text("a")] * 20), box(*[text("b")] * 20)],
    "a box in a box": [box(box(text()))],
    "an id twice": [{**text(), "id": 7}, {**text(), "id": 7}],
    "a long description": [
        {
            "type": 12,
            "items": [{"media": {"url": "https://a.example/a"}, "description": "a" * 1025}],
        }
    ],
    "a section without anything beside it": [{"type": 9, "components": [text()]}],
    "an unknown type": [{"type": 99}],
}


@pytest.fixture(name="there")
async def an_office() -> AsyncIterator[Office]:
    async with office() as made:
        yield made


@pytest.mark.parametrize("name", GOOD)
async def test_what_may_be_shown(there: Office, name: str) -> None:
    body = {"flags": V2, "components": GOOD[name], **QUIET}
    said = await there.says(body)
    assert [one["type"] for one in said.components] == [one["type"] for one in GOOD[name]]
    assert all(one["id"] for one in said.components)


@pytest.mark.parametrize("name", BAD)
async def test_what_may_not_be_shown(there: Office, name: str) -> None:
    body = {"flags": V2, "components": BAD[name], **QUIET}
    assert await there.refused("POST", there.path, body) == 50035
    assert there.fake.messages(there.design) == []


async def test_what_is_wrong_is_told_where_it_is(there: Office) -> None:
    bad = {"flags": V2, "components": [box(text(), gallery("attachment://missing.png"))]}
    await there.refused("POST", there.path, bad)
    assert "_errors" in json.dumps(there.fake.calls[-1].answer["errors"]["components"])
    worse = {"flags": V2, "components": [box(text(), row(*[button(f"{n}") for n in range(6)]))]}
    await there.refused("POST", there.path, worse)
    assert "1" in there.fake.calls[-1].answer["errors"]["components"]["0"]["components"]
    [(_, wrong)] = there.fake.invalid
    assert wrong[0].startswith("components[0].components[1].components: ")


@pytest.mark.parametrize(
    "body",
    [
        {"flags": V2, "components": [text()], "content": "too"},
        {"flags": V2, "components": [text()], "embeds": [{"title": "too"}]},
        {"components": [text()]},
        {"content": "six rows", "components": [row(button(f"{n}")) for n in range(6)]},
    ],
)
async def test_old_and_new_do_not_mix(there: Office, body: Any) -> None:
    assert await there.refused("POST", there.path, body) == 50035


async def test_a_message_stays_of_version_two(there: Office) -> None:
    said = await there.says({"flags": V2, "components": [text()], **QUIET})
    path = f"{there.path}/{said.id}"
    assert await there.refused("PATCH", path, {"flags": 0, "components": []}) == 50035
    assert await there.refused("PATCH", path, {"content": "old"}) == 50035
    await there.call("PATCH", path, {"components": [text("new")], **QUIET})
    assert there.fake.words(said) == "new" and said.v2


async def test_an_old_message_becomes_one_of_version_two(there: Office) -> None:
    said = await there.says({"content": "old", **QUIET})
    path = f"{there.path}/{said.id}"
    new = {"flags": V2, "components": [text()], **QUIET}
    assert await there.refused("PATCH", path, new) == 50035
    await there.call("PATCH", path, new | {"content": None})
    assert said.v2 and said.content == ""


async def test_pictures_are_shown_by_their_names(there: Office) -> None:
    shown = [gallery("attachment://a.png"), {"type": 13, "file": {"url": "attachment://b.txt"}}]
    sent = {"flags": V2, "components": shown, **QUIET}
    said = await there.says(sent, [("a.png", PNG), ("b.txt", b"words"), ("c.png", PNG)])
    told = await there.call("GET", f"{there.path}/{said.id}")
    media = told["components"][0]["items"][0]["media"]
    assert (media["width"], media["content_type"]) == (1, "image/png")
    assert media["attachment_id"] == said.attachments[0].id
    assert told["components"][1]["size"] == 5
    assert [one["filename"] for one in told["attachments"]] == ["c.png"]


async def test_an_edit_shows_old_files_again_or_takes_them_away(there: Office) -> None:
    sent = {"flags": V2, "components": [gallery("attachment://a.png")], **QUIET}
    said = await there.says(sent, [("a.png", PNG)])
    path = f"{there.path}/{said.id}"
    again = {"components": [text(), gallery("attachment://a.png")], **QUIET}
    await there.call("PATCH", path, again)
    assert len(said.attachments) == 1
    assert await there.refused("PATCH", path, {"attachments": []}) == 50035
    assert await there.refused("PATCH", path, again | {"attachments": []}) == 50035
    await there.call("PATCH", path, {"components": [text()], "attachments": [], **QUIET})
    assert said.attachments == []


def test_the_description_is_cut_down_and_whole() -> None:
    known = discord_openapi.description()
    named = json.dumps(known).count('"$ref"')
    assert named > 100 and known["info"]["license"]["name"] == "MIT"
    judged = [
        discord_openapi.faults(method.upper(), path.replace("{", "").replace("}", ""), {})
        for path, methods in known["paths"].items()
        for method in methods
    ]
    assert len(judged) >= 20
    assert discord_openapi.faults("POST", "/channels/1/messages", {"nonce": "a" * 26})
    assert discord_openapi.faults("GET", "/channels/1/messages", {}) == []
    assert discord_openapi.faults("POST", "/not/described", {"a": 1}) == []
