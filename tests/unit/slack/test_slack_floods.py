"""Who asks for more than anybody can answer fills neither this process nor Slack's tiers."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from pydantic import SecretStr
from structlog.testing import capture_logs

from adapters.chat import aside
from adapters.slack.api import Apis
from adapters.slack.identity import Identity
from adapters.slack.markup import words
from adapters.slack.people import People
from core.errors import Unavailable
from tests.waiting import wait_until

ACME = Identity(token=SecretStr("xoxb-1"), team="T1", bot_user="UB", bot_id="BB")


class Slow:
    """A Slack that answers when it is let."""

    def __init__(self) -> None:
        self.let = asyncio.Event()
        self.asked: list[str] = []

    async def all_asked(self, count: int) -> None:
        async def asked() -> bool:
            return len(self.asked) >= count

        await wait_until(asked, f"{count} people are asked for", seconds=5)

    async def of(self, team: str, enterprise: str = "") -> Slow:
        return self

    async def call(self, method: str, *, user: str, spare: bool) -> dict[str, Any]:
        self.asked.append(user)
        await self.let.wait()
        if user == "UGONE":
            raise Unavailable("Slack is away.")
        return {"user": {"name": user.lower()}}


def read(people: People, text: str) -> str:
    return words(text, bot="UB", name_of=lambda user: people.name(ACME, user))


async def test_a_message_full_of_people_asks_for_a_few_and_for_more_the_next_time() -> None:
    slack = Slow()
    people = People(cast("Apis", slack))
    crowd = " ".join(f"<@U0{number:05}>" for number in range(900))
    assert read(people, crowd).split() == ["@someone"] * 900
    await slack.all_asked(20)
    assert len(slack.asked) == 20
    slack.let.set()
    await aside.settled()
    assert read(people, crowd).startswith("@u000000 ")
    await aside.settled()
    assert len(slack.asked) == 40 and len(set(slack.asked)) == 40


async def test_only_what_can_be_somebody_is_asked_for() -> None:
    slack = Slow()
    slack.let.set()
    people = People(cast("Apis", slack))
    assert read(people, f"<@{'U' * 900}> <@u1> <@U1\u202e> <@UGONE>") == " ".join(["@someone"] * 4)
    await aside.settled()
    assert slack.asked == ["UGONE"]


async def test_what_is_told_beside_is_bounded() -> None:
    let = asyncio.Event()

    async def tell() -> None:
        await let.wait()

    with capture_logs() as logs:
        begun = [aside.soon("not_told", tell()) for _ in range(1_300)]
    assert begun == [True] * 1_000 + [False] * 300
    assert {(entry["event"], entry["log_level"]) for entry in logs} == {("not_told", "warning")}
    let.set()
    await aside.settled()
    assert aside.soon("not_told", tell())
    await aside.settled()
