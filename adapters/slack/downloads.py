"""The bytes of a file at Slack: from its own hosts only, and never past a bound."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import aiohttp
from pydantic import SecretStr

from adapters.slack.connections import Connections
from adapters.slack.refusals import SlackLater, SlackRefusal
from core.errors import TooLarge

_MOST_HOPS = 3
_PIECE = 1 << 16
_PAUSE = 0.5
_REDIRECTS = (301, 302, 303, 307, 308)


def elsewhere() -> SlackRefusal:
    """An address that is not Slack's, in what should be a file's."""
    return SlackRefusal(
        "That is not an address of Slack's, so I left it alone.",
        hint="Send the picture itself.",
        slack_error="foreign_address",
        method="download",
    )


def wants_sign_in() -> SlackRefusal:
    """Slack gave a page to sign in at instead of the file."""
    return SlackRefusal(
        "Slack does not let me read files here: the permission files:read is missing.",
        hint="Ask an admin to add that scope and to install me again.",
        slack_error="missing_scope",
        method="download",
        needed="files:read",
    )


async def download(
    connections: Connections, url: str, *, token: SecretStr, most: int
) -> tuple[bytes, str]:
    """The bytes, and their type as Slack names it; raises as SlackApi.download says."""
    for _ in range(_MOST_HOPS):
        found = await _got(connections, url, token, most)
        if not isinstance(found, str):
            return found
        url = _next(connections, url, found)
    raise elsewhere()


async def _got(
    connections: Connections, url: str, token: SecretStr, most: int
) -> tuple[bytes, str] | str:
    """The file, or where it says that the file is."""
    headers = {
        "Authorization": f"Bearer {token.get_secret_value()}",
        "Accept-Encoding": "identity",
    }
    try:
        async with connections.files.get(
            url, headers=headers, proxy=connections.proxy, allow_redirects=False
        ) as response:
            if response.status in _REDIRECTS:
                return response.headers.get("Location", "")
            _check_status(response.status)
            return await _body(response, most), response.content_type
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        lost = SlackLater(_PAUSE, method="download", admin=type(error).__name__)
    raise lost


def _check_status(status: int) -> None:
    if status == 200:
        return
    if status in (401, 403):
        raise wants_sign_in()
    if status in (404, 410):
        raise SlackRefusal(
            "That file is not in Slack any more.",
            hint="Send it again.",
            slack_error="file_not_found",
            method="download",
        )
    raise SlackLater(_PAUSE, method="download", admin=f"status {status}")


async def _body(response: aiohttp.ClientResponse, most: int) -> bytes:
    body = bytearray()
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise SlackLater(_PAUSE, method="download", admin="a compression not asked for")
    if (response.content_length or 0) > most:
        raise _too_large(most)
    async for piece in response.content.iter_chunked(_PIECE):
        body += piece
        if len(body) > most:
            raise _too_large(most)
    return bytes(body)


def _too_large(most: int) -> TooLarge:
    return TooLarge(
        "That file is larger than I take.", hint=f"Keep it under {most // 1_000_000} MB."
    )


def _next(connections: Connections, url: str, location: str) -> str:
    """A redirect stays at its host; one that leads elsewhere within Slack leads to the sign-in."""
    target = urljoin(url, location)
    if not connections.addresses.own(target):
        raise elsewhere()
    if urlsplit(target).netloc != urlsplit(url).netloc:
        raise wants_sign_in()
    return target
