"""What clients may send and must not: each is answered to its sender alone, with what to do, and
nothing comes of it."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from adapters.chat.values import with_choice
from adapters.discord import buttons
from adapters.discord.places import Place
from core.engines.fake import FakeEngine
from tests.contract.discord.discord_answer import Answer
from tests.contract.discord.discord_clicking import Person
from tests.contract.discord.discord_world import Json
from tests.scenario.discord_house import DiscordHouse, discord_house
from tests.scenario.discord_press_stand import Drawn, drawn, names, noted
from tests.scenario.house import png

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Kept:
    """Pictures that stay as they are, whatever is tried: one that is pressed, one of another
    session of the same channel, one of another server."""

    there: DiscordHouse
    mug: Drawn
    cup: Drawn
    foreign: Drawn

    def filled(self, ref: str) -> str:
        """A reference with the ids of these pictures."""
        sid = self.mug.turn.session_id
        return ref.format(
            mug=self.mug.version,
            mug_turn=self.mug.ref,
            cup=self.cup.version,
            cup_turn=self.cup.ref,
            foreign=self.foreign.version,
            foreign_turn=self.foreign.ref,
            missing=f"{sid}.v99",
            missing_turn=f"{sid}/t00000000000000000000",
        )

    async def state(self) -> list[Any]:
        """What must not change."""
        every = [(turn.id, turn.state, turn.acts_on) for turn in await self.there.turns()]
        messages = self.there.fake.world.messages.values()
        shown = sorted(message.id for message in messages if not message.only_for)
        return [*every, await self.mug.head(), *shown]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def kept(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Kept]:
    engine = FakeEngine(png(), 64, 64)
    async with discord_house(tmp_path_factory.mktemp("discord"), engine) as there:
        guild = there.fake.guild("elsewhere")
        other = there.fake.person("eve", guild)
        hall = guild.channel("hall")
        await there.connected()
        yield Kept(
            there,
            await drawn(there),
            await drawn(there, "a blue cup"),
            await drawn(there, "a grey jug", who=other, where=hall),
        )


FOREIGN = "does not belong to this message"

OF_VERSIONS = (
    buttons.TRANSPARENT,
    buttons.VARIATIONS,
    buttons.UNDO,
    buttons.EDIT,
    buttons.FULL,
)
OF_TURNS = (buttons.CANCEL, buttons.AGAIN, buttons.OFFER)


@pytest.mark.parametrize("ref", ["{cup}", "{foreign}", "x", "", "{mug_turn}", "s.v1", ".v1"])
@pytest.mark.parametrize("action", OF_VERSIONS)
async def test_a_button_names_a_version_of_its_own_message(
    kept: Kept, action: str, ref: str
) -> None:
    await refused(kept, click(kept, action, ref), FOREIGN)


@pytest.mark.parametrize("action", OF_VERSIONS)
async def test_a_version_that_never_was(kept: Kept, action: str) -> None:
    await refused(kept, click(kept, action, "{missing}"), "no such version")


@pytest.mark.parametrize("ref", ["{cup_turn}", "{foreign_turn}", "x", "", "{mug}", "/", "a/b/c"])
@pytest.mark.parametrize("action", OF_TURNS)
async def test_a_button_names_a_turn_of_its_own_session(kept: Kept, action: str, ref: str) -> None:
    await refused(kept, click(kept, action, ref), FOREIGN)


@pytest.mark.parametrize(
    ("action", "ref", "told"),
    [
        (buttons.CANCEL, "{mug_turn}", "nothing to cancel"),
        (buttons.CANCEL, "{missing_turn}", "no such turn"),
        (buttons.AGAIN, "{missing_turn}", "no such turn"),
        (buttons.OFFER, "{mug_turn}", "Nothing is offered"),
        (buttons.SIBLING, "x", "too old"),
        (buttons.SIBLING, "", "too old"),
        (buttons.REMOVE, "x", "too old"),
        (buttons.REMOVE, "", "too old"),
        (buttons.REPORT, "dismiss/", "for moderators"),
        (buttons.REPORT, "", FOREIGN),
        (buttons.DIALOG, "x", "don't know that button"),
        ("explode", "{mug}", "don't know that button"),
    ],
)
async def test_a_button_that_can_not_do_that(kept: Kept, action: str, ref: str, told: str) -> None:
    await refused(kept, click(kept, action, ref), told)


@pytest.mark.parametrize("name", ["e1:", "e2:undo:x", "approve", "e1:undo:" + "x" * 90, "é", "*"])
async def test_names_that_are_none_of_ours(kept: Kept, name: str) -> None:
    clicked = kept.there.ana.clicks(kept.mug.message, custom_id=name, forged=True)
    await refused(kept, clicked, "don't know that button")


@pytest.mark.parametrize("vid", ["{cup}", "{foreign}", "x", ""])
@pytest.mark.parametrize(
    ("action", "choice"),
    [
        *((buttons.UPSCALE, scale) for scale in ("2x", "4x", "4k", "model")),
        *(
            (buttons.MORE, more)
            for more in (
                "edit",
                "edit_from",
                "transparent",
                "vary",
                "details",
                "show",
                "full",
                "workspace",
                "report",
                "delete",
            )
        ),
    ],
)
async def test_a_choice_names_a_version_of_its_own_message(
    kept: Kept, action: str, choice: str, vid: str
) -> None:
    value = with_choice(choice, kept.filled(vid))
    await refused(kept, select(kept, action, value), FOREIGN)


@pytest.mark.parametrize(
    ("action", "value", "told"),
    [
        (buttons.UPSCALE, "9x|{mug}", "don't know that choice"),
        (buttons.UPSCALE, "|{mug}", "don't know that choice"),
        (buttons.UPSCALE, "2x", FOREIGN),
        (buttons.MORE, "explode|{mug}", "don't know that choice"),
        (buttons.MORE, "{mug}", "don't know that choice"),
        (buttons.MORE, "edit_from|" + "x" * 400, "don't know that choice"),
        (buttons.MORE, "details|{missing}", "no such version"),
    ],
)
async def test_a_choice_that_is_on_no_menu(kept: Kept, action: str, value: str, told: str) -> None:
    await refused(kept, select(kept, action, kept.filled(value)), told)


@pytest.mark.parametrize(
    ("ref", "value", "told"),
    [
        ("{mug_turn}", "{mug}", "had ended already"),
        ("{mug_turn}", "{cup}", FOREIGN),
        ("{mug_turn}", "", FOREIGN),
        ("{cup_turn}", "{mug}", FOREIGN),
        ("{foreign_turn}", "{foreign}", FOREIGN),
    ],
)
async def test_what_shall_be_acted_on_instead(kept: Kept, ref: str, value: str, told: str) -> None:
    name = custom_id(buttons.INSTEAD, kept.filled(ref))
    chosen = kept.there.ana.selects(kept.mug.message, name, kept.filled(value), forged=True)
    await refused(kept, chosen, told)


async def test_a_turn_acts_on_versions_of_its_own_session(kept: Kept) -> None:
    """Under a message of one session in the thread of another one, both may be named."""
    there, hall = kept.there, kept.there.guild.channel("hall")
    jug = await drawn(there, "a jug", where=hall)
    cup = await there.house.desk.session(kept.cup.turn.session_id)
    place = Place(guild=there.guild.id, channel=hall.id)
    await there.front.links.alias(place.thread_key(), cup.thread)
    name = custom_id(buttons.INSTEAD, jug.ref)
    chosen = there.ana.selects(jug.message, name, kept.cup.version, forged=True)
    await refused(kept, chosen, "don't know that choice")


@pytest.mark.parametrize("name", ["e1:modal:x", "e1:modal:", "e1:undo:x", "x", ""])
async def test_a_dialog_that_is_none_of_ours(kept: Kept, name: str) -> None:
    dialog = await edit_dialog(kept)
    dialog.modal["custom_id"] = name
    await refused(kept, kept.there.ana.submits(dialog, {"words": "make it navy"}), "too old")


async def test_a_dialog_is_only_for_who_opened_it(kept: Kept) -> None:
    dialog = await edit_dialog(kept)
    await refused(kept, kept.there.ben.submits(dialog, {"words": "make it navy"}), "not yours")


async def test_a_question_is_only_for_whom_it_asks(kept: Kept) -> None:
    await noted(await select(kept, buttons.MORE, with_choice("delete", kept.mug.version)))
    [name] = names(kept.there.ana.notes[-1], buttons.REMOVE)
    clicked = kept.there.ben.clicks(kept.mug.message, custom_id=name, forged=True)
    await refused(kept, clicked, "not yours")


async def test_a_dialog_is_no_answer_to_a_question(kept: Kept) -> None:
    dialog = await edit_dialog(kept)
    _, note = buttons.read_custom_id(dialog.modal["custom_id"])
    await refused(kept, click(kept, buttons.REMOVE, note), "too old")


async def test_a_question_is_no_dialog(kept: Kept) -> None:
    await noted(await select(kept, buttons.MORE, with_choice("delete", kept.mug.version)))
    [name] = names(kept.there.ana.notes[-1], buttons.REMOVE)
    dialog = await edit_dialog(kept)
    dialog.modal["custom_id"] = name.replace(buttons.REMOVE, buttons.DIALOG)
    sent = kept.there.ana.submits(dialog, {"words": "make it navy"})
    await refused(kept, sent, "don't know that dialog")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"words": "   "}, "Say what shall change"),
        ({"words": "it", "files": [("notes.txt", b"no picture")]}, "notes.txt is no picture"),
        ({"words": "it", "files": [("empty.png", b"")]}, "empty.png is empty"),
        ({"words": "it", "files": [(f"{n}.png", b"x") for n in range(17)]}, "17 files are more"),
    ],
)
async def test_an_edit_dialog_that_won_t_do(kept: Kept, fields: Json, told: str) -> None:
    dialog = await edit_dialog(kept)
    for part in dialog.modal["components"]:  # as a client that checks nothing
        part["component"] |= {"max_values": 20} if "max_values" in part["component"] else {}
    await refused(kept, kept.there.ana.submits(dialog, fields), told)


async def test_words_that_are_longer_than_asked_for(kept: Kept) -> None:
    dialog = await edit_dialog(kept)
    dialog.modal["components"][0]["component"]["max_length"] = 9_000
    sent = kept.there.ana.submits(dialog, {"words": "x" * 8_001})
    await refused(kept, sent, "Keep it to 4,000 characters")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("scale", "9x", "Choose how much larger"),
        ("scale", "model", "Choose how much larger"),
        ("model", "gpt-image-2", "can't be had"),
        ("model", "fake", "can't be had"),
        ("model", "", "can't be had"),
    ],
)
async def test_an_enlarging_dialog_that_won_t_do(
    kept: Kept, field: str, value: str, told: str
) -> None:
    value = value or "x" * 100
    chosen = with_choice("model", kept.mug.version)
    dialog = await select(kept, buttons.UPSCALE, chosen)
    assert dialog.type == 9
    offer(dialog, field, value)
    await refused(kept, kept.there.ana.submits(dialog, {field: value}), told)


async def test_a_command_whose_dialog_brings_no_picture(kept: Kept) -> None:
    there = kept.there
    for command in ("upscale", "cutout"):
        dialog = await there.ana.slash(there.design, command)
        dialog.modal["components"][0]["component"]["required"] = False
        await refused(kept, there.ana.submits(dialog, {"files": []}), "Add a picture")


@pytest.mark.parametrize("part", [None, {}, {"type": 18}, {"type": 18, "component": []}, 7])
async def test_a_dialog_in_pieces(kept: Kept, part: Any) -> None:
    """What is sent is no form at all: as little comes of it."""
    dialog = await edit_dialog(kept)
    world, made = kept.there.fake.world, dialog.interaction
    whole = await kept.there.ana.submits(dialog, {"words": "  "})
    payload = copy.deepcopy(whole.interaction.payload)
    payload["data"]["components"] = [] if part is None else [part]
    again = copy.copy(whole.interaction)
    again.id, again.token = world.new_id(), f"{made.token}x{world.new_id()}"
    again.acknowledged, again.original, again.followups = 0, "", []
    payload |= {"id": again.id, "token": again.token}
    again.payload = payload
    world.interactions[again.id], world.tokens[again.token] = again, again.id
    world.tell("INTERACTION_CREATE", payload, again.guild)
    answer = Answer(world, again)
    assert "Say what shall change" in await noted(answer)


async def refused(kept: Kept, tried: Any, told: str) -> None:
    """Only the one who tried is told, what is wrong and what to do; nothing has changed."""
    before = await kept.state()
    answer: Answer = await tried
    note = await noted(answer)
    assert answer.type == 4
    assert answer.ephemeral
    assert told in note
    assert len([sentence for sentence in note.replace("?", ".").split(".") if sentence.strip()]) > 1
    assert await kept.state() == before


def custom_id(action: str, ref: str) -> str:
    """A name as a client might send it, whether we would give it or not."""
    return f"e1:{action}:{ref}"


def click(kept: Kept, action: str, ref: str, who: Person | None = None) -> Any:
    name = custom_id(action, kept.filled(ref))
    return (who or kept.there.ana).clicks(kept.mug.message, custom_id=name, forged=True)


def select(kept: Kept, action: str, value: str) -> Any:
    [name] = names(kept.mug.message, action)
    return kept.there.ana.selects(kept.mug.message, name, value, forged=True)


async def edit_dialog(kept: Kept) -> Answer:
    [name] = names(kept.mug.message, buttons.EDIT)
    dialog = await kept.there.ana.clicks(kept.mug.message, custom_id=name)
    assert dialog.type == 9
    return dialog


def offer(dialog: Answer, field: str, value: str) -> None:
    """Let the dialog offer what we did not."""
    for part in dialog.modal["components"]:
        if part["component"]["custom_id"] == field:
            part["component"]["options"].append({"label": "forged", "value": value})
