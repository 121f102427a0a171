"""Files come from Discord's own hosts, within bounds, and an expired address is told apart."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from adapters.chat import downloads
from adapters.chat.addresses import PublicResolver
from adapters.discord.addresses import Addresses
from adapters.discord.downloads import Cdn, Expired
from adapters.discord.refusals import DiscordLater
from core.errors import NotAllowed, TooLarge
from tests.waiting import moment

MUG = bytes(range(256)) * 1_000
LIVE = Addresses(None)
HERE = Addresses("http://127.0.0.1:4000/api/v10")

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Host:
    """A host of files on loopback that answers as the test says, the last answer for good."""

    url: str = ""
    answers: list[Answer] = field(default_factory=list)
    asked: list[web.Request] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return await answer(request)

    def file(self, name: str = "mug.png") -> str:
        return f"{self.url}/attachments/1/2/{name}?ex=1&is=2&hm=3&"


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    host = Host()
    app = web.Application()
    app.router.add_get("/{tail:.*}", host.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield host
    await runner.cleanup()


@pytest.fixture
async def cdn(host: Host) -> AsyncIterator[Cdn]:
    cdn = Cdn(f"{host.url}/api/v10", pause=0.01)
    yield cdn
    await cdn.close()


def status(code: int, **headers: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=code, headers=named, text="This content is no longer available.")

    return answer


async def mug(request: web.Request) -> web.StreamResponse:
    return web.Response(body=MUG, content_type="image/png")


async def breaks_off(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": str(len(MUG))})
    await response.prepare(request)
    await response.write(MUG[:1_000])
    assert request.transport is not None
    request.transport.abort()
    return response


async def test_a_file_is_fetched_without_a_token_and_as_it_is(host: Host, cdn: Cdn) -> None:
    host.answers = [mug]
    assert await cdn.get(host.file(), most=len(MUG)) == MUG
    (asked,) = host.asked
    assert asked.path_qs == "/attachments/1/2/mug.png?ex=1&is=2&hm=3&"
    assert asked.headers["Accept-Encoding"] == "identity"
    assert "Authorization" not in asked.headers and "Cookie" not in asked.headers


@pytest.mark.parametrize("code", [401, 403, 404, 410])
async def test_an_expired_address_is_told_apart_at_once(host: Host, cdn: Cdn, code: int) -> None:
    host.answers = [status(code)]
    with pytest.raises(Expired) as expired:
        await cdn.get(host.file(), most=10)
    assert expired.value.hint == "Send it again."
    assert len(host.asked) == 1


@pytest.mark.parametrize("trouble", [status(500), status(503), status(429), breaks_off])
async def test_trouble_on_the_way_is_tried_again(host: Host, cdn: Cdn, trouble: Answer) -> None:
    host.answers = [trouble, trouble, mug]
    assert await cdn.get(host.file(), most=len(MUG)) == MUG
    host.answers, host.asked = [trouble], []
    with pytest.raises(DiscordLater):
        await cdn.get(host.file(), most=len(MUG))
    assert len(host.asked) == 3


async def test_a_wait_that_discord_names_is_kept(host: Host, cdn: Cdn) -> None:
    host.answers = [status(429, Retry_After="120")]
    with pytest.raises(DiscordLater) as later:
        await cdn.get(host.file(), most=10)
    assert later.value.seconds == 120
    assert len(host.asked) == 1, "nobody stands and waits for minutes"
    host.answers = [status(429, Retry_After="0.2"), mug]
    before = asyncio.get_running_loop().time()
    await cdn.get(host.file(), most=len(MUG))
    assert asyncio.get_running_loop().time() - before >= 0.2


async def test_a_host_that_is_away_is_said_to_be(cdn: Cdn, host: Host) -> None:
    gone = Cdn("http://127.0.0.1:9/api/v10", pause=0.01)
    with pytest.raises(DiscordLater) as later:
        await gone.get("http://127.0.0.1:9/attachments/1/2/x.png?hm=secret", most=10)
    assert "secret" not in later.value.admin and later.value.message
    await gone.close()


async def test_a_size_that_is_said_is_believed_before_a_byte_is_read(host: Host, cdn: Cdn) -> None:
    host.answers = [mug]
    with pytest.raises(TooLarge) as large:
        await cdn.get(host.file(), most=len(MUG) - 1)
    assert large.value.hint
    assert len(host.asked) == 1


async def test_a_file_without_end_is_let_go_at_the_bound(host: Host, cdn: Cdn) -> None:
    written, over = 0, asyncio.Event()

    async def without_end(request: web.Request) -> web.StreamResponse:
        nonlocal written
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(request)
        try:
            while written < 100_000_000:
                await response.write(bytes(100_000))
                written += 100_000
        except ConnectionError:
            over.set()
        return response

    host.answers = [without_end]
    with pytest.raises(TooLarge):
        await cdn.get(host.file(), most=1_000_000)
    await asyncio.wait_for(over.wait(), 10)
    assert written < 50_000_000


async def test_a_compression_nobody_asked_for_is_refused(host: Host, cdn: Cdn) -> None:
    async def squeezed(request: web.Request) -> web.StreamResponse:
        headers = {"Content-Encoding": "gzip"}
        return web.Response(body=gzip.compress(bytes(10_000_000)), headers=headers)

    host.answers = [squeezed]
    with pytest.raises(DiscordLater):
        await cdn.get(host.file(), most=1_000_000)


async def test_redirects_stay_with_discord(host: Host, cdn: Cdn) -> None:
    host.answers = [status(302, Location="/attachments/1/2/other.png"), mug]
    assert await cdn.get(host.file(), most=len(MUG)) == MUG
    assert host.asked[-1].path == "/attachments/1/2/other.png"


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:1/x",
        "https://evil.example/x.png",
        "//evil.example/x.png",
        "file:///etc/passwd",
        "https://user@cdn.discordapp.com/x",
        "",
    ],
)
async def test_no_redirect_leads_away(host: Host, cdn: Cdn, location: str) -> None:
    host.answers = [status(302, Location=location)]
    with pytest.raises(NotAllowed) as refused:
        await cdn.get(host.file(), most=10)
    assert refused.value.code == "foreign_address"
    assert len(host.asked) == (1 if location else 3)


async def test_a_ring_of_redirects_is_left(host: Host, cdn: Cdn) -> None:
    host.answers = [status(307, Location="/attachments/1/2/mug.png")]
    with pytest.raises(NotAllowed):
        await cdn.get(host.file(), most=10)
    assert len(host.asked) == 3


async def test_nothing_is_asked_of_another_host(host: Host, cdn: Cdn) -> None:
    host.answers = [mug]
    for url in (host.url.replace("127.0.0.1", "127.0.0.1@evil.example"), "http://10.0.0.1/x", ""):
        with pytest.raises(NotAllowed):
            await cdn.get(url, most=10)
    live = Cdn(None)
    with pytest.raises(NotAllowed):
        await live.get(host.file(), most=10)
    assert not host.asked
    await live.close()


async def test_a_cancelled_download_lets_its_connection_go(host: Host, cdn: Cdn) -> None:
    begun, over = asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        begun.set()
        while request.transport is not None and not request.transport.is_closing():
            await moment(0.01)
        over.set()
        return response

    host.answers = [slow]
    fetching = asyncio.create_task(cdn.get(host.file(), most=10_000))
    await asyncio.wait_for(begun.wait(), 10)
    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching
    await asyncio.wait_for(over.wait(), 10)


async def test_names_are_looked_up_by_what_refuses_the_inner_net() -> None:
    async with downloads.file_session() as session:
        connector = session.connector
        assert isinstance(getattr(connector, "_resolver", None), PublicResolver)
    async with downloads.file_session(proxied=True) as session:
        assert not isinstance(getattr(session.connector, "_resolver", None), PublicResolver)


@pytest.mark.parametrize(
    "url",
    [
        "https://cdn.discordapp.com/attachments/1/2/mug.png?ex=1&is=2&hm=3&",
        "https://CDN.discordapp.com:443/ephemeral-attachments/1/2/mug.png",
        "https://media.discordapp.net/external/abc/https/example.org/a.png",
    ],
)
def test_discords_own(url: str) -> None:
    assert LIVE.own(url)
    assert HERE.own(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.discordapp.com/x",
        "https://discordapp.com/x",
        "https://discord.com/api/v10/users/@me",
        "https://evil.cdn.discordapp.com/x",
        "https://cdn.discordapp.com.evil.example/x",
        "https://cdn.discordapp.com@evil.example/x",
        "https://user:pass@cdn.discordapp.com/x",
        "https://cdn.discordapp.com:8443/x",
        "https://evil.example\\@cdn.discordapp.com/x",
        "https://evil.example/?cdn.discordapp.com",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x",
        "https://[bad/x",
        "https://cdn.discordapp.com:port/x",
        "file:///etc/passwd",
        "//cdn.discordapp.com/x",
        "",
    ],
)
def test_nobody_elses(url: str) -> None:
    assert not LIVE.own(url)
    assert not HERE.own(url)


def test_this_machine_only_where_discord_is_said_to_be_here() -> None:
    for url in ("http://127.0.0.1:4000/x", "http://localhost:4000/x"):
        assert HERE.own(url)
        assert not LIVE.own(url)
    assert not HERE.own("http://127.0.0.1:4001/x")
    assert not HERE.own("http://10.0.0.1:4000/x")
    assert not Addresses("http://10.0.0.1:4000/api/v10").own("http://10.0.0.1:4000/x")
