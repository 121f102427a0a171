"""Every button and every choice under a result in simcord: what it becomes, for whoever presses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
import pytest_asyncio
from simcord.results import InteractionResult

from adapters.discord.buttons import read_custom_id
from tests.scenario.discord_simcord.simcord_house import SimcordHouse, pressable, simcord_house

pytestmark = pytest.mark.asyncio(loop_scope="module")

BUTTONS = {"edit": "dialog", "transparent": "turn", "vary": "turn", "undo": "turn"}
CHOICES = {
    "upscale": {"2x": "turn", "4x": "turn", "4k": "turn", "model": "dialog"},
    "more": {
        "edit_from": "turn",
        "details": "told",
        "show": "dialog",
        "workspace": "told",
        "report": "told",  # nobody has set a channel for reports
        "delete": "told",
    },
}
EVERY_CHOICE = [(menu, value) for menu, values in CHOICES.items() for value in values]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def there(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SimcordHouse]:
    async with simcord_house(tmp_path_factory.mktemp("simcord")) as house:
        yield house


async def drawn(there: SimcordHouse) -> discord.Message:
    """A result of its own, in a channel of its own."""
    lane = there.guild.create_text_channel("lane")
    return await there.done(await there.ana.slash(lane, "imagine", prompt="a red mug"))


async def test_these_tables_have_everything_that_can_be_pressed(there: SimcordHouse) -> None:
    parts = pressable(there, await drawn(there))
    menus = {_action(part): _choices(part) for part in parts if "options" in part}
    assert menus == {name: set(values) for name, values in CHOICES.items()}
    assert {_action(part) for part in parts} - set(menus) == set(BUTTONS)


@pytest.mark.parametrize("action", BUTTONS)
async def test_a_button_does_what_it_says(there: SimcordHouse, action: str) -> None:
    result = await drawn(there)
    name = _named(there, result, action)["custom_id"]
    assert await became(there, await there.ben.click(result, custom_id=name)) == BUTTONS[action]


@pytest.mark.parametrize(("menu", "value"), EVERY_CHOICE)
async def test_a_choice_does_what_it_says(there: SimcordHouse, menu: str, value: str) -> None:
    result = await drawn(there)
    part = _named(there, result, menu)
    [chosen] = [one["value"] for one in part["options"] if _choice(one["value"]) == value]
    pressed = await there.ana.select(result, [chosen], custom_id=part["custom_id"])
    assert await became(there, pressed) == CHOICES[menu][value]


@pytest.mark.parametrize("value", ["delete"])
async def test_what_is_not_for_everybody_is_refused_kindly(there: SimcordHouse, value: str) -> None:
    result = await drawn(there)
    part = _named(there, result, "more")
    [chosen] = [one["value"] for one in part["options"] if _choice(one["value"]) == value]
    pressed = await there.cleo.select(result, [chosen], custom_id=part["custom_id"])
    assert await became(there, pressed) == "told"
    assert "moderator" in str(pressed.response.components if pressed.response else "")
    assert result.id in [one.id for one in there.ours()]


async def test_pressing_twice_at_once_is_one_turn(there: SimcordHouse) -> None:
    result = await drawn(there)
    name = _named(there, result, "vary")["custom_id"]
    before = len(await there.turns())
    there.house.engine.delay = 0.5
    await there.ben.click(result, custom_id=name)
    assert await became(there, await there.ben.click(result, custom_id=name)) == "told"
    there.house.engine.delay = 0.0
    assert len(await there.turns()) == before + 1
    await there.ended((await there.turns())[-1])


async def became(there: SimcordHouse, pressed: InteractionResult) -> str:
    """What a press became: a turn (whatever that ends as), a dialog, or words for one person."""
    if pressed.modal is not None:
        return "dialog"
    said = [one for one in (pressed.response, *pressed.followups) if one is not None]
    if said and all(one.ephemeral for one in said):
        return "told"
    assert pressed.acknowledged, "Discord would say that the application did not respond"
    await there.ended(await there.turn_of(pressed))
    return "turn"


def _named(there: SimcordHouse, message: discord.Message, action: str) -> dict[str, Any]:
    [part] = [one for one in pressable(there, message) if _action(one) == action]
    return part


def _action(part: dict[str, Any]) -> str:
    return read_custom_id(part["custom_id"])[0]


def _choices(part: dict[str, Any]) -> set[str]:
    return {_choice(one["value"]) for one in part["options"]}


def _choice(value: str) -> str:
    return value.split("|")[0]
