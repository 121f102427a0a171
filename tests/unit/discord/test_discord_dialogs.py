"""Dialogs that Discord would open, whatever models there are; and cards of details within its
limits."""

from __future__ import annotations

from typing import Any

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat.enlarging import USUAL
from adapters.chat.values import Scale
from adapters.discord.details import details_card
from adapters.discord.dialogs import edit_dialog, elsewhere_dialog, enlarge_dialog, report_dialog
from adapters.discord.layout import components
from core.engines.port import Capabilities, ModelCard
from core.session.models import AlphaReport, Asset, Recipe, Version
from tests.contract.discord import discord_components as rules
from tests.contract.discord.discord_openapi import faults


def able(number: int, *, id: str = "", title: str = "") -> ModelCard:
    return ModelCard(
        id=id or f"model-{number}",
        engine="fake",
        title=title or f"Model {number}",
        good_at="tests",
        capabilities=Capabilities(operations=frozenset({"upscale"})),
    )


def checked(dialog: ui.Modal) -> dict[str, Any]:
    """The dialog as it is sent; fails where Discord would not take it."""
    sent: dict[str, Any] = dialog.to_dict()
    rules.check_dialog(sent["components"])
    assert faults("POST", "/interactions/1/x/callback", {"type": 9, "data": sent}) == []
    return sent


async def test_every_dialog_is_one_that_discord_opens() -> None:
    for dialog in (
        edit_dialog(most_words=4_000, most_files=10),
        edit_dialog(most_words=10, most_files=0),
        enlarge_dialog([], files=True),
        enlarge_dialog([able(1)], files=False),
        elsewhere_dialog("v1"),
        elsewhere_dialog("v" * 200),
        report_dialog(),
    ):
        checked(dialog)


async def test_a_dialog_takes_no_more_pictures_than_there_is_room_for() -> None:
    assert len(checked(edit_dialog(most_words=10, most_files=0))["components"]) == 1
    files = checked(edit_dialog(most_words=10, most_files=3))["components"][1]["component"]
    assert (files["max_values"], files["required"]) == (3, False)


@pytest.mark.parametrize("scale", ["2x", "4x", "4k"])
async def test_what_was_typed_is_chosen_at_first(scale: Scale) -> None:
    cards = [able(number) for number in range(60)]
    sent = checked(enlarge_dialog(cards, files=False, scale=scale, model="model-59"))
    scales, models = (part["component"]["options"] for part in sent["components"])
    assert [each["value"] for each in scales if each.get("default")] == [scale]
    assert [each["value"] for each in models if each.get("default")] == ["model-59"]
    assert len(models) == 25


@given(
    names=st.lists(st.text(min_size=1, max_size=160), max_size=40, unique=True),
    title=st.text(min_size=1, max_size=200),
)
async def test_models_of_any_name_fit_into_a_menu(names: list[str], title: str) -> None:
    cards = [able(number, id=name, title=title) for number, name in enumerate(names)]
    options = checked(enlarge_dialog(cards, files=True))["components"][2]["component"]["options"]
    assert options[0]["value"] == USUAL
    assert len(options) == 1 + min(24, len([name for name in names if len(name) <= 100]))


@given(words=st.text(max_size=9_000), warnings=st.lists(st.text(max_size=500), max_size=9))
async def test_details_fit_into_a_message(words: str, warnings: list[str]) -> None:
    version = Version(
        id="s1.v1",
        session_id="s1",
        number=1,
        name="v1",
        turn_id="t1",
        operation="edit",
        model="m" * 200,
        asset=Asset(sha256="0" * 64, mime="image/png", width=9, height=9, bytes=9, alpha=True),
        recipe=Recipe(
            operation="edit", model="m" * 200, engine="e", words=words, snapshot="*" * 900, seed=7
        ),
        alpha_report=AlphaReport(
            method="x", coverage=0.5, partial=0.1, corners_clear=True, warnings=tuple(warnings)
        ),
    )
    sent = components(details_card(version, [f"v{number}" for number in range(400)]))
    rules.check(sent, v2=True)
    text = "".join(part.get("content", "") for part in rules.each_component(sent))
    assert "Details of v1" in text
    assert "**Seed:** 7" in text
