"""Buttons, menus, commands, shortcuts and modals of a fake Slack, with bolt as the app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.contract.slack.fake_slack import FakeSlack
from tests.contract.slack.slack_office import (
    Office,
    actions,
    button,
    overflow,
    section,
    serving,
    tiny_app,
)

NAME = {"type": "plain_text", "text": "Words"}


def field(action: str, element: dict[str, Any], *, optional: bool = False) -> dict[str, Any]:
    element = {"action_id": action, **element}
    block = {"type": "input", "block_id": action, "label": NAME, "element": element}
    return block | {"optional": optional}


def scale() -> dict[str, Any]:
    options = [{"text": {"type": "plain_text", "text": n}, "value": n} for n in ("2x", "4x")]
    return {"type": "static_select", "options": options, "initial_option": options[0]}


def modal(*blocks: dict[str, Any], title: str = "Upscale") -> dict[str, Any]:
    label = {"type": "plain_text", "text": title}
    made = {"type": "modal", "callback_id": "upscale", "title": label, "submit": NAME}
    return made | {"blocks": list(blocks)}


FORM = modal(
    field("words", {"type": "plain_text_input"}),
    field("scale", scale()),
    field("files", {"type": "file_input", "max_files": 2}, optional=True),
)


class Desk:
    """An app that opens its form wherever it is asked, and keeps what it was given."""

    def __init__(self, office: Office) -> None:
        self.given: list[dict[str, Any]] = []
        self.reply: dict[str, Any] | None = None
        self.form = FORM
        app = self.app = tiny_app(office)

        async def opens(ack: Any, body: dict[str, Any], client: Any) -> None:
            self.given.append(body)
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=self.form)

        async def keeps(ack: Any, body: dict[str, Any]) -> None:
            self.given.append(body)
            await ack(**(self.reply or {}))

        app.action("open")(opens)
        app.shortcut("edit")(opens)
        app.action("keep")(keeps)
        app.action("more")(keeps)
        app.command("/easel")(keeps)
        app.view("upscale")(keeps)


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with FakeSlack() as fake:
        yield Office(fake)


@pytest.fixture
async def desk(office: Office) -> AsyncIterator[Desk]:
    desk = Desk(office)
    async with serving(office, desk.app):
        yield desk


async def with_buttons(office: Office) -> Any:
    root = office.ana.writes(office.design, "root")
    blocks = [actions(button("keep", value="v1"), button("open"), overflow(3))]
    await office.client.chat_postMessage(
        channel=office.design.id, text="press", blocks=blocks, thread_ts=root.ts
    )
    return office.fake.said_by_bot(office.design)[-1]


async def opened(office: Office, desk: Desk) -> None:
    answer = await office.ana.clicks(await with_buttons(office), "open")
    assert answer.ok


async def test_a_click_says_where_it_was(office: Office, desk: Desk) -> None:
    message = await with_buttons(office)
    assert (await office.ana.clicks(message, "keep")).ok
    [body] = desk.given
    assert body["container"]["thread_ts"] == message.thread_ts
    assert body["actions"][0]["value"] == "v1"
    assert body["message"]["ts"] == message.ts
    await office.ana.clicks(message, "keep", value="v9")
    assert desk.given[1]["actions"][0]["value"] == "v9"
    with pytest.raises(AssertionError, match="no 'gone' to press"):
        await office.ana.clicks(message, "gone")


async def test_an_option_is_chosen_by_value(office: Office, desk: Desk) -> None:
    await office.ana.chooses(await with_buttons(office), "more", "2")
    assert desk.given[0]["actions"][0]["selected_option"]["value"] == "2"
    with pytest.raises(AssertionError, match="no option '7'"):
        await office.ana.chooses(await with_buttons(office), "more", "7")


async def test_a_modal_is_filled_in_and_sent(office: Office, desk: Desk) -> None:
    await opened(office, desk)
    view = office.ana.view
    with pytest.raises(AssertionError, match="fill in words/words first"):
        await office.ana.submits(view)
    with pytest.raises(AssertionError, match="the modal has no"):
        await office.ana.submits(view, {"words": "sharper", "colour": "red"})
    await office.ana.submits(
        view, {"words": "sharper", "scale/scale": "4x", "files": [("cat.png", b"bytes")]}
    )
    state = desk.given[-1]["view"]["state"]["values"]
    assert state["words"]["words"]["value"] == "sharper"
    assert state["scale"]["scale"]["selected_option"]["value"] == "4x"
    [file] = state["files"]["files"]["files"]
    told = await office.client.files_info(file=file["id"])
    assert told["file"]["size"] == 5
    with pytest.raises(AssertionError, match="no modal open"):
        _ = office.ana.view


async def test_errors_updates_and_steps_are_shown(office: Office, desk: Desk) -> None:
    await opened(office, desk)
    view = office.ana.view
    desk.reply = {"response_action": "errors", "errors": {"words": "say more"}}
    answer = await office.ana.submits(view, {"words": "x"})
    assert answer.json["errors"] == {"words": "say more"}
    assert office.ana.view is view
    desk.reply = {"response_action": "errors", "errors": {"nowhere": "say more"}}
    with pytest.raises(AssertionError, match="errors for"):
        await office.ana.submits(view, {"words": "x"})
    desk.reply = {"response_action": "update", "view": modal(section("done"), title="Done")}
    await office.ana.submits(view, {"words": "x"})
    assert office.ana.view.json["title"]["text"] == "Done"
    desk.reply = {"response_action": "push", "view": modal(section(), title="Next")}
    await office.ana.submits(view)
    assert office.ana.view.json["previous_view_id"] == view.id
    desk.reply = {"response_action": "clear"}
    await office.ana.submits(office.ana.view)
    assert office.fake.world.views == {}


async def test_a_trigger_is_good_once_and_not_for_long(office: Office, desk: Desk) -> None:
    await opened(office, desk)
    trigger = desk.given[0]["trigger_id"]
    used = await office.refused("views.open", trigger_id=trigger, view=FORM)
    await office.ana.clicks(await with_buttons(office), "keep")
    office.fake.clock.advance(4)
    late = desk.given[-1]["trigger_id"]
    expired = await office.refused("views.open", trigger_id=late, view=FORM)
    made_up = await office.refused("views.open", trigger_id="1.2.x", view=FORM)
    assert (used, expired, made_up) == (
        "exchanged_trigger_id",
        "expired_trigger_id",
        "invalid_trigger_id",
    )


BAD_VIEWS = {
    "title": modal(section(), title="x" * 25),
    "submit": modal(section()) | {"submit": {"type": "plain_text", "text": "x" * 25}},
    "callback": modal(section()) | {"callback_id": "x" * 256},
    "metadata": modal(section()) | {"private_metadata": "x" * 3001},
    "no submit": {name: FORM[name] for name in FORM if name != "submit"},
    "blocks": modal(*[section()] * 101),
    "home": modal(section()) | {"type": "home"},
    "options": modal(field("s", scale() | {"options": scale()["options"] * 51})),
    "option value": modal(field("s", {"type": "static_select", "options": [{"text": NAME}]})),
}


@pytest.mark.parametrize("view", BAD_VIEWS.values(), ids=BAD_VIEWS.keys())
async def test_views_have_limits(office: Office, view: dict[str, Any]) -> None:
    trigger = office.fake.world.new_trigger(office.ana.id, office.team.id)
    refusal = await office.refusal("views.open", trigger_id=trigger, view=view)
    assert refusal["error"] == "invalid_arguments"
    assert refusal["response_metadata"]["messages"]


async def test_one_button_may_stand_in_many_blocks_of_a_page(office: Office) -> None:
    rows = {"type": "home", "blocks": [actions(button("go", value=f"{n}")) for n in range(3)]}
    await office.client.views_publish(user_id=office.ana.id, view=rows)
    twice = {"type": "home", "blocks": [actions(button("go"), button("go"))]}
    refusal = await office.refused("views.publish", user_id=office.ana.id, view=twice)
    assert refusal == "invalid_arguments"


async def test_views_change_only_as_they_were_seen(office: Office, desk: Desk) -> None:
    await opened(office, desk)
    view = office.ana.view
    name, old = view.id, view.json["hash"]
    fresh = modal(section("fresh"))
    await office.client.views_update(view_id=name, view=fresh, hash=old)
    assert office.ana.view.json["blocks"][0]["text"]["text"] == "fresh"
    late = await office.refused("views.update", view_id=name, view=fresh, hash=old)
    gone = await office.refused("views.update", view_id="V0NOWHERE", view=fresh)
    assert (late, gone) == ("hash_conflict", "not_found")


async def test_three_modals_lie_on_one_another(office: Office, desk: Desk) -> None:
    await opened(office, desk)
    for _ in range(2):
        trigger = office.fake.world.new_trigger(office.ana.id, office.team.id)
        await office.client.views_push(trigger_id=trigger, view=FORM)
    trigger = office.fake.world.new_trigger(office.ana.id, office.team.id)
    refusal = await office.refused("views.push", trigger_id=trigger, view=FORM)
    assert refusal == "push_limit_reached"


async def test_a_view_has_a_size(office: Office) -> None:
    trigger = office.fake.world.new_trigger(office.ana.id, office.team.id)
    large = modal(*[section("x" * 3000)] * 90)
    refusal = await office.refused("views.open", trigger_id=trigger, view=large)
    assert refusal == "view_too_large"


async def test_a_page_is_for_somebody_and_changes_as_it_was_seen(office: Office) -> None:
    page = {"type": "home", "blocks": [section()]}
    nobody = await office.refused("views.publish", user_id="U0NOBODY", view=page)
    first = await office.client.views_publish(user_id=office.ana.id, view=page)
    seen = {"user_id": office.ana.id, "hash": first["view"]["hash"], "view": page}
    await office.client.api_call("views.publish", json=seen)
    late = await office.refused("views.publish", **seen)
    assert (nobody, late) == ("user_not_found", "hash_conflict")


async def test_a_home_page_is_published_and_used(office: Office, desk: Desk) -> None:
    page = {"type": "home", "blocks": [actions(button("keep", value="s1"))]}
    await office.client.views_publish(user_id=office.ana.id, view=page)
    await office.ana.clicks(office.ana.home, "keep")
    assert desk.given[0]["view"]["type"] == "home"
    assert desk.given[0]["container"]["type"] == "view"
    blocks = {"type": "home", "blocks": [section()] * 101}
    assert await office.refused("views.publish", user_id=office.ana.id, view=blocks) == (
        "invalid_arguments"
    )


async def test_a_command_is_answered_for_one_or_for_all(office: Office, desk: Desk) -> None:
    desk.reply = {"text": "only you"}
    await office.ana.commands("/easel", "help", office.design)
    assert [note.text for note in office.ana.notes] == ["only you"]
    assert (desk.given[0]["text"], desk.given[0]["channel_id"]) == ("help", office.design.id)
    desk.reply = {"text": "all of you", "response_type": "in_channel"}
    await office.ana.commands("/easel", "usage", office.design)
    assert [one.text for one in office.fake.said_by_bot(office.design)] == ["all of you"]


async def test_a_shortcut_brings_its_message(office: Office, desk: Desk) -> None:
    said = office.ana.writes(office.design, "mine", files=[("cat.png", b"bytes")])
    await office.ana.shortcut("edit", said)
    body = desk.given[0]
    assert (body["type"], body["message"]["files"][0]["name"]) == ("message_action", "cat.png")
    assert office.ana.view.json["callback_id"] == "upscale"
    desk.form = FORM | {"notify_on_close": True}
    assert await office.ana.closes(office.ana.view) is None


async def test_five_answers_within_half_an_hour(office: Office, desk: Desk) -> None:
    message = await with_buttons(office)
    await office.ana.clicks(message, "keep")
    url = desk.given[0]["response_url"]

    async def answer(**body: Any) -> int:
        async with aiohttp.ClientSession() as http, http.post(url, json=body) as said:
            return said.status

    assert await answer(text="private") == 200
    assert await answer(text="new", replace_original=True) == 200
    assert (message.text, message.blocks) == ("new", [])
    assert await answer(delete_original=True) == 200
    assert message not in office.fake.said_by_bot(office.design)
    assert [await answer(text="more") for _ in range(3)] == [200, 200, 404]
    await office.ana.clicks(await with_buttons(office), "keep")
    office.fake.clock.advance(1801)
    url = desk.given[1]["response_url"]
    assert await answer(text="late") == 404


async def test_states_of_agents_are_for_agents(office: Office) -> None:
    root = office.ana.writes(office.design, "root")
    place: dict[str, Any] = {"channel_id": office.design.id, "thread_ts": root.ts}
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await office.client.agents_sessions_setStatus(status="processing", **place)
    office.team.agent = True
    await office.client.agents_sessions_setStatus(status="processing", title="A mug", **place)
    await office.client.agents_sessions_rename(title="A red mug", **place)
    long = await office.refused("agents.sessions.rename", title="x" * 201, **place)
    unknown = await office.refused(
        "agents.sessions.rename",
        title="A mug",
        channel_id=office.design.id,
        thread_ts=office.ana.writes(office.design, "other").ts,
    )
    many = await office.refused(
        "assistant.threads.setStatus", status="is drawing", loading_messages=["x"] * 11, **place
    )
    assert (long, unknown, many) == ("invalid_arguments", "session_not_found", "invalid_arguments")
    await office.client.assistant_threads_setStatus(status="is drawing", **place)
    assert [one["status"] for one in office.fake.statuses] == ["processing", "is drawing"]
    session = office.fake.world.agent_sessions[office.design.id, root.ts]
    assert session == {"title": "A red mug", "status": "processing"}
    assert await office.refused("agents.sessions.setStatus", status="asleep", **place) == (
        "invalid_arguments"
    )


async def test_a_channel_is_told_as_a_page(office: Office, desk: Desk) -> None:
    message = await with_buttons(office)
    await office.client.chat_update(channel=office.design.id, ts=message.ts, text="pressed")
    await office.ana.reacts(message, "eyes")
    office.ana.writes(office.design, "mine", files=[("cat.txt", b"bytes")])
    await office.client.chat_postEphemeral(
        channel=office.design.id, user=office.ana.id, text="only you"
    )
    page = await office.fake.transcript(office.design)
    assert "# #design" in page
    assert "- **ana**: root" in page
    assert "  - **easel** (edited 1×): [Press] [Press] [⋯ ▾ One | One | One]" in page
    assert ":eyes: 1" in page
    assert "📎 cat.txt (5 bytes, text/plain, sha256 277089d91c0b)" in page
    assert "- **easel** (only for ana): only you" in page
