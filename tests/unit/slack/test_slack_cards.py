"""Every card keeps Slack's limits and says people's words as words, whatever they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat import wording
from adapters.chat.made import made
from adapters.chat.words import one_line
from adapters.slack import cards
from adapters.slack.escaping import MARKUP, escaped
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
from tests.contract.slack.slack_rules import check_blocks

SID, TID = "s" + "0" * 20, "t" + "0" * 20
ANA = Actor(id="slack:T1:U1", name="Ana", workspace="slack:T1")
SESSION = Session(id=SID, thread="slack:T1:C1:1.1", owner=ANA, version_count=3)
HOSTILE = st.text(max_size=400) | st.sampled_from(
    [
        "<!channel> & <@U1>",
        "&" * 5_000,
        "<" * 9_000,
        "*bold* `code` <https://x.example|y>",
        "wort" * 2_000,
        "line\n" * 900,
        "\u202egnp.exe\u0000",
    ]
)


def version(number: int, words: str = "a red mug", **more: Any) -> Version:
    recipe = Recipe(operation="generate", model="fake", engine="fake", words=words, **more)
    return Version(
        id=f"{SID}.v{number}", session_id=SID, number=number, name=f"v{number}", turn_id=TID,
        operation="generate", model="fake", recipe=recipe,
        asset=Asset(sha256="a" * 64, mime="image/png", width=1024, height=768, bytes=9),
    )  # fmt: skip


def turn(**more: Any) -> Turn:
    return Turn(id=TID, session_id=SID, number=1, actor=ANA, **more)


def fits(card: cards.Card) -> None:
    """Raises what Slack would answer."""
    check_blocks(card.blocks, lambda _: False)
    assert 0 < len(card.text) <= 3_000
    for markup in [card.text, *_markup(card.blocks)]:
        assert "<!" not in markup and "<@" not in markup and "<https://x" not in markup


def _markup(value: Any) -> Iterator[str]:
    """What Slack reads as markup; labels are plain."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            assert value["verbatim"] is True
            yield value["text"]
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _markup(part)


@settings(max_examples=25, deadline=None)
@given(words=HOSTILE, notes=st.lists(HOSTILE, max_size=9), count=st.integers(1, 10))
def test_results_fit(words: str, notes: list[str], count: int) -> None:
    versions = [version(number, words) for number in range(1, count + 1)]
    approved = {versions[0].id: [words or "Ana"] * 5}
    done = turn(text=words, notes=tuple(notes), state=TurnState.DONE)
    fits(cards.result_card(done, versions, approved=approved, workspace=True))


@settings(max_examples=25, deadline=None)
@given(words=HOSTILE, hint=HOSTILE, notes=st.lists(HOSTILE, max_size=9), model=HOSTILE)
def test_ends_without_pictures_fit(words: str, hint: str, notes: list[str], model: str) -> None:
    error = ErrorInfo(code="x", message=words or "No.", hint=hint, offer=model or None)
    failed = turn(text=words, notes=tuple(notes), state=TurnState.FAILED, error=error)
    fits(cards.answer_card(failed))
    fits(cards.result_card(failed, [version(1, words)]))
    fits(cards.answer_card(turn(state=TurnState.DONE, notes=tuple(notes)), version(1, words)))
    fits(cards.answer_card(turn(state=TurnState.CANCELLED, text=words)))
    kept = cards.kept_away(EaselError(words or "No.", hint=hint), workspace=True)
    fits(cards.answer_card(turn(state=TurnState.DONE), missing=kept))


@settings(max_examples=25, deadline=None)
@given(words=HOSTILE, place=st.integers(0, 40), fraction=st.floats(0, 1) | st.none())
def test_working_turns_fit(words: str, place: int, fraction: float | None) -> None:
    versions = [version(number, words) for number in range(1, 31)]
    progress = TurnProgress(stage=words, fraction=fraction, queue_place=place)
    for state in (TurnState.QUEUED, TurnState.RUNNING):
        working = turn(text=words, echo=words, notes=(words,), state=state, progress=progress)
        fits(cards.working_card(Scene(working, SESSION, subject=versions[0]), versions))


@given(words=HOSTILE, most=st.integers(1, 200))
def test_words_survive_as_they_are_or_are_cut_between_signs(words: str, most: int) -> None:
    shown = escaped(words, most)
    assert len(shown) <= most
    assert not set(shown) & set("<>")
    assert shown.count("&") == sum(map(shown.count, ("&amp;", "&lt;", "&gt;")))


def test_emoji_and_new_lines_stay_and_what_turns_lines_around_goes() -> None:
    assert escaped("👩‍🎨\nmug", 99) == "👩‍🎨\nmug"
    assert escaped("a\u202eb\u0000c", 99) == "abc"
    assert one_line("two\nlines  here", 99) == "two lines here"


@pytest.mark.parametrize(
    ("usd", "known", "said"),
    [
        (0, True, "no cost"),
        (0.0004, True, "under $0.001"),
        (0.04, True, "$0.04"),
        (0.042, True, "$0.042"),
        (1.5, False, "about $1.50"),
    ],
)
def test_money_is_said_as_on_the_pages(usd: float, known: bool, said: str) -> None:
    assert wording.cost(usd, known=known) == said


def test_facts_are_one_line() -> None:
    version_3 = version(3, seconds=12.4, cost_usd=0.04)
    told = wording.facts(version_3, ["Ana", "Bo", "Cy", "Di"], MARKUP)
    assert told == (
        "*v3* · fake · 1024 × 768 px · 12 s · $0.04 · ✓ approved by Ana, Bo, Cy and 1 more"
    )


def test_what_was_only_a_step_on_the_way_is_not_shown() -> None:
    first, last = version(1), version(2).model_copy(update={"parents": (f"{SID}.v1",)})
    sent = version(3).model_copy(update={"operation": "upload"})
    assert made(Scene(turn(), SESSION, (first, last, sent))) == (last,)


def test_what_is_brought_from_elsewhere_is_shown_even_if_it_was_sent_there() -> None:
    sent = version(1).model_copy(update={"operation": "upload"})
    assert made(Scene(turn(brings=f"{'s' * 21}.v4"), SESSION, (sent,))) == (sent,)


def test_buttons_of_a_failed_turn_lead_back_to_it() -> None:
    error = ErrorInfo(code="x", message="No.", offer="fake-2")
    card = cards.answer_card(turn(state=TurnState.FAILED, error=error))
    row = [
        element
        for block in card.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]
    assert [element["action_id"] for element in row] == ["easel:offer", "easel:again"]
    assert {element["value"] for element in row} == {f"{SID}/{TID}"}
