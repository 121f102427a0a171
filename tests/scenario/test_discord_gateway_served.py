"""The real `easel serve` beside a Discord: it hears and says so, and survives trouble there."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx

from tests.chaos.easel_process import EaselProcess, free_port
from tests.contract.discord.fake_discord import FakeDiscord


@contextlib.asynccontextmanager
async def serving(folder: Path, fake: FakeDiscord, **more: str) -> AsyncIterator[httpx.AsyncClient]:
    """The process, once it answers; ended politely."""
    port = free_port()
    settings = {
        "EASEL_DATA_DIR": str(folder / "data"),
        "EASEL_PORT": str(port),
        "EASEL_PIXEL_WORKERS": "1",
        "DISCORD_TOKEN": fake.token,
        "DISCORD_API_URL": fake.api_url,
        "DISCORD_GATEWAY_URL": fake.gateway_url,
    }
    server = EaselProcess("serve", folder, settings | more)
    try:
        await server.start()
        await server.said("Discord: events come over its gateway")
        address = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
            yield client
        assert await server.end() == 0
        assert "Traceback" not in server.log.read_text()
    finally:
        await server.leave_nothing()


async def test_it_hears_draws_and_counts(tmp_path: Path) -> None:
    async with FakeDiscord() as fake:
        guild = fake.guild("pottery")
        design, ana = guild.channel("design"), fake.person("ana", guild)
        async with serving(tmp_path, fake) as client:
            await fake.gateway.connected()
            answer = await ana.slash(design, "imagine", prompt="a red mug", size="64x64")
            assert answer.type == 5
            told = await answer.message()
            await fake.until(lambda: told.attachments, "a picture", seconds=60)
            metrics = (await client.get("/metrics")).text
        assert 'easel_ack_seconds_count{platform="discord"} 1.0' in metrics
        assert fake.invalid == [] and fake.pinging() == []
        assert fake.gateway.living == [], "it left politely"


async def test_a_wrong_token_does_not_keep_the_workspace_from_its_work(tmp_path: Path) -> None:
    async with FakeDiscord() as fake, serving(tmp_path, fake, DISCORD_TOKEN="wrong") as client:
        await fake.until(lambda: fake.called("GET", "/users/@me"), "it asks")
        assert (await client.get("/healthz")).is_success
        assert fake.gateway.identified == []
    log = (tmp_path / "serve-1.log").read_text()
    assert "discord_token_refused" in log and "wrong" not in log
