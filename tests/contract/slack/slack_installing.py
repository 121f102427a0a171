"""Somebody who installs the app in a browser: Slack's page of consent, and the way back."""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
from yarl import URL

from tests.contract.slack.slack_delivery import Answer
from tests.contract.slack.slack_oauth import Code, Registration
from tests.contract.slack.slack_world import Team, World

_CONSENT = re.compile(r"https?://[^\"'<>\s]+/oauth/v2/authorize\?[^\"'<>\s]+")
_TEN_MINUTES = 600


def agree(
    world: World,
    app: Registration,
    authorize_url: str,
    team: Team,
    enterprise: str,
    rotating: bool,
) -> str:
    """Where Slack sends somebody who agrees. Raises AssertionError for what it would not show."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(authorize_url).query).items()}
    if asked.get("client_id") != app.client_id:
        raise AssertionError(f"Slack knows no client {asked.get('client_id')}")
    code = secrets.token_urlsafe(16)
    app.codes[code] = Code(
        "" if enterprise else team.id,
        enterprise,
        world.new_id("U"),
        frozenset(asked.get("scope", "").split(",")),
        rotating,
        asked.get("redirect_uri", ""),
        world.clock() + _TEN_MINUTES,
    )
    answer = urlencode({"code": code, "state": asked.get("state", "")})
    return f"{asked.get('redirect_uri') or app.redirect_url}?{answer}"


async def walk_through(install_url: str, decide: Callable[[str], str]) -> Answer:
    """From the app's page to Slack's and back, cookies kept; gives the page at the end."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as browser:
        async with browser.get(install_url, allow_redirects=False) as page:
            said = page.headers.get("Location", "") + " " + html.unescape(await page.text())
            cookies = {name: morsel.value for name, morsel in page.cookies.items()}
        found = _CONSENT.search(said)
        if found is None:
            return Answer(page.status, said.encode())
        back = _beside(install_url, decide(found[0]))
        async with browser.get(back, cookies=cookies, allow_redirects=False) as end:
            return Answer(end.status, await end.read(), dict(end.headers))


def _beside(install_url: str, redirect: str) -> URL:
    """The redirect at the address where the app really listens."""
    here, there = urlsplit(install_url), urlsplit(redirect)
    return URL(f"{here.scheme}://{here.netloc}{there.path}?{there.query}", encoded=True)
