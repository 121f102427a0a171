"""The connections of a process to Slack: some to its API, some to where it keeps files.

Cookies are not kept: they would carry one workspace's calls into another's.
"""

from __future__ import annotations

import aiohttp
from slack_sdk.proxy_env_variable_loader import load_http_proxy_from_env

from adapters.chat.downloads import file_session
from adapters.slack.addresses import Addresses

_CALL = aiohttp.ClientTimeout(total=20.0, sock_connect=5.0)


class Connections:
    """Opened when they are first needed, so that they belong to the loop that uses them."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url if base_url.endswith("/") else f"{base_url}/"
        self.addresses = Addresses(self.base_url)
        self.proxy = None if self.addresses.are_local else load_http_proxy_from_env()
        self._calls: aiohttp.ClientSession | None = None
        self._files: aiohttp.ClientSession | None = None

    @property
    def calls(self) -> aiohttp.ClientSession:
        """To the API."""
        if self._calls is None:
            self._calls = aiohttp.ClientSession(timeout=_CALL, cookie_jar=aiohttp.DummyCookieJar())
        return self._calls

    @property
    def files(self) -> aiohttp.ClientSession:
        """To addresses that Slack names. With a proxy, it is the proxy that looks names up."""
        if self._files is None:
            self._files = file_session(proxied=self.proxy is not None)
        return self._files

    async def close(self) -> None:
        for session in (self._calls, self._files):
            if session is not None:
                await session.close()
        self._calls = self._files = None
