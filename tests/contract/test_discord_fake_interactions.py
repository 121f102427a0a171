"""Interactions in a fake Discord: answered once, in time, by tokens that end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.contract.discord.discord_answer import Answer
from tests.contract.discord.discord_client import PNG, Office, office
from tests.contract.discord.discord_world import MIB

V2 = 1 << 15
EPHEMERAL = 1 << 6
QUIET: dict[str, Any] = {"allowed_mentions": {"parse": []}}
COMMAND = {"name": "draw", "type": 1, "description": "Draw", "options": []}
EVERYWHERE = {"contexts": [0, 1, 2], "integration_types": [0, 1]}


@pytest.fixture(name="there")
async def an_office() -> AsyncIterator[Office]:
    async with office() as made:
        app = made.fake.world.app_id
        menu = {"name": "Look", "type": 3}
        await made.call("PUT", f"/applications/{app}/commands", [COMMAND | EVERYWHERE, menu])
        yield made


async def asked(there: Office, **more: Any) -> Answer:
    """A command that nobody has answered yet."""
    before, there.fake.world.patience = there.fake.world.patience, 0.0
    answer = await there.ana.slash(more.pop("place", there.design), "draw", **more)
    there.fake.world.patience = before
    return answer


def callback(answer: Answer) -> str:
    return f"/interactions/{answer.interaction.id}/{answer.interaction.token}/callback"


def hook(there: Office, answer: Answer, rest: str = "") -> str:
    return f"/webhooks/{there.fake.world.app_id}/{answer.interaction.token}{rest}"


async def deferred(there: Office, *, flags: int = 0, **more: Any) -> Answer:
    answer = await asked(there, **more)
    await there.call("POST", callback(answer), {"type": 5, "data": {"flags": flags}})
    return answer


async def test_thinking_becomes_what_the_original_is_edited_to(there: Office) -> None:
    answer = await deferred(there)
    assert answer.ok and answer.original and answer.original.loading and answer.text == ""
    assert "*thinking…*" in there.fake.transcript(there.design)
    path = hook(there, answer, "/messages/@original")
    for words in ("one", "two"):
        await there.call("PATCH", path, {"content": words, **QUIET})
    message = await answer.message()
    assert (message.content, message.edits, message.type) == ("two", 2, 20)
    assert there.fake.messages(there.design) == [message]
    told = await there.call("GET", path)
    assert told["interaction_metadata"]["name"] == "draw"
    assert told["interaction_metadata"]["user"]["id"] == there.ana.id


async def test_the_first_follow_up_is_an_edit_of_the_original(there: Office) -> None:
    answer = await deferred(there)
    first = await there.call("POST", hook(there, answer), {"content": "one", **QUIET})
    assert first["id"] == answer.interaction.original and not answer.followups
    second = await there.call("POST", hook(there, answer), {"content": "two", **QUIET})
    [follow] = answer.followups
    assert follow.id == second["id"] and follow.reference == first["id"]
    path = hook(there, answer, f"/messages/{follow.id}")
    await there.call("PATCH", path, {"content": "three", **QUIET})
    assert (await there.call("GET", path))["content"] == "three"
    await there.call("DELETE", path)
    assert await there.refused("GET", path) == 10008


async def test_an_interaction_is_answered_once(there: Office) -> None:
    answer = await deferred(there)
    again = {"type": 4, "data": {"content": "a"}}
    assert await there.refused("POST", callback(answer), again) == 40060
    bad = callback(answer).replace(answer.interaction.token, "other")
    assert await there.refused("POST", bad, again) == 10062


async def test_an_interaction_is_answered_in_time(there: Office) -> None:
    answer = await asked(there)
    there.fake.clock.advance(3.5)
    assert await there.refused("POST", callback(answer), {"type": 5}) == 10062
    path = hook(there, answer, "/messages/@original")
    assert await there.refused("PATCH", path, {"content": "late"}) == 10015


async def test_a_wrong_answer_does_not_count(there: Office) -> None:
    answer = await asked(there)
    bad = {"type": 4, "data": {"content": "a" * 2001}}
    assert await there.refused("POST", callback(answer), bad) == 50035
    assert await there.refused("POST", callback(answer), {"type": 6}) == 50035
    assert await there.refused("POST", callback(answer), {"type": 8, "data": {"choices": []}})
    assert not answer.ok
    assert await there.refused("POST", callback(answer), {"type": 5}) == 0


async def test_a_token_ends_and_the_message_stays(there: Office) -> None:
    answer = await deferred(there)
    path = hook(there, answer, "/messages/@original")
    await there.call("PATCH", path, {"content": "one", **QUIET})
    there.fake.age_tokens()
    assert await there.refused("PATCH", path, {"content": "two"}) == 50027
    assert there.fake.calls[-1].status == 401
    message = await answer.message()
    await there.call("PATCH", f"{there.path}/{message.id}", {"content": "two", **QUIET})
    assert message.content == "two"


async def test_a_token_ends_after_a_quarter_of_an_hour(there: Office) -> None:
    answer = await deferred(there)
    path = hook(there, answer, "/messages/@original")
    there.fake.clock.advance(14.9 * 60)
    assert await there.refused("PATCH", path, {"content": "one"}) == 0
    there.fake.clock.advance(0.2 * 60)
    assert await there.refused("PATCH", path, {"content": "two"}) == 50027


async def test_an_unknown_or_unanswered_token_leads_nowhere(there: Office) -> None:
    answer = await asked(there)
    path = hook(there, answer, "/messages/@original")
    assert await there.refused("PATCH", path, {"content": "early"}) == 10015
    unknown = path.replace(answer.interaction.token, "unknown")
    assert await there.refused("PATCH", unknown, {"content": "early"}) == 10015
    await there.call("POST", callback(answer), {"type": 5})
    assert await there.refused("PATCH", path, {"content": "now"}) == 0
    await there.call("DELETE", path)
    assert await there.refused("PATCH", path, {"content": "gone"}) == 10008


async def test_ephemeral_answers_are_seen_by_one_alone(there: Office) -> None:
    answer = await deferred(there, flags=EPHEMERAL)
    body = {"flags": V2, "components": [{"type": 10, "content": "psst"}], **QUIET}
    await there.call("PATCH", hook(there, answer, "/messages/@original"), body)
    assert answer.ephemeral and answer.told == ["psst"] and await answer.note() == "psst"
    [note] = there.ana.notes
    assert there.fake.messages(there.design) == []
    assert await there.refused("GET", f"{there.path}/{note.id}") == 10008
    assert "only for ana" in there.fake.transcript(there.design)
    ben = there.fake.person("ben", there.guild)
    with pytest.raises(AssertionError, match="does not see"):
        await ben.clicks(note, "a")


async def test_user_installs_have_five_follow_ups(there: Office) -> None:
    elsewhere = there.fake.guild("elsewhere", bot=False)
    place = elsewhere.channel("art")
    elsewhere.join(there.ana.user)
    answer = await deferred(there, place=place)
    for n in range(6):
        assert await there.refused("POST", hook(there, answer), {"content": f"{n}"}) == 0
    assert await there.refused("POST", hook(there, answer), {"content": "more"}) == 40094
    message = await answer.message()
    path = f"/channels/{place.id}/messages"
    assert await there.refused("PATCH", f"{path}/{message.id}", {"content": "a"}) == 50001
    assert await there.refused("POST", path, {"content": "a"}) == 50001
    assert answer.interaction.payload["guild"]["id"] == elsewhere.id


async def test_files_go_with_an_answer_up_to_the_limit_of_the_place(there: Office) -> None:
    answer = await deferred(there)
    path = hook(there, answer, "/messages/@original")
    body = {"content": "big", "attachments": [{"id": 0, "filename": "big.png"}]}
    assert answer.interaction.payload["attachment_size_limit"] == 10 * MIB
    big = [("big.png", bytes(11 * MIB))]
    assert await there.refused("PATCH", path, body, big) == 40005
    assert await there.refused("PATCH", path, body, [("big.png", bytes(9 * MIB))]) == 0
    assert len((await answer.message()).attachments) == 1


async def test_the_answer_tells_what_became_of_it(there: Office) -> None:
    answer = await asked(there)
    body = {"type": 4, "data": {"content": "hello", **QUIET}}
    told = await there.call("POST", callback(answer) + "?with_response=1", body)
    assert told["resource"]["message"]["content"] == "hello"
    assert told["interaction"]["response_message_id"] == answer.interaction.original
    other = await asked(there)
    assert not await there.call("POST", callback(other), body)


@pytest.mark.parametrize(
    "data",
    [
        {"custom_id": "a", "title": "a" * 46, "components": []},
        {"custom_id": "a", "title": "a", "components": []},
        {"custom_id": "", "title": "a", "components": [{"type": 10, "content": "a"}]},
        {"custom_id": "a", "title": "a", "components": [{"type": 10, "content": "a"}] * 6},
        {
            "custom_id": "a",
            "title": "a",
            "components": [
                {
                    "type": 18,
                    "label": "a" * 46,
                    "component": {"type": 4, "style": 1, "custom_id": "b"},
                }
            ],
        },
        {
            "custom_id": "a",
            "title": "a",
            "components": [
                {"type": 18, "label": "a", "component": {"type": 4, "style": 1, "custom_id": "b"}},
                {"type": 18, "label": "b", "component": {"type": 4, "style": 1, "custom_id": "b"}},
            ],
        },
        {
            "custom_id": "a",
            "title": "a",
            "components": [
                {
                    "type": 18,
                    "label": "a",
                    "component": {"type": 19, "custom_id": "b", "max_values": 11},
                }
            ],
        },
        {
            "custom_id": "a",
            "title": "a",
            "components": [
                {
                    "type": 18,
                    "label": "a",
                    "component": {
                        "type": 4,
                        "style": 1,
                        "custom_id": "b",
                        "max_length": 3,
                        "value": "long",
                    },
                }
            ],
        },
    ],
)
async def test_what_is_no_dialog(there: Office, data: Any) -> None:
    answer = await asked(there)
    assert await there.refused("POST", callback(answer), {"type": 9, "data": data}) == 50035
    assert not answer.modal


def label(words: str, component: Any) -> Any:
    return {"type": 18, "label": words, "component": component}


FIELDS = [
    {"type": 10, "content": "Tell me"},
    label("Words", {"type": 4, "style": 2, "custom_id": "words", "max_length": 5}),
    label("Files", {"type": 19, "custom_id": "files", "min_values": 0, "required": False}),
    label(
        "Size",
        {
            "type": 3,
            "custom_id": "size",
            "options": [{"label": "Big", "value": "b"}, {"label": "Small", "value": "s"}],
        },
    ),
    label(
        "Colour",
        {
            "type": 21,
            "custom_id": "colour",
            "options": [{"label": "Red", "value": "r"}, {"label": "Blue", "value": "b"}],
        },
    ),
]


async def test_a_dialog_is_filled_in_and_sent(there: Office) -> None:
    answer = await asked(there)
    data = {"custom_id": "d", "title": "Words", "components": FIELDS}
    await there.call("POST", callback(answer), {"type": 9, "data": data})
    there.fake.world.patience = 0.0
    filled = {"words": "blue", "Files": [("a.png", PNG)], "Size": "Big", "Colour": "Red"}
    sent = (await there.ana.submits(answer, filled)).interaction
    parts = [one["component"] for one in sent.payload["data"]["components"]]
    assert [one.get("value", one.get("values")) for one in parts][0::2] == ["blue", ["b"]]
    assert parts[3]["value"] == "r" and sent.kind == 5
    [file] = sent.payload["data"]["resolved"]["attachments"].values()
    assert parts[1]["values"] == [file["id"]]
    for wrong in (
        {"words": "longer", "Size": "Big", "Colour": "Red"},
        {"words": "", "Size": "Big", "Colour": "Red"},
        {"words": "a", "Size": "Huge", "Colour": "Red"},
        {"words": "a", "Size": "Big"},
        {"words": "a", "Size": "Big", "Colour": "Red", "Other": "a"},
        {"words": "a", "Size": "Big", "Colour": "Red", "files": [("a", PNG), ("b", PNG)]},
    ):
        with pytest.raises(AssertionError):
            await there.ana.submits(answer, wrong)


async def test_what_is_pressed_tells_of_its_message(there: Office) -> None:
    row = {
        "type": 1,
        "components": [
            {"type": 2, "style": 1, "label": "Undo", "custom_id": "undo"},
            {"type": 2, "style": 1, "label": "Off", "custom_id": "off", "disabled": True},
        ],
    }
    said = await there.says({"flags": V2, "components": [row], **QUIET})
    there.fake.world.patience = 0.0
    answer = await there.ana.clicks(said, "Undo")
    payload = answer.interaction.payload
    assert payload["data"]["custom_id"] == "undo" and payload["message"]["id"] == said.id
    assert payload["member"]["user"]["id"] == there.ana.id
    for label_ in ("Redo", "Off"):
        with pytest.raises(AssertionError):
            await there.ana.clicks(said, label_)
    forged = await there.ana.clicks(said, custom_id="forged", forged=True)
    assert forged.interaction.payload["data"]["custom_id"] == "forged"
    there.fake.world.patience = 3.0
    await there.call("POST", callback(answer), {"type": 6})
    body = {"components": [row, {"type": 10, "content": "undone"}], **QUIET}
    await there.call("PATCH", hook(there, answer, "/messages/@original"), body)
    assert there.fake.words(said) == "undone"


async def test_selects_of_every_kind(there: Office) -> None:
    options = [{"label": "Twice", "value": "2x"}, {"label": "Four times", "value": "4x"}]
    rows = [
        {"type": 1, "components": [one]}
        for one in (
            {"type": 3, "custom_id": "scale", "placeholder": "How much", "options": options},
            {"type": 6, "custom_id": "role", "max_values": 2},
            {"type": 8, "custom_id": "channel"},
            {"type": 5, "custom_id": "person"},
        )
    ]
    said = await there.says({"flags": V2, "components": rows, **QUIET})
    there.fake.world.patience = 0.0

    async def data(name: str, *values: Any, **more: Any) -> Any:
        answer = await there.ana.selects(said, name, *values, **more)
        return answer.interaction.payload["data"]

    assert (await data("How much", "Four"))["values"] == ["4x"]
    assert (await data("scale", "9x", forged=True))["values"] == ["9x"]
    roles = [there.guild.role("a"), there.guild.role("b")]
    assert set((await data("role", *roles))["resolved"]["roles"]) == {one.id for one in roles}
    told = await data("channel", there.design)
    assert told["values"] == [there.design.id] and told["resolved"]["channels"]
    assert (await data("person", there.ana))["resolved"]["users"][there.ana.id]
    for wrong in (("scale", "9x"), ("scale", "2x", "4x"), ("person",)):
        with pytest.raises(AssertionError):
            await data(*wrong)


async def test_a_menu_on_a_message_brings_it_along(there: Office) -> None:
    said = await there.ana.says(there.design, "look", files=[("a.png", PNG)])
    there.fake.world.patience = 0.0
    answer = await there.ana.context(there.design, "Look", said)
    data = answer.interaction.payload["data"]
    assert data["target_id"] == said.id
    assert data["resolved"]["messages"][said.id]["attachments"][0]["filename"] == "a.png"
    with pytest.raises(AssertionError, match="no command"):
        await there.ana.context(there.design, "Look", there.ana)


async def test_interactions_are_told_as_recorded_ones(there: Office) -> None:
    payload = (await asked(there)).interaction.payload
    assert payload["context"] == 0 and payload["guild_locale"] == "en-US"
    assert payload["authorizing_integration_owners"] == {"0": there.guild.id}
    assert int(payload["app_permissions"]) and int(payload["member"]["permissions"])
    direct = (await asked(there, place=there.fake.dm(there.ana))).interaction.payload
    assert direct["user"]["id"] == there.ana.id and "member" not in direct
    assert (direct["context"], direct["channel"]["type"]) == (1, 1)
