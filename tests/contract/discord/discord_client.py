"""A small app on the real discord.py, for tests of the fake itself."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import io
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Route

from tests.contract.discord.discord_clicking import Person
from tests.contract.discord.discord_world import Channel, Guild, Message
from tests.contract.discord.fake_discord import FakeDiscord

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
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
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    row.add_item(Again(n))
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
class Office:
    """A server with somebody in it, and calls as the app, without a gateway."""

    fake: FakeDiscord
    http: HTTPClient
    guild: Guild
    design: Channel
    ana: Person

    async def call(
        self, method: str, path: str, body: Any = None, files: Sequence[tuple[str, bytes]] = ()
    ) -> Any:
        """One call; files as parts of a form. Raises what discord.py raises."""
        if files:
            return await self.http.request(Route(method, path), form=form(body, files))
        more = {} if body is None else {"json": body}
        return await self.http.request(Route(method, path), **more)

    async def refused(
        self, method: str, path: str, body: Any = None, files: Sequence[tuple[str, bytes]] = ()
    ) -> int:
        """Discord's number for why it does not do that."""
        try:
            await self.call(method, path, body, files)
        except discord.HTTPException as error:
            return error.code
        return 0

    @property
    def path(self) -> str:
        return f"/channels/{self.design.id}/messages"

    async def says(self, body: Any, files: Sequence[tuple[str, bytes]] = ()) -> Message:
        """A message of the app."""
        told = await self.call("POST", self.path, body, files)
        return self.fake.world.messages[told["id"]]


def form(body: Any, files: Sequence[tuple[str, bytes]]) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = [{"name": "payload_json", "value": json.dumps(body)}]
    for number, (name, data) in enumerate(files):
        field = {"name": f"files[{number}]", "value": io.BytesIO(data), "filename": name}
        parts.append(field | {"content_type": "application/octet-stream"})
    return parts


@contextlib.asynccontextmanager
async def office(**more: Any) -> AsyncIterator[Office]:
    async with FakeDiscord(**more) as fake:
        with pointed_at(fake):
            http = HTTPClient(asyncio.get_running_loop(), max_ratelimit_timeout=30)
            await http.static_login(fake.token)
            guild = fake.guild("pottery")
            yield Office(fake, http, guild, guild.channel("design"), fake.person("ana", guild))
            await http.close()


@contextlib.asynccontextmanager
async def running(
    fake: FakeDiscord, *, intents: discord.Intents | None = None, sync: bool = True, **more: Any
) -> AsyncIterator[Small]:
    """A small client, connected, until the end."""
    usual = discord.Intents.default()
    usual.message_content = fake.world.content
    client = Small(intents or usual, **more)
    client.sync = sync
    task = asyncio.create_task(client.start(fake.token))
    try:
        ready = asyncio.create_task(client.wait_until_ready())
        await asyncio.wait({ready, task}, timeout=20, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        await ready
        yield client
    finally:
        await client.close()
        await asyncio.gather(task, return_exceptions=True)
