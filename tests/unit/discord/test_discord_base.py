"""Places, names of buttons and escaped words: what everything about Discord stands on."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import buttons
from adapters.discord.escaping import escaped
from adapters.discord.places import DEFAULT_LIMIT, Place, moment, snowflake_at


def test_a_place_travels_as_texts_and_comes_back() -> None:
    place = Place(
        guild="1", channel="3", parent="2", user="9", token="t", limit=50_000_000, present=False
    )
    texts = place.texts()
    assert all(isinstance(value, str) for value in texts.values())
    assert Place.of(texts) == place


def test_what_is_as_usual_is_left_out() -> None:
    assert Place(channel="3").texts() == {"channel": "3"}
    assert Place.of({"channel": "3", "of a later version": "x"}).limit == DEFAULT_LIMIT


def test_keys_of_threads_conversations_and_messages() -> None:
    there = Place(guild="1", channel="3", parent="2", user="9")
    assert there.thread_key() == "discord:1:3"
    assert there.thread_key("77") == "discord:1:3:77"
    assert there.message_key("5") == "discord:1:3:5"
    assert there.payer_channel == "discord:2"
    assert Place(channel="4", user="9").thread_key() == "discord:@me:4"


def test_people_count_to_the_server_only_where_easel_is_in_it() -> None:
    assert Place(guild="1", channel="3", user="9").actor.workspace == "discord:1"
    assert Place(guild="1", channel="3", user="9", present=False).workspace == "discord:@9"
    assert Place(channel="3", user="9").workspace == "discord:@9"


def test_what_comes_later_is_answered_in_the_thread_that_was_opened() -> None:
    place = Place(guild="1", channel="2", user="9", app="a", interaction="i", token="t", opens="A")
    there = place.settled("3")
    assert (there.channel, there.parent, there.token, there.opens) == ("3", "2", "", "")
    assert place.settled("2").parent == ""
    assert there.settled("3") == there


def test_a_place_that_a_page_has_from_its_session_is_known_before_and_after_it_settled() -> None:
    place = Place(guild="1", channel="2", user="9", app="a", interaction="i", token="t", opens="A")
    assert place.is_of_session(place)
    assert place.is_of_session(place.settled("3"))
    assert place.settled("3").is_of_session(place.settled("3"))
    another = place.model_copy(update={"interaction": "j", "message": "m"})
    assert not another.is_of_session(place)
    assert not another.is_of_session(place.settled("3"))


def test_ids_tell_their_time() -> None:
    # The example of Discord's documents ("Snowflakes").
    assert moment("175928847299117063") == datetime(2016, 4, 30, 11, 18, 25, 796000, tzinfo=UTC)
    stamp = datetime(2026, 11, 25, 12, tzinfo=UTC).timestamp()
    assert moment(snowflake_at(stamp)).timestamp() == pytest.approx(stamp, abs=0.001)


def test_names_of_buttons_are_read_back() -> None:
    sid, tid = "s" + "a" * 20, "t" + "b" * 20
    name = buttons.custom_id(buttons.CANCEL, f"{sid}/{tid}")
    assert len(name) <= 100
    assert buttons.read_custom_id(name) == ("cancel", f"{sid}/{tid}")
    assert buttons.read_custom_id(buttons.custom_id(buttons.UNDO, f"{sid}.v12")) == (
        "undo",
        f"{sid}.v12",
    )


@pytest.mark.parametrize("name", ["", "e1:", "e1:UNDO:x", "e2:undo:x", "e1:undo:a b", "x" * 101])
def test_other_names_are_none_of_ours(name: str) -> None:
    assert buttons.read_custom_id(name) == ("", "")


def test_a_name_that_discord_would_not_take_is_not_made() -> None:
    with pytest.raises(ValueError, match="no custom id"):
        buttons.custom_id("undo", "x" * 100)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("**bold** _it_", "\\*\\*bold\\*\\* \\_it\\_"),
        ("@everyone <@1>", "\\@everyone \\<\\@1\\>"),
        ("https://a.b/c", "https\\://a.b/c"),
        ("# head\n- item", "\\# head\n\\- item"),
        ("a-b", "a-b"),
        ("x\u202ey", "xy"),
    ],
)
def test_words_are_shown_as_they_are(words: str, shown: str) -> None:
    assert escaped(words, 200) == shown


@given(st.text(), st.integers(min_value=1, max_value=80))
def test_no_words_break_out_or_grow_too_long(words: str, most: int) -> None:
    told = escaped(words, most)
    assert len(told) <= most
    bare = re.sub(r"\\[^0-9A-Za-z\s]", "", told)
    assert not set(bare) & set("*_~`|<>@[]#:\\")
