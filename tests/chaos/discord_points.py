"""The calls at which the program dies while it shows a turn in Discord, and turns that stand there.

standing = await stood(stage, BY_COMMAND)
await stage.server.kill()
broken_off(stage, standing)                        # whoever made those calls has gone
await stage.starts()
await standing["thread opened, not known"].check()
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count

from tests.chaos.discord_stage import Asked, DiscordStage
from tests.contract.discord.discord_calling import Call
from tests.contract.discord.discord_faults import Chosen
from tests.contract.trouble import Hold

CALLBACK = ("POST", "/interactions/*/*/callback")
ORIGINAL = ("PATCH", "/webhooks/*/*/messages/@original")
THREAD = ("POST", "/channels/*/messages/*/threads")
MEMBER = ("PUT", "/channels/*/thread-members/*")
POST = ("POST", "/channels/*/messages")
EDIT = ("PATCH", "/channels/*/messages/*")

_numbers = count(1)


@dataclass(frozen=True)
class Point:
    """A call at which the program dies: before it is carried out, or `after` it and unanswered.

    `files`: the call brings pictures. `drawing`: before the picture is there, so that the provider,
    which nobody can ask about it, draws again.
    """

    call: tuple[str, str]
    after: bool = False
    files: bool = False
    drawing: bool = False


DEFERRAL = {
    "accepted, not deferred": Point(CALLBACK),
    "deferred, not known": Point(CALLBACK, after=True),
}
BY_COMMAND = {
    "deferred, nothing said": Point(ORIGINAL, drawing=True),
    "drawn, nothing said": Point(ORIGINAL),
    "placeholder there, not known": Point(ORIGINAL, after=True),
    "no thread": Point(THREAD),
    "thread opened, not known": Point(THREAD, after=True),
    "thread opened, leads nowhere": Point(MEMBER, after=True),
    "thread there, no preview": Point(ORIGINAL, files=True, drawing=True),
    "preview there, not known": Point(ORIGINAL, files=True, drawing=True, after=True),
    "thread there, no result": Point(ORIGINAL, files=True),
    "result there, not known": Point(ORIGINAL, files=True, after=True),
}
BY_MESSAGE = {
    "said, no thread": Point(THREAD, drawing=True),
    "said, thread opened, not known": Point(THREAD, after=True),
    "not posted": Point(POST),
    "posted, not known": Point(POST, after=True),
    "posted while drawing, not known": Point(POST, after=True, drawing=True),
    "posted, no result": Point(EDIT, files=True),
    "posted, result there, not known": Point(EDIT, files=True, after=True),
}


def new_words() -> str:
    """Words that nobody has said before."""
    return f"a red mug with the mark m{next(_numbers)}"


class Standing:
    """A session whose first turn stands still at a point."""

    def __init__(self, stage: DiscordStage, point: Point, *, by_command: bool) -> None:
        self.asked = Asked(stage.channel(), "", "", [new_words()])
        self._stage = stage
        self._point = point
        self._by_command = by_command
        self._hold: Hold[Call] | None = None

    async def reaches(self) -> None:
        """Ask for it, and wait until it stands there."""
        stage, point, asked = self._stage, self._point, self.asked
        [words] = asked.words
        stage.provider.held = asyncio.Event() if point.drawing else None
        chosen = with_files(stage.about(asked.channel), point.files)
        self._hold = stage.fake.hold(*point.call, after=point.after, when=chosen)
        if self._by_command:
            await stage.sends(asked)
        else:
            await stage.mentions(asked)
        await self._hold.reached()
        if point.drawing:
            await stage.provider.until_drawing(lambda: bool(stage.calls_for(words)))
        else:
            await stage.drawn(asked)

    def broken_off(self) -> None:
        """Whoever made the call has gone."""
        assert self._hold is not None
        self._hold.drop()

    def goes_on(self) -> None:
        """The call is carried out and answered after all."""
        assert self._hold is not None
        self._hold.release()

    async def is_right(self) -> bool:
        """Whether there is one result, as far as can be seen now."""
        try:
            self._stage.check(self.asked)
        except (AssertionError, ValueError):
            return False
        return True

    async def check(self) -> None:
        """It comes to one result, and only what nobody can know was drawn twice."""
        await self._stage.shown(self.asked)
        self._stage.check(self.asked)
        calls = self._stage.calls_for(self.asked.words[0])
        assert len(calls) == (2 if self._point.drawing else 1)


def with_files(chosen: Chosen, files: bool) -> Chosen:
    """Chooses those of the calls that bring files, or those that do not."""

    def when(call: Call) -> bool:
        return bool(call.files) == files and chosen(call)

    return when


async def stood(
    stage: DiscordStage, points: Mapping[str, Point], *, by_command: bool = True
) -> dict[str, Standing]:
    """Sessions that stand at those points, one at each."""
    standing = {}
    for name, point in points.items():
        standing[name] = Standing(stage, point, by_command=by_command)
        await standing[name].reaches()
    return standing


def broken_off(stage: DiscordStage, standing: Mapping[str, Standing]) -> None:
    """Whoever made all those calls has gone; whatever follows is drawn at once."""
    for each in standing.values():
        each.broken_off()
    stage.provider.held = None


async def go_on(stage: DiscordStage, sessions: Iterable[Asked]) -> None:
    """A word in each thread: it leads to its session, whatever died while it was opened."""
    asked = list(sessions)
    for each in asked:
        await stage.replies(each, f"paint a white rim on {each.words[0]}")
    for each in asked:
        await stage.shown(each)
        stage.check(each)
        assert len(stage.calls_for(each.words[-1])) == 1
