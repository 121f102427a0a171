"""The bytes of files at Discord: from its own hosts only, without a token, never past a bound.

An address that has expired is told apart, because there may be a fresh one in the message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import urljoin

import aiohttp

from adapters.chat import downloads
from adapters.discord.addresses import Addresses
from adapters.discord.refusals import DiscordLater
from core.engines.waits import wait_named
from core.errors import NotAllowed, NotFound
from core.turns.attention import waiting

_PAUSE = 0.5
_TRIES = 3
_LONGEST_PAUSE = 5.0
_GONE = (401, 403, 404, 410)


class Expired(NotFound):
    """An address at which there is nothing any more; there may be a fresh one."""


class Cdn:
    """Where Discord keeps files. `close` it at the end.

    `api_url` is the API's address where it is not Discord's own; `pause` are the seconds before
    what failed is tried again, where Discord names none.
    """

    def __init__(self, api_url: str | None, *, pause: float = _PAUSE) -> None:
        self._addresses = Addresses(api_url)
        self._pause = pause
        self._session: aiohttp.ClientSession | None = None

    def own(self, url: str) -> bool:
        """Whether an address is one of Discord's files."""
        return self._addresses.own(url)

    async def get(self, url: str, *, most: int) -> bytes:
        """The bytes behind an address.

        Raises:
            NotAllowed: not an address of Discord's.
            Expired: nothing is there any more.
            TooLarge: more than `most` bytes.
            DiscordLater: Discord does not answer, or breaks off again and again.
        """
        if not self.own(url):
            raise _elsewhere()
        for tries_left in reversed(range(_TRIES)):
            try:
                return await self._once(url, most)
            except DiscordLater as later:
                if not tries_left or later.seconds > _LONGEST_PAUSE:
                    raise
                pause = later.seconds
            await asyncio.sleep(pause)
        raise AssertionError("the last try gives or raises")

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _once(self, url: str, most: int) -> bytes:
        if self._session is None:
            self._session = downloads.file_session()
        try:
            async with waiting():
                data, _ = await downloads.download(
                    self._session, url, _Site(self._addresses, self._pause), most=most
                )
            return data
        except downloads.Astray:
            failure: NotAllowed | DiscordLater = _elsewhere()
        except downloads.LOST as error:
            failure = _later(type(error).__name__, self._pause)
        raise failure


class _Site:
    """Discord's side of a download."""

    def __init__(self, addresses: Addresses, pause: float) -> None:
        self._addresses = addresses
        self._pause = pause

    def check(self, status: int, headers: Mapping[str, str]) -> None:
        if status == 200:
            return
        if status in _GONE:
            raise Expired("That file is not in Discord any more.", hint="Send it again.")
        named = {name.lower(): value for name, value in headers.items()}
        wait = wait_named(named, "")
        raise _later(f"status {status}", self._pause if wait is None else wait)

    def moved(self, url: str, location: str) -> str:
        target = urljoin(url, location)
        if not self._addresses.own(target):
            raise _elsewhere()
        return target


def _later(admin: str, seconds: float) -> DiscordLater:
    return DiscordLater(seconds, admin=f"download: {admin}")


def _elsewhere() -> NotAllowed:
    return NotAllowed(
        "That is not an address of Discord's files, so I left it alone.",
        hint="Send the picture itself.",
        code="foreign_address",
    )
