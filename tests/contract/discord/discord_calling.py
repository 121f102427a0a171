"""One call as the methods see it, and the table of all methods."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.contract.discord.discord_refusing import Refused
from tests.contract.discord.discord_world import Channel, Guild, Message, World


@dataclass
class Upload:
    """A file of a request, by the number in its field's name."""

    number: int
    name: str
    data: bytes


@dataclass(frozen=True)
class SentFile:
    name: str
    size: int
    sha256: str

    @classmethod
    def of(cls, upload: Upload) -> SentFile:
        return cls(upload.name, len(upload.data), hashlib.sha256(upload.data).hexdigest())


@dataclass
class Call:
    """One request as it arrived, and what was answered (status 0: nothing yet, or never)."""

    method: str
    path: str
    query: dict[str, str]
    json: Any
    files: list[SentFile]
    token: str
    at: float
    status: int = 0
    answer: Any = None

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


@dataclass
class Calling:
    """What a method gets: the body, files, the parts of the path."""

    world: World
    parts: dict[str, str]
    query: dict[str, str]
    body: Any = field(default_factory=dict)
    uploads: list[Upload] = field(default_factory=list)

    def channel(self) -> Channel:
        found = self.world.channels.get(self.parts["channel"])
        if found is None:
            raise Refused(10003)
        return found

    def message(self) -> Message:
        """The message that the path names; ephemeral ones are not found this way."""
        found = self.world.messages.get(self.parts["message"])
        if found is None or found.channel != self.parts["channel"] or found.only_for:
            raise Refused(10008)
        return found

    def guild(self) -> Guild:
        found = self.world.guilds.get(self.parts["guild"])
        if found is None or not found.bot:
            raise Refused(10004)
        return found


Answered = tuple[int, Any]
Run = Callable[[Calling], Answered]


@dataclass(frozen=True)
class Method:
    """`token`: wants the bot's token. `limited`: counts for the limit of the whole app."""

    run: Run
    pattern: re.Pattern[str]
    template: str
    token: bool


METHODS: dict[str, list[Method]] = {}


def method(verb: str, template: str, *, token: bool = True) -> Callable[[Run], Run]:
    """Register a method; parts in braces are given to it by their names."""

    def register(run: Run) -> Run:
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))
        METHODS.setdefault(verb, []).append(Method(run, pattern, template, token))
        return run

    return register


def find(verb: str, path: str) -> tuple[Method, dict[str, str]]:
    """Raises Refused when there is no such method; literal paths come before others."""
    fitting = [
        (one, found) for one in METHODS.get(verb, []) if (found := one.pattern.fullmatch(path))
    ]
    if not fitting:
        raise Refused(0, status=404)
    best, found = min(fitting, key=lambda each: each[0].template.count("{"))
    return best, found.groupdict()
