"""Who counts as somebody of a workspace, and which of its channels they may read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest

from adapters.slack.accepting import check_person, is_admin
from adapters.slack.api import SlackApi
from adapters.slack.front import Front
from adapters.slack.places import Place
from adapters.slack.seeing import is_of, may_see_channel
from core.errors import NotAllowed
from core.policy.rules import Rules

HERE = Place(team="T1", channel="C1", user="U1")
PUBLIC = {"is_channel": True, "is_private": False, "context_team_id": "T2"}
MEMBER = {"id": "U1", "team_id": "T1"}


class Answers:
    """Slack's answers by method, and what was asked."""

    def __init__(self, **answers: Mapping[str, Any]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def call(self, method: str, **_: Any) -> Mapping[str, Any]:
        name = method.replace(".", "_")
        self.asked.append(name)
        return self.answers[name]

    async def of(self, team: str, enterprise: str = "") -> Answers:
        return self

    async def sees(self, place: Place, channel: str) -> bool:
        return await may_see_channel(cast("SlackApi", self), place, channel)


class Kept(dict[str, str]):
    """What is remembered, without an end."""

    async def get(self, name: str) -> str | None:  # type: ignore[override]
        return super().get(name)

    async def set(self, name: str, value: str, **_: Any) -> bool:
        self[name] = value
        return True


class Parts:
    """Of what handlers get, what is asked here."""

    def __init__(self, **answers: Mapping[str, Any]) -> None:
        self.apis = Answers(**answers)
        self.kept = Kept()


def front(**answers: Mapping[str, Any]) -> Front:
    return cast("Front", Parts(**answers))


@pytest.mark.parametrize(
    ("person", "own"),
    [
        ({"team_id": "T1"}, True),
        ({}, True),
        ({"team_id": "T2"}, False),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T1", "T2"]}}, True),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T3"]}}, False),
        ({"team_id": "T2", "enterprise_user": None}, False),
    ],
)
def test_whose_somebody_is(person: Mapping[str, Any], own: bool) -> None:
    assert is_of(person, HERE) is own


@pytest.mark.parametrize(
    ("told", "seen"),
    [
        ({}, False),
        ({"context_team_id": "T1"}, True),
        ({"shared_team_ids": ["T2", "T1"]}, True),
        ({"internal_team_ids": ["T1"]}, True),
        ({"context_team_id": None, "shared_team_ids": None}, False),
    ],
)
async def test_public_in_another_workspace_of_the_organisation_is_not_public_here(
    told: Mapping[str, Any], seen: bool
) -> None:
    slack = Answers(
        conversations_info={"channel": {**PUBLIC, **told}},
        conversations_members={"members": ["U9"]},
        users_info={"user": MEMBER},
    )
    whole = HERE.model_copy(update={"enterprise": "E1"})
    assert await slack.sees(whole, "C2") is seen
    slack.answers["conversations_members"] = {"members": ["U1"]}
    assert await slack.sees(whole, "C2"), "whoever is in it may read it"


async def test_a_guest_of_whom_the_event_does_not_tell_is_a_guest() -> None:
    slack = Answers(
        conversations_info={"channel": PUBLIC},
        conversations_members={"members": ["U9"]},
        users_info={"user": {"id": "U1", "team_id": "T7"}},
    )
    assert not await slack.sees(HERE, "C2")
    slack.answers["users_info"] = {"user": MEMBER}
    assert await slack.sees(HERE, "C2")


async def test_members_only_is_asked_where_the_event_does_not_tell() -> None:
    guest = front(users_info={"user": {"id": "U1", "team_id": "T7"}})
    with pytest.raises(NotAllowed, match="members"):
        await check_person(guest, HERE, Rules(who="members"))
    await check_person(front(users_info={"user": MEMBER}), HERE, Rules(who="members"))


async def test_an_admin_of_one_workspace_is_none_in_the_next_of_the_organisation() -> None:
    parts = front(users_info={"user": {**MEMBER, "is_admin": True}})
    first = HERE.model_copy(update={"enterprise": "E1", "user_team": "T1"})
    second = first.model_copy(update={"team": "T2"})
    assert await is_admin(parts, first)
    assert not await is_admin(parts, second)


async def test_an_admin_elsewhere_is_none_here() -> None:
    boss = front(users_info={"user": {"id": "U1", "team_id": "T7", "is_owner": True}})
    assert not await is_admin(boss, HERE)
