"""Every command, menu and dialog in simcord, with what is valid and with what is not: that is told
to its person alone, with what to do, and nothing comes of it."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
import pytest_asyncio
from PIL import Image, ImageDraw
from simcord import SetupError
from simcord.results import InteractionResult

from adapters.chat.enlarging import USUAL
from adapters.discord.app import offered
from core.session.models import TurnState
from tests.scenario.discord_simcord.simcord_house import SimcordHouse, simcord_house

pytestmark = pytest.mark.asyncio(loop_scope="module")


def _disc() -> bytes:
    """A subject on a plain ground, easy to cut out."""
    picture = Image.new("RGB", (96, 96), (236, 236, 230))
    ImageDraw.Draw(picture).ellipse((24, 24, 72, 72), fill=(178, 34, 34))
    packed = io.BytesIO()
    picture.save(packed, "PNG")
    return packed.getvalue()


PICTURE = ("disc.png", _disc())
NOTES = ("notes.txt", b"no picture at all")

DRAWING: dict[str, dict[str, Any]] = {
    "imagine": {"prompt": "a red mug", "size": "3:2", "seed": 3},
    "edit": {"instruction": "make it navy", "image": PICTURE},
    "upscale": {"image": PICTURE, "scale": "2x"},
    "cutout": {"image": PICTURE},
    "vary": {"image": PICTURE, "count": 2},
}
"""Commands that become turns, as they are meant."""
TELLING = ("usage", "settings", "help")
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("imagine", {"prompt": "a red mug", "size": "potato"}, "size"),
    ("imagine", {"prompt": "a red mug", "image": NOTES}, "PNG"),
    ("edit", {"instruction": "make it navy"}, "picture"),
    ("edit", {"instruction": "make it navy", "image": NOTES}, "PNG"),
    ("upscale", {"image": PICTURE, "scale": "banana"}, "2x, 4x or to 4K"),
    ("upscale", {"image": PICTURE, "model": "banana"}, "Choose one from the list"),
    ("upscale", {"image": NOTES}, "PNG"),
    ("cutout", {"image": NOTES}, "PNG"),
    ("vary", {}, "picture"),
    ("vary", {"image": NOTES}, "PNG"),
]
ON_MESSAGES = ("Quick upscale", "Cut out background")
ASKING = {"Edit with Easel": "What shall I change?", "Upscale": "How much larger?"}
ON_PEOPLE = ("Block from Easel", "Let use Easel again")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def there(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SimcordHouse]:
    async with simcord_house(tmp_path_factory.mktemp("simcord")) as house:
        yield house


async def test_nothing_is_offered_that_is_not_in_these_tables() -> None:
    tables = {*DRAWING, *TELLING, *ON_MESSAGES, *ASKING, *ON_PEOPLE}
    tree = offered()
    names = {one.name for one in tree.walk_commands()}
    for kind in (discord.AppCommandType.user, discord.AppCommandType.message):
        names |= {one.name for one in tree.get_commands(type=kind)}
    assert names == tables
    assert {name for name, _, _ in REFUSED} == set(DRAWING)


@pytest.mark.parametrize("name", DRAWING)
async def test_a_command_becomes_a_picture(there: SimcordHouse, name: str) -> None:
    lane = there.guild.create_text_channel(f"lane-{name}")
    asked = await there.ana.slash(lane, name, **DRAWING[name])
    assert asked.deferred and not asked.ephemeral
    result = await there.done(asked)
    assert result.attachments
    assert len(lane.threads) == (name in ("imagine", "edit"))


@pytest.mark.parametrize("name", TELLING)
async def test_a_command_tells_only_who_asked(there: SimcordHouse, name: str) -> None:
    asked = await there.ana.slash(there.design, name)
    assert told(asked)
    assert asked.response is not None
    seen_by_ben = [one.id for one in there.design.history(viewer=there.ben)]
    assert asked.response.id not in seen_by_ben


@pytest.mark.parametrize(("name", "options", "words"), REFUSED, ids=lambda value: str(value)[:20])
async def test_what_is_no_input_is_told_with_what_to_do(
    there: SimcordHouse, name: str, options: dict[str, Any], words: str
) -> None:
    before = len(await there.turns())
    asked = await there.ana.slash(there.guild.create_text_channel("quiet"), name, **options)
    assert words in told(asked)
    assert len(await there.turns()) == before


@pytest.mark.parametrize("name", ON_MESSAGES)
async def test_a_menu_does_it_to_anybodys_picture(there: SimcordHouse, name: str) -> None:
    lane = there.guild.create_text_channel("photos")
    sent = await there.ben.send(lane, "look", attachments=[PICTURE])
    asked = await there.ana.context_menu(lane, name, sent)
    assert (await there.done(asked)).attachments
    assert lane.threads == []


@pytest.mark.parametrize("name", [*ON_MESSAGES, *ASKING])
async def test_a_menu_on_a_message_without_a_picture_says_so(
    there: SimcordHouse, name: str
) -> None:
    before = len(await there.turns())
    sent = await there.ben.send(there.design, "only words")
    asked = await there.ana.context_menu(there.design, name, sent)
    assert "picture" in told(asked)
    assert len(await there.turns()) == before


async def test_the_dialog_for_an_edit_takes_words_and_pictures(there: SimcordHouse) -> None:
    lane = there.guild.create_text_channel("edits")
    sent = await there.ben.send(lane, "look", attachments=[PICTURE])
    dialog = await there.ana.context_menu(lane, "Edit with Easel", sent)
    words, files = inputs(dialog)
    given = {words: "put this on it", files: [("logo.png", PICTURE[1])]}
    result = await there.done(await there.ana.submit_modal(dialog, given))
    assert result.attachments
    [turn] = [one for one in await there.turns() if one.text == "put this on it"]
    assert len(turn.inputs) == 2


async def test_what_is_filled_in_wrongly_is_told_and_can_be_said_again(
    there: SimcordHouse,
) -> None:
    lane = there.guild.create_text_channel("wrong")
    sent = await there.ben.send(lane, "look", attachments=[PICTURE])
    before = len(await there.turns())
    dialog = await there.ana.context_menu(lane, "Edit with Easel", sent)
    words, files = inputs(dialog)
    given = {words: "put this on it", files: [NOTES]}
    assert "PNG" in told(await there.ana.submit_modal(dialog, given))
    assert len(await there.turns()) == before


async def test_the_dialog_for_enlarging_works_after_a_restart(there: SimcordHouse) -> None:
    lane = there.guild.create_text_channel("large")
    sent = await there.ben.send(lane, "look", attachments=[PICTURE])
    dialog = await there.ana.context_menu(lane, "Upscale", sent)
    await there.restart()
    given = dict(zip(inputs(dialog), ("4x", [USUAL]), strict=True))
    result = await there.done(await there.ana.submit_modal(dialog, given))
    assert "384 × 384 px" in str(result.components)


async def test_who_is_blocked_is_told_so_until_let_in_again(there: SimcordHouse) -> None:
    assert told(await there.mod.context_menu(there.design, ON_PEOPLE[0], there.cleo))
    asked = await there.cleo.slash(there.design, "imagine", prompt="a red mug")
    assert "moderator" in told(asked)
    assert told(await there.mod.context_menu(there.design, ON_PEOPLE[1], there.cleo))
    allowed = await there.cleo.slash(there.design, "imagine", prompt="a blue mug")
    assert (await there.ended(await there.turn_of(allowed))).state is TurnState.DONE


@pytest.mark.parametrize("name", ON_PEOPLE)
async def test_menus_for_moderators_are_shown_to_nobody_else(
    there: SimcordHouse, name: str
) -> None:
    with pytest.raises(SetupError):
        await there.ana.context_menu(there.design, name, there.ben)


@pytest.mark.parametrize(
    ("name", "option", "typed", "found"),
    [
        ("imagine", "size", "16", "16:9"),
        ("imagine", "style", "water", "watercolour"),
        ("imagine", "model", "fa", "Fake"),
        ("upscale", "scale", "", "4x"),
        ("upscale", "model", "", "real"),
    ],
)
async def test_what_is_typed_is_completed(
    there: SimcordHouse, name: str, option: str, typed: str, found: str
) -> None:
    filled = {"prompt": "a mug"} if name == "imagine" else {}
    choices = await there.ana.autocomplete(there.design, name, option, typed, **filled)
    assert found.lower() in str(choices).lower()
    assert 0 < len(choices) <= 25


def told(asked: InteractionResult) -> str:
    """What only the person sees, in Discord's own parts; nothing else was said."""
    said = [one for one in (asked.response, *asked.followups) if one is not None]
    assert said and all(one.ephemeral for one in said), asked
    return " ".join(str(one.components) for one in said)


def inputs(dialog: InteractionResult) -> list[str]:
    """The names of what a dialog asks for."""
    assert dialog.modal is not None, "a dialog was opened"
    return [str(one["component"]["custom_id"]) for one in dialog.modal["components"]]
