"""Which presses are the same one, what payloads tell, and dialogs that Slack would open."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from adapters.chat.enlarging import WORDS, words_for
from adapters.chat.values import TurnRef
from adapters.slack.details import details_view
from adapters.slack.identity import Identity
from adapters.slack.interactions import Press, opening, place_of_command, press_of
from adapters.slack.modals import (
    chosen,
    cut_out_view,
    delete_view,
    edit_view,
    elsewhere_view,
    enlarge_view,
    said,
)
from adapters.slack.places import Place
from adapters.slack.words_for import help_words, models_words
from core.engines.port import Capabilities, ModelCard
from core.instruction.context import Context
from core.instruction.grammar import understand
from core.instruction.plan import Upscale
from core.session.models import Asset, Recipe, Version
from tests.contract.slack.slack_rules import check_view

ACME = Identity(token=SecretStr("xoxb-1"), team="T1", bot_user="UB", bot_id="BB")
HERE = Place(team="T1", channel="C1", thread="1.0", user="U1")
PRESSED: dict[str, Any] = {
    "type": "block_actions",
    "user": {"id": "U1", "username": "jane", "name": "jane", "team_id": "T9"},
    "container": {
        "type": "message",
        "message_ts": "2.0",
        "channel_id": "C1",
        "thread_ts": "1.0",
    },
    "trigger_id": "12.34.ab",
    "response_url": "https://hooks.slack.com/actions/T1/1/x",
    "actions": [{"action_id": "easel:undo", "value": "s1.v1", "action_ts": "1769220166.113300"}],
}


def at(seconds: float, trigger: str = "", **more: Any) -> Press:
    told: dict[str, Any] = {"place": HERE, "message": "2.0", "value": "s1.v1"} | more
    return Press(trigger=trigger, at=seconds, **told)


@given(st.floats(0, 2e9), st.floats(0, 2, exclude_max=True))
def test_presses_within_two_seconds_are_one(first: float, later: float) -> None:
    assert set(at(first).keys("undo")) & set(at(first + later).keys("undo"))


@pytest.mark.parametrize(
    "other",
    [
        {"value": "s1.v2"},
        {"message": "3.0"},
        {"place": HERE.model_copy(update={"user": "U2"})},
        {"place": HERE.model_copy(update={"team": "T2"})},
    ],
)
def test_presses_of_something_else_are_others(other: dict[str, Any]) -> None:
    assert not set(at(100.0).keys("undo")) & set(at(100.0, **other).keys("undo"))
    assert not set(at(100.0).keys("undo")) & set(at(100.0).keys("again"))


def test_presses_long_after_one_another_are_two() -> None:
    assert not set(at(100.0, "a").keys("undo")) & set(at(104.1, "b").keys("undo"))


def test_a_delivery_that_comes_again_much_later_is_the_same() -> None:
    assert set(at(100.0, "a").keys("undo")) & set(at(400.0, "a").keys("undo"))


def test_two_people_who_undo_at_once_undo_once() -> None:
    ben = HERE.model_copy(update={"user": "U2"})
    ours = at(100.0).keys("undo", whoever=True)
    assert set(ours) & set(at(100.5, place=ben).keys("undo", whoever=True))


def test_a_press_is_read() -> None:
    press = press_of(PRESSED, ACME)
    assert (press.message, press.value, press.at) == ("2.0", "s1.v1", 1769220166.1133)
    assert press.place.thread_key() == "slack:T1:C1:1.0"
    assert press.place.actor.id == "slack:T9:U1"


@pytest.mark.parametrize("spoilt", [None, [], "x", 7, {"id": 3}, [None], [{"value": {}}]])
@pytest.mark.parametrize("part", ["user", "container", "actions", "trigger_id", "channel"])
def test_what_is_not_as_slack_tells_it_is_left_out(part: str, spoilt: Any) -> None:
    press = press_of({**PRESSED, part: spoilt}, ACME)
    assert isinstance(press.value, str)
    assert press.place.team == "T1"


def test_a_command_in_an_organisation_counts_to_the_persons_workspace() -> None:
    whole = ACME.model_copy(update={"enterprise": "E1"})
    place = place_of_command({"team_id": "T1", "channel_id": "C1", "user_id": "U1"}, whole)
    assert (place.home, place.actor.workspace) == ("E1", "slack:T1")
    assert place.thread_key("12.34.ab") == "slack:E1:C1:12.34.ab"


@given(st.text(max_size=9_000), st.text(max_size=200))
def test_the_first_message_of_a_thread_pings_nobody(words: str, name: str) -> None:
    told = opening(HERE.model_copy(update={"user_name": name}), words)
    assert "<" not in told
    assert len(told) <= 3_000


@pytest.mark.parametrize("words", WORDS.values())
def test_what_a_choice_says_is_understood(words: str) -> None:
    plan = understand(words, Context(has_head=True, chosen=True))
    assert isinstance(plan.steps[0], Upscale)
    assert words_for("model") is None


def cards(count: int) -> list[ModelCard]:
    able = Capabilities(operations=frozenset({"upscale"}))
    return [
        ModelCard(
            id=f"{'o' * 40}/{n}", engine="x", title="T" * 200, good_at="g" * 400, capabilities=able
        )
        for n in range(count)
    ]


@pytest.mark.parametrize("count", [0, 1, 150])
def test_dialogs_are_within_what_slack_allows(count: int) -> None:
    for view in (
        edit_view(),
        enlarge_view(cards(count), files=True),
        enlarge_view(cards(count), files=False, scale="4k"),
        cut_out_view(),
        elsewhere_view("v3"),
        delete_view("v3"),
        said("That did not work", "x" * 9_000, ""),
    ):
        check_view(view, "modal", lambda _: False)


@given(st.text(max_size=5_000), st.text(max_size=3_000))
def test_details_are_within_what_slack_allows(words: str, model: str) -> None:
    version = Version(
        id="s1.v3",
        session_id="s1",
        number=3,
        name="v3",
        turn_id="t1",
        operation="edit",
        model=model,
        asset=Asset(sha256="0" * 64, mime="image/png", width=8, height=8, bytes=100),
        recipe=Recipe(operation="edit", model=model, engine="x", words=words, seed=7),
    )
    check_view(details_view(version, ["v1", "v2"]), "modal", lambda _: False)


def test_words_are_no_longer_than_an_answer_may_be() -> None:
    assert len(models_words(cards(300))) < 12_000
    assert len(help_words()) < 3_000


@pytest.mark.parametrize(
    "body",
    [{}, {"view": None}, {"view": {"state": {"values": {"scale": []}}}}, {"view": {"state": 3}}],
)
def test_nothing_is_chosen_where_nothing_stands(body: dict[str, Any]) -> None:
    assert chosen(body, "scale") is None


@pytest.mark.parametrize(
    "value", ["", "/", "s1", "s1/", "/t1", "s1/t1/x", "s 1/t1", "s1/" + "t" * 99]
)
def test_what_names_no_turn_is_none(value: str) -> None:
    assert TurnRef.read(value) is None
