"""A small app on the real discord.py, for tests of the fake itself."""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Route

from tests.contract.discord.fake_discord import FakeDiscord

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8cfc0f01f0005000201c5cc3d3a0000000049454e44ae426082"
)


@contextlib.contextmanager
def pointed_at(fake: FakeDiscord) -> Iterator[None]:
    """discord.py talks to the fake meanwhile; it keeps its addresses in its classes."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = fake.api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(fake.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


class Small(discord.AutoShardedClient):
    """Registers a few commands and remembers what it hears of."""

    def __init__(self, intents: discord.Intents, **more: Any) -> None:
        super().__init__(
            intents=intents,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            guild_ready_timeout=0.05,
            **more,
        )
        self.tree = app_commands.CommandTree(self)
        self.heard: list[discord.Message] = []
        self.raw: list[tuple[str, Any]] = []
        self.sync = True

    async def setup_hook(self) -> None:
        self.tree.add_command(echo)
        self.tree.add_command(ask)
        self.tree.add_command(app_commands.ContextMenu(name="Count", callback=count))
        self.add_dynamic_items(Again)
        if self.sync:
            await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        self.raw.append(("edit", event))

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        self.raw.append(("delete", event))

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        self.raw.append(("react", event))

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        self.raw.append(("unreact", event))

    async def on_thread_create(self, thread: discord.Thread) -> None:
        self.raw.append(("thread", thread))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self.raw.append(("join", guild))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.raw.append(("left", guild))


class Again(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.LayoutView]], template=r"again:(?P<n>\d+)"
):
    """A button that counts up."""

    def __init__(self, n: int) -> None:
        self.n = n
        super().__init__(discord.ui.Button(label=f"Again {n}", custom_id=f"again:{n}"))

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: Any) -> Again:
        return cls(int(match["n"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(view=card(f"again {self.n}", self.n + 1))


def card(text: str, n: int = 0, picture: str = "") -> discord.ui.LayoutView:
    """A message of version 2."""
    view = discord.ui.LayoutView(timeout=None)
    box: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(
        discord.ui.TextDisplay(text), accent_colour=0x3366CC
    )
    if picture:
        box.add_item(
            discord.ui.MediaGallery(discord.MediaGalleryItem(picture, description="a dot"))
        )
    row: discord.ui.ActionRow[discord.ui.LayoutView] = discord.ui.ActionRow(Again(n))
    box.add_item(row)
    view.add_item(box)
    return view


def dot(name: str = "dot.png", data: bytes = PNG) -> discord.File:
    return discord.File(io.BytesIO(data), name, description="a dot")


@app_commands.command(name="echo", description="Say it again")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def echo(
    interaction: discord.Interaction,
    words: app_commands.Range[str, 1, 50],
    image: discord.Attachment | None = None,
    often: int = 1,
) -> None:
    await interaction.response.defer(thinking=True)
    files = [dot("back.png", await image.read())] if image else []
    picture = "attachment://back.png" if image else ""
    await interaction.edit_original_response(
        view=card(words * often, 1, picture), attachments=files
    )


@echo.autocomplete("words")
async def words(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{typed}!", value=f"{typed}!")]


@app_commands.command(name="ask", description="Ask for words")
async def ask(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(Dialog())


async def count(interaction: discord.Interaction, message: discord.Message) -> None:
    found = len(message.attachments)
    await interaction.response.send_message(f"{found} files in {message.content}", ephemeral=True)


class Dialog(discord.ui.Modal, title="Words"):
    """Asks for words and files."""

    said: discord.ui.Label[Any] = discord.ui.Label(
        text="Words", component=discord.ui.TextInput(custom_id="words", max_length=20)
    )
    files: discord.ui.Label[Any] = discord.ui.Label(
        text="Files",
        component=discord.ui.FileUpload(
            custom_id="files", required=False, min_values=0, max_values=2
        ),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        said, files = self.said.component, self.files.component
        assert isinstance(said, discord.ui.TextInput)
        assert isinstance(files, discord.ui.FileUpload)
        sizes = [len(await one.read()) for one in files.values]
        await interaction.response.send_message(f"{said.value} {sizes}")


@dataclass
class Running:
    """A client that is connected."""

    client: Small
    task: asyncio.Task[None]
    ended: list[BaseException] = field(default_factory=list)

    @property
    def http(self) -> HTTPClient:
        return self.client.http


@contextlib.asynccontextmanager
async def running(
    fake: FakeDiscord, *, intents: discord.Intents | None = None, sync: bool = True, **more: Any
) -> AsyncIterator[Running]:
    """A small client, connected, until the end."""
    usual = discord.Intents.default()
    usual.message_content = fake.world.content
    client = Small(intents or usual, **more)
    client.sync = sync
    task = asyncio.create_task(client.start(fake.token))
    shown = Running(client, task)
    try:
        ready = asyncio.create_task(client.wait_until_ready())
        await asyncio.wait({ready, task}, timeout=20, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        await ready
        yield shown
    finally:
        await client.close()
        await asyncio.gather(task, return_exceptions=True)
