"""Calls to Discord: discord.py's client for pace and repeats, our words for what goes wrong.

The gateway's process lends the client that discord.py has logged in; a worker has one of its own,
without a gateway, logged in when it is first needed. Nothing that is sent pings anybody.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
from discord.http import HTTPClient, MultipartParameters, Route, handle_message_parameters
from discord.ui import LayoutView
from pydantic import SecretStr

from adapters.discord.refusals import DiscordLater, DiscordRefusal
from core.turns.attention import waiting

MOST_WAITED = 30.0
"""Seconds that a call waits for its turn under Discord's limits; beyond that it is tried later."""
_CALL_SECONDS = 90.0
_AGAIN_SECONDS = 2.0

_FOLLOWUP = "/webhooks/{webhook_id}/{webhook_token}"
_ORIGINAL = f"{_FOLLOWUP}/messages/@original"
_CHANNEL = "/channels/{channel_id}"

Login = Callable[[], Awaitable[HTTPClient]]


@dataclass(frozen=True)
class Upload:
    """A file that goes with a message; `alt` is what it shows, for those who do not see it."""

    name: str
    data: bytes
    alt: str = ""


@dataclass(frozen=True)
class Outgoing:
    """A message of ours: components (version 2), and the files that they name.

    `files` None: an edit leaves those that stand there.
    """

    view: LayoutView
    files: Sequence[Upload] | None = ()


class Rest:
    """Calls as the bot. Every call raises DiscordRefusal and DiscordLater."""

    def __init__(self, login: Login) -> None:
        self._login = login

    async def send(
        self, channel: str, message: Outgoing, *, nonce: str, reply_to: str = ""
    ) -> dict[str, Any]:
        """Post a message. The same nonce within some minutes gives the message that is there."""
        reference = {"message_id": reply_to, "fail_if_not_exists": False} if reply_to else None
        route = Route("POST", f"{_CHANNEL}/messages", channel_id=channel)
        with _parameters(message, nonce=nonce, reference=reference) as params:
            return dict(await self._sent(route, params))

    async def edit(self, channel: str, id: str, message: Outgoing) -> dict[str, Any]:
        """Let a message of ours say something else, with these files and no others."""
        route = Route("PATCH", f"{_CHANNEL}/messages/{{id}}", channel_id=channel, id=id)
        with _parameters(message, editing=True) as params:
            return dict(await self._sent(route, params))

    async def edit_original(self, app: str, token: str, message: Outgoing) -> dict[str, Any]:
        """The same for the response to an interaction; its token lives for 15 minutes."""
        route = Route("PATCH", _ORIGINAL, webhook_id=app, webhook_token=token)
        with _parameters(message, editing=True) as params:
            return dict(await self._sent(route, params))

    async def whisper(self, app: str, token: str, message: Outgoing) -> None:
        """A message after the response to an interaction, which only its person sees."""
        route = Route("POST", _FOLLOWUP, webhook_id=app, webhook_token=token)
        with _parameters(message, flags=discord.MessageFlags(ephemeral=True)) as params:
            await self._sent(route, params)

    async def original(self, app: str, token: str) -> dict[str, Any]:
        """The response to an interaction, as it stands."""
        return dict(await self._call(Route("GET", _ORIGINAL, webhook_id=app, webhook_token=token)))

    async def call(self, method: str, path: str, *, json: Any = None, **more: Any) -> Any:
        """Any other call. `path` has its ids in braces; `more` are those ids, and `params`.

        The ids `channel_id`, `guild_id` and `webhook_id` decide by which limits it goes.
        """
        params = more.pop("params", None)
        extra = {} if json is None else {"json": json}
        extra |= {} if params is None else {"params": params}
        return await self._call(Route(method, path, **more), **extra)

    async def _sent(self, route: Route, params: MultipartParameters) -> Any:
        if params.files:
            return await self._call(route, files=params.files, form=params.multipart)
        return await self._call(route, json=params.payload)

    async def _call(self, route: Route, **more: Any) -> Any:
        async with waiting(), _in_words(route):
            http = await self._login()
            return await http.request(route, **more)


class Worker:
    """A client without a gateway, for one token. `close` it at the end."""

    def __init__(self, token: SecretStr) -> None:
        self._token = token
        self._http: HTTPClient | None = None
        self._lock = asyncio.Lock()

    async def login(self) -> HTTPClient:
        """The client, logged in. Raises what discord.py raises."""
        async with self._lock:
            if self._http is None:
                http = HTTPClient(asyncio.get_running_loop(), max_ratelimit_timeout=MOST_WAITED)
                try:
                    await http.static_login(self._token.get_secret_value().strip())
                except BaseException:
                    await http.close()
                    raise
                self._http = http
            return self._http

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()


class _File(discord.File):
    """A file as Discord's description wants it named: by a text, where discord.py has a number."""

    def to_dict(self, index: int) -> dict[str, Any]:
        return {**super().to_dict(index), "id": str(index)}


def _parameters(
    message: Outgoing,
    *,
    nonce: str | None = None,
    reference: Any = None,
    flags: discord.MessageFlags | None = None,
    editing: bool = False,
) -> MultipartParameters:
    keeps_none = editing and message.files is not None
    files = [
        _File(io.BytesIO(each.data), each.name, description=each.alt or None)
        for each in message.files or ()
    ]
    carried: dict[str, Any] = {"attachments": files} if files or keeps_none else {}
    if flags is not None:
        carried["flags"] = flags
    if reference is not None:
        carried["message_reference"] = reference
    return handle_message_parameters(
        view=message.view,
        nonce=nonce,
        allowed_mentions=discord.AllowedMentions.none(),
        **carried,
    )


@contextlib.asynccontextmanager
async def _in_words(route: Route) -> AsyncIterator[None]:
    """What goes wrong in a call, as errors of ours. Nothing of a path with a token is told."""
    what = f"{route.method} {route.path}"
    try:
        async with asyncio.timeout(_CALL_SECONDS):
            yield
    except discord.RateLimited as limited:
        raise DiscordLater(limited.retry_after, admin=f"{what}: rate limited") from None
    except discord.LoginFailure:
        raise DiscordRefusal(0, 401, admin=f"{what}: the token is not valid") from None
    except discord.HTTPException as error:
        raise _refused(error, what) from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        admin = f"{what}: {type(error).__name__}"
        raise DiscordLater(_AGAIN_SECONDS, admin=admin, uncertain=True) from None


def _refused(error: discord.HTTPException, what: str) -> DiscordRefusal | DiscordLater:
    told = f"{what}: {error.status} {error.code} {error.text[:300]}"
    if error.status == 429 or error.status >= 500:
        return DiscordLater(_AGAIN_SECONDS, admin=told, uncertain=error.status >= 500)
    return DiscordRefusal(error.code, error.status, admin=told)
