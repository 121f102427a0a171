"""Every card keeps Discord's limits and says people's words as words, whatever they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from discord.ui import LayoutView
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord import cards
from adapters.discord.button_rows import Offers
from adapters.discord.buttons import read_custom_id
from adapters.discord.layout import Picture, components
from adapters.discord.places import Place
from adapters.discord.posting import names_turn
from core.errors import EaselError
from core.session.models import (
    Actor,
    Asset,
    ErrorInfo,
    Recipe,
    Session,
    Turn,
    TurnProgress,
    TurnState,
    Version,
)
from core.turns.presenting import Scene
from tests.contract.discord.discord_components import check, each_component
from tests.contract.discord.discord_openapi import faults

SID, TID = "s" + "0" * 20, "t" + "0" * 20
ANA = Actor(id="discord:9", name="Ana", workspace="discord:1")
COMMAND = Place(guild="1", channel="2", user="9", app="7", interaction="5", token="x")
MESSAGE = Place(guild="1", channel="2", user="9", message="6")
PAGE = Place(guild="1", channel="2", user="9")
SESSION = Session(id=SID, thread="discord:1:2:5", owner=ANA, version_count=3)
ALL = Offers(workspace=True, report=True, partial=frozenset(f"{SID}.v{n}" for n in range(40)))
HOSTILE = st.text(max_size=400) | st.sampled_from(
    [
        "@everyone <@9> <@&8> <#7>",
        "*" * 5_000,
        "[x](https://x.example)",
        "wort" * 2_000,
        "line\n# head\n- item\n" * 900,
        "\u202egnp.exe\u0000",
        "```\n</say:1>",
    ]
)


def version(number: int, words: str = "a red mug", *, alpha: bool = False) -> Version:
    recipe = Recipe(operation="generate", model="fake", engine="fake", words=words)
    return Version(
        id=f"{SID}.v{number}", session_id=SID, number=number, name=f"v{number}", turn_id=TID,
        operation="generate", model="fake", recipe=recipe,
        asset=Asset(sha256="a" * 64, mime="image/png", width=64, height=48, bytes=9, alpha=alpha),
    )  # fmt: skip


def turn(**more: Any) -> Turn:
    return Turn(id=TID, session_id=SID, number=1, actor=ANA, **more)


def pictures(versions: Sequence[Version], words: str = "") -> list[Picture]:
    return [Picture(f"{each.name}.png", words * 3) for each in versions]


def fits(view: LayoutView) -> list[dict[str, Any]]:
    """Raises what Discord would answer; the components."""
    sent = components(view)
    body = {"components": sent, "flags": 1 << 15, "allowed_mentions": {"parse": []}}
    assert faults("POST", "/channels/1/messages", body) == []
    check(sent, v2=True)
    for text in texts(view):
        assert not re.search(r"(?<!\\)(@everyone|<[@#/]|\]\(|```)", text), text
    names = [one["custom_id"] for one in each_component(sent) if "custom_id" in one]
    assert names and all(read_custom_id(name)[0] for name in names)
    assert names_turn(sent, TID), "recovery finds every message by its buttons"
    return sent


def texts(view: LayoutView) -> Iterator[str]:
    return (one["content"] for one in each_component(components(view)) if one["type"] == 10)


def said(view: LayoutView) -> str:
    return "\n".join(texts(view))


def labels(view: LayoutView) -> list[str]:
    """What stands on buttons and menus."""
    found = each_component(components(view))
    return [
        str(one.get("label") or one.get("placeholder")) for one in found if one["type"] in (2, 3)
    ]


def choices(view: LayoutView, action: str) -> list[str]:
    """The values of all menus of an action."""
    return [
        option["value"]
        for one in each_component(components(view))
        if one["type"] == 3 and read_custom_id(one["custom_id"])[0] == action
        for option in one["options"]
    ]


@settings(max_examples=30, deadline=None)
@given(
    words=HOSTILE,
    notes=st.lists(HOSTILE, max_size=9),
    count=st.integers(1, 10),
    clear=st.booleans(),
)
def test_results_fit(words: str, notes: list[str], count: int, clear: bool) -> None:
    versions = [version(number, words, alpha=clear) for number in range(1, count + 1)]
    approved = {each.id: [words or "Ana"] * 5 for each in versions}
    done = turn(text=words, notes=tuple(notes), state=TurnState.DONE)
    shown = pictures(versions, words)
    for place in (COMMAND, MESSAGE, PAGE):
        view = cards.result_card(
            done, versions, place, pictures=shown, offers=ALL, said=notes, approved=approved
        )
        fits(view)
        for each in versions:
            assert f"**{each.name}**" in said(view)
    fits(cards.enclosed_card(done, COMMAND, pictures=shown, said=notes))


@settings(max_examples=30, deadline=None)
@given(words=HOSTILE, hint=HOSTILE, notes=st.lists(HOSTILE, max_size=9), model=HOSTILE)
def test_ends_without_pictures_fit(words: str, hint: str, notes: list[str], model: str) -> None:
    error = ErrorInfo(code="x", message=words or "No.", hint=hint, offer=model or None)
    failed = turn(text=words, notes=tuple(notes), state=TurnState.FAILED, error=error)
    fits(cards.answer_card(failed, COMMAND, offers=ALL))
    one = [version(1, words)]
    fits(cards.result_card(failed, one, COMMAND, pictures=pictures(one), offers=ALL))
    done = turn(text=words, state=TurnState.DONE, notes=tuple(notes))
    fits(cards.answer_card(done, COMMAND, version(1, words), offers=ALL))
    fits(cards.answer_card(done, COMMAND, offers=ALL))
    fits(cards.answer_card(turn(state=TurnState.CANCELLED, text=words), COMMAND, offers=ALL))
    kept = cards.kept_away(EaselError(words or "No.", hint=hint), workspace=True)
    fits(cards.answer_card(done, COMMAND, version(1), offers=ALL, missing=kept))


@settings(max_examples=30, deadline=None)
@given(words=HOSTILE, place=st.integers(0, 40), fraction=st.floats(0, 1) | st.none())
def test_working_turns_fit(words: str, place: int, fraction: float | None) -> None:
    versions = [version(number, words) for number in range(1, 31)]
    progress = TurnProgress(
        stage=words, expected=words, fraction=fraction, queue_place=place, ready_at=1.7e9
    )
    small = Picture("subject.webp", words * 3)
    for state in (TurnState.QUEUED, TurnState.RUNNING):
        working = turn(text=words, echo=words, notes=(words,), state=state, progress=progress)
        scene = Scene(working, SESSION, subject=versions[0])
        fits(cards.working_card(scene, COMMAND, others=versions, subject=small, preview=small))


def test_a_command_says_its_words_and_whose_they_are() -> None:
    done = turn(text="a *red* mug", state=TurnState.DONE)
    view = cards.result_card(done, [version(1)], COMMAND, pictures=[], offers=ALL)
    assert "**Ana**: “a \\*red\\* mug”" in said(view)


def test_the_answer_to_a_message_does_not_repeat_it() -> None:
    done = turn(text="a red mug", state=TurnState.DONE)
    assert "red mug" not in said(
        cards.result_card(done, [version(1)], MESSAGE, pictures=[], offers=ALL)
    )


def test_what_was_said_on_a_page_is_told() -> None:
    done = turn(text="a red mug", state=TurnState.DONE)
    view = cards.result_card(done, [version(1)], PAGE, pictures=[], offers=ALL)
    assert "-# On the page of this thread: “a red mug”" in said(view)


def test_a_picture_has_its_alt_text_in_the_gallery() -> None:
    view = cards.result_card(
        turn(), [version(1)], COMMAND, pictures=[Picture("v1.png", "v1: a mug")], offers=ALL
    )
    [gallery] = [one for one in each_component(fits(view)) if one["type"] == 12]
    [item] = gallery["items"]
    assert item["media"]["url"] == "attachment://v1.png"
    assert item["description"] == "v1: a mug"


@pytest.mark.parametrize(
    ("alpha", "partial", "names"),
    [
        (False, False, ["Edit", "Transparent", "Variations", "Undo", "Upscale", "More"]),
        (True, False, ["Edit", "Variations", "Undo", "Upscale", "More"]),
        (
            False,
            True,
            ["Edit", "Transparent", "Variations", "Undo", "Original file", "Upscale", "More"],
        ),
    ],
)
def test_what_can_be_done_with_a_picture(alpha: bool, partial: bool, names: list[str]) -> None:
    one = version(1, alpha=alpha)
    offers = Offers(workspace=True, report=True, partial=frozenset([one.id] if partial else []))
    view = cards.result_card(turn(), [one], COMMAND, pictures=[], offers=offers)
    assert labels(view) == names
    assert choices(view, "upscale") == [f"{by}|{one.id}" for by in ("2x", "4x", "4k", "model")]
    deeds = ("edit_from", "details", "show", "workspace", "report", "delete")
    assert choices(view, "more") == [f"{deed}|{one.id}" for deed in deeds]


def test_what_is_not_there_is_not_offered() -> None:
    view = cards.result_card(
        turn(), [version(1)], COMMAND, pictures=[], offers=Offers(elsewhere=False)
    )
    assert choices(view, "more") == [
        f"{deed}|{SID}.v1" for deed in ("edit_from", "details", "delete")
    ]


def test_what_has_no_room_is_left_out_whole_and_the_facts_stay() -> None:
    notes = tuple(f"{number} " + "*" * 390 for number in range(40))
    versions = [version(number) for number in range(1, 11)]
    done = turn(text="*" * 900, state=TurnState.DONE, notes=notes)
    view = cards.result_card(done, versions, COMMAND, pictures=pictures(versions), offers=ALL)
    fits(view)
    small = [line for line in said(view).splitlines() if line.startswith("-# ")]
    assert small and all(line.endswith("\\*") and line.count("*") == 390 for line in small)


@pytest.mark.parametrize("elsewhere", [True, False])
@pytest.mark.parametrize("count", range(2, 11))
def test_however_many_menus_it_takes_they_fit(count: int, elsewhere: bool) -> None:
    versions = [version(number) for number in range(1, count + 1)]
    offers = Offers(workspace=True, report=True, elsewhere=elsewhere, partial=ALL.partial)
    fits(cards.result_card(turn(), versions, COMMAND, pictures=[], offers=offers))


@pytest.mark.parametrize("count", range(2, 11))
def test_each_of_several_can_be_chosen_for_all_there_is(count: int) -> None:
    versions = [version(number) for number in range(1, count + 1)]
    view = cards.result_card(
        turn(), versions, COMMAND, pictures=pictures(versions), offers=Offers(True, True)
    )
    fits(view)
    chosen = choices(view, "more")
    for deed in ("edit", "edit_from", "transparent", "vary", "details", "show"):
        assert {f"{deed}|{each.id}" for each in versions} <= set(chosen), deed
    for deed in ("workspace", "report", "delete"):
        assert chosen.count(f"{deed}|{versions[-1].id}") == 1, deed
    larger = choices(view, "upscale")
    assert {f"{by}|{each.id}" for by in ("2x", "4x") for each in versions} <= set(larger)


def test_a_turn_at_work_counts_down_by_itself_and_can_be_stopped() -> None:
    progress = TurnProgress(stage="Drawing", expected="about 30 s", ready_at=1_800_000_000.4)
    running = turn(text="a mug", state=TurnState.RUNNING, progress=progress)
    view = cards.working_card(Scene(running, SESSION), COMMAND)
    assert "<t:1800000000:R>" in said(view) and "about 30 s" in said(view)
    assert labels(view) == ["Cancel"]


def test_names_of_too_many_who_approved_become_a_number() -> None:
    versions = [version(number) for number in range(1, 11)]
    few = {versions[0].id: ["Ana", "Ben"]}
    view = cards.result_card(turn(), versions, COMMAND, pictures=[], offers=ALL, approved=few)
    assert "approved by Ana, Ben" in said(view)
    many = {each.id: ["x" * 80] * 3 for each in versions}
    view = cards.result_card(turn(), versions, COMMAND, pictures=[], offers=ALL, approved=many)
    assert said(view).count("approved by 3") == 10


def test_what_failed_says_what_to_do_and_offers_it() -> None:
    error = ErrorInfo(code="x", message="Too dear.", hint="Use another.", offer="cheap")
    failed = turn(state=TurnState.FAILED, error=error)
    view = cards.answer_card(failed, COMMAND, offers=ALL)
    assert "Too dear.\nUse another." in said(view)
    assert labels(view) == ["Use cheap", "Try again"]
