"""Answers to one person alone: before and after a first response, whatever goes wrong."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest
from discord.ui import ActionRow, Button, LayoutView

from adapters.discord.answering import kindly, taken_up, tell, words_of
from adapters.discord.asking import asker_of, keys_of
from core.errors import BadInput, Unavailable
from core.policy.quotas import TooSoon
from core.session.models import Actor, Turn


class Interaction:
    """An interaction that writes down what it was answered. `fails`: how each answer goes."""

    def __init__(self, *, done: bool = False, fails: Exception | None = None) -> None:
        self.id = 12
        self.extras: dict[Any, Any] = {}
        self.said: list[tuple[str, dict[str, Any]]] = []
        self._done, self._fails = done, fails
        self.response = SimpleNamespace(
            is_done=lambda: self._done,
            send_message=self._kind("said"),
            defer=self._kind("deferred"),
        )
        self.followup = SimpleNamespace(send=self._kind("followed"))

    def _kind(self, kind: str) -> Any:
        async def answer(**told: Any) -> None:
            if self._fails:
                raise self._fails
            self._done = True
            self.said.append((kind, told))

        return answer

    @property
    def words(self) -> list[str]:
        return [str(told["view"].to_components()) for _, told in self.said if "view" in told]


class Front:
    """Counts."""

    def __init__(self) -> None:
        self.acks: list[float] = []
        self.doubles = 0

    def heard(self, seconds: float) -> None:
        self.acks.append(seconds)

    def doubled(self) -> None:
        self.doubles += 1


def of(**place: str) -> Turn:
    return Turn(id="t1", session_id="s1", number=1, actor=Actor(id="discord:1"), place=place)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (BadInput("No mug.", hint="Say <@1> or *which*."), "No mug. Say \\\\<\\\\@1\\\\> or"),
        (Unavailable("The store is away.", hint="Try again."), "The store is away. Try again."),
        (RuntimeError("secret"), "Something went wrong on my side."),
    ],
    ids=["refused", "away", "broken"],
)
async def test_whatever_goes_wrong_is_told_to_the_person_alone(error: Exception, told: str) -> None:
    for done in (False, True):
        asked: Any = Interaction(done=done)
        front: Any = Front()
        async with kindly(front, asked):
            raise error
        ((kind, ways),) = asked.said
        assert kind == ("followed" if done else "said") and ways["ephemeral"] is True
        assert ways["allowed_mentions"].to_dict() == {"parse": []}
        assert told in asked.words[0] and "secret" not in asked.words[0]
        assert len(front.acks) == 1


def _server_error() -> Exception:
    answer: Any = SimpleNamespace(status=500, reason="")
    return discord.DiscordServerError(answer, "away")


@pytest.mark.parametrize(
    "fails",
    [aiohttp.ClientError(), TimeoutError(), _server_error()],
    ids=["connection", "time", "discord"],
)
async def test_an_answer_that_discord_does_not_take_is_left_out(fails: Exception) -> None:
    asked: Any = Interaction(fails=fails)
    front: Any = Front()
    async with kindly(front, asked):
        raise BadInput("No mug.")
    assert asked.said == [] and front.acks == []
    await taken_up(front, asked, of(interaction="12"))


async def test_a_turn_of_this_interaction_is_deferred_another_is_told() -> None:
    front: Any = Front()
    asked: Any = Interaction()
    await taken_up(front, asked, of(interaction="12"))
    assert asked.said == [("deferred", {"thinking": True})]
    asked = Interaction()
    await taken_up(front, asked, of(interaction="12"), update=True)
    assert asked.said == [("deferred", {"thinking": False})]
    asked = Interaction()
    await taken_up(front, asked, of(interaction="11"))
    assert asked.said[0][0] == "said" and "under way already" in asked.words[0]
    assert front.doubles == 1


async def test_a_time_is_told_as_the_clock_of_each_reader() -> None:
    assert "<t:1700000001:R>" in words_of(TooSoon(1_700_000_000.2, 60))


async def test_what_a_view_holds_stands_below_the_words_and_is_not_remembered() -> None:
    view = LayoutView(timeout=None)
    view.add_item(ActionRow[Any](Button[Any](label="Yes", custom_id="e1:remove:x")))
    asked: Any = Interaction()
    await tell(asked, "Sure?", view)
    ((_, ways),) = asked.said
    shown = ways["view"]
    assert [part["type"] for part in shown.to_components()] == [10, 1] and shown.is_finished()


# Who asks.


def interaction(**told: Any) -> Any:
    """What is read of an interaction."""
    may = discord.Permissions(**dict.fromkeys(told.pop("may", ()), True))
    usual: dict[str, Any] = {
        "id": 1_234_567_890_123_456_789,
        "user": SimpleNamespace(id=5, display_name="Ana" * 50),
        "channel": SimpleNamespace(id=9),
        "channel_id": 9,
        "guild_id": 3,
        "application_id": 4,
        "token": "secret",
        "filesize_limit": 0,
        "permissions": may,
        "context": SimpleNamespace(dm_channel=False),
        "is_guild_integration": lambda: True,
        "client": SimpleNamespace(get_guild=lambda _: None),
        "message": None,
        "data": {},
        "created_at": discord.utils.snowflake_time(1_234_567_890_123_456_789),
    }
    return SimpleNamespace(**usual | told)


def test_who_may_what_is_told_by_permissions() -> None:
    plain = asker_of(interaction())
    assert not plain.moderator and not plain.admin and plain.place.present
    assert plain.place.limit == 10 * 1024 * 1024 and len(plain.place.user_name) == 80
    assert asker_of(interaction(may=["manage_messages"])).moderator
    assert asker_of(interaction(may=["manage_guild"])).admin
    boss = asker_of(interaction(may=["administrator"]))
    assert boss.admin and boss.moderator


def test_where_easel_is_not_everybody_decides_for_themselves_alone() -> None:
    away = asker_of(interaction(is_guild_integration=lambda: False))
    assert not away.place.present and away.admin and not away.moderator
    assert away.place.workspace == "discord:@5"
    talk = SimpleNamespace(dm_channel=True)
    direct = asker_of(interaction(guild_id=None, context=talk))
    assert direct.place.present and direct.admin and direct.moderator
    group = asker_of(interaction(guild_id=None))
    assert not group.place.present and group.admin and not group.moderator


def test_a_press_is_the_same_as_its_double_and_a_command_is_not() -> None:
    under = SimpleNamespace(id=77)
    first = keys_of(interaction(id=1_234_567_890_123_456_789, message=under), "undo", "v1")
    second = keys_of(interaction(id=1_234_567_890_123_456_999, message=under), "undo", "v1")
    assert set(first) & set(second) and first[0] != second[0]
    other = SimpleNamespace(id=6, display_name="Ben")
    theirs = keys_of(interaction(id=2, message=under, user=other), "undo", "v1")
    assert not set(first) & set(theirs)
    whoever = keys_of(interaction(message=under), "undo", "v1", whoever=True)
    assert set(whoever) & set(
        keys_of(interaction(id=2, message=under, user=other), "undo", "v1", whoever=True)
    )
    assert len(keys_of(interaction(), "imagine", "")) == 1
    assert len(keys_of(interaction(data={"target_id": "88"}), "cutout", "")) == 3
