"""A Discord on loopback that refuses what Discord refuses, with people who use it.

    async with FakeDiscord() as fake:                  # fake.api_url, .gateway_url, .token
        guild = fake.guild("pottery")                  # the app is in it (bot=False: not)
        design = guild.channel("design")               # nsfw=True, type=…
        ana = fake.person("ana", guild)                # or: guild.join(ana.id, roles=["potters"])
        mod = fake.person("mod", guild, permissions=["manage_messages"])
        await fake.gateway.connected()                 # the app holds its shard

People. What they write is a Message (it is kept up to date: `.content .components .attachments
.reactions .flags .edits`), what they press or command gives an Answer (`.type .ok .ephemeral .text
.told .modal .choices .seconds`, `await answer.message()`, `await answer.note()`):

    said = await ana.says(design, f"{fake.mention} a red mug", files=[("mug.png", data)])
    await ana.says(thread, "make it blue", reply_to=message, ping=False)     # thread: or its id
    ana.writes(design, …)                              # the app hears nothing of it
    await ana.edits(said, "…"); .deletes(said); .unfurls(said); .reacts(said, "✅"); .unreacts(…)
    answer = await ana.slash(design, "imagine", prompt="a mug", image=("mug.png", data))
    await ana.slash(design, "settings channel")        # subcommands after the name
    await ana.autocompletes(design, "imagine", "model", "gpt", prompt="a mug")       # .choices
    await ana.context(design, "Upscale", message)      # or on a person
    await ana.clicks(message, "Undo")                  # by label, or custom_id=…; forged=True
    await ana.selects(message, "Upscale …", "4x")      # by placeholder or custom id; people too
    await ana.submits(answer, {"Prompt": "…", "files": [("a.png", data)]})   # label or custom id
    await ana.repeats(answer)                          # the same interaction arrives again
    ana.notes                                          # ephemeral messages that they see
    fake.dm(ana); ana.user.refuses = True              # takes no direct messages
    ana.archives(thread, locked=True); ana.removes(thread); ana.kicks_bot(guild); .invites_bot(…)

What a real client would not send fails the test (commands that were not registered, options of
another type, buttons that are not there, channels that one may not write in).

Permissions: `design.deny(fake.bot.id, "attach_files")`, `.deny(guild.id, …)` (everyone),
`.allow(…)`; names as in discord.py. User installs: a guild with `bot=False`; or
`ana.slash(…, installed="user")`. `guild.premium_tier = 2` for files of 50 MiB.

Knobs: `FakeDiscord(content=False)` (MESSAGE_CONTENT not granted), `fake.limits.strict = True`
(buckets and 50 calls a second), `fake.world.patience`, `.shards`, `.max_concurrency`,
`fake.gateway.interval` (heartbeats), `.identify_seconds`, `fake.clock.advance(60)`,
`fake.age_tokens()` (interaction tokens are over), `fake.forget_nonces()`, `fake.expire_urls()`,
`await fake.goes_away()`, `fake.comes_back()`, `await fake.gateway.cut(forget=True)` and
`.reconnect()`.

Trouble: `fake.fail("POST", "/channels/*/messages", code=50013 | status=503 | ratelimited=2 |
hang=5 | drop=True | drop_answer=True, times=1, when=…)`; `hold = fake.hold("PATCH",
"/webhooks/*/*/messages/@original")` (`after=True`: carried out, not answered), `await
hold.reached()`, `hold.release()` or `hold.drop()`. Each `*` stands for one part of the path; paths
of downloads begin with "/attachments/" or "/ephemeral-attachments/".

Looking: `fake.calls`, `fake.called("PATCH", "/channels/*/messages/*")`, `fake.bodies()` (all bodies
of messages: `fake.pinging()` must be empty), `fake.invalid` (against Discord's description: must be
empty), `fake.gateway.doubled` (shards held twice: must be empty), `fake.thread_of(message)`,
`fake.messages(design)`, `fake.said_by_bot(design)`, `fake.words(message)`, `fake.files(message)`,
`await fake.until(lambda: …, "what")`, `fake.transcript(design, edits=False)`.

Worth knowing: attachments that components show are not in `attachments` of a message, only in the
components; an edit in an archived thread is refused (50083) while a new message opens it again; an
edit without `allowed_mentions` may ping; a reply mentions whom it answers unless its ping is off,
responses to interactions too; AutoShardedClient begins a new session when a resume fails.

Chosen here because Discord's own answer is not known: which shard hears of an interaction in a
server without the app (the one of that server), numbers of buckets, how long a nonce is kept
(300 s), responses to interactions in archived threads (can't be edited, like all messages there).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Self

from aiohttp import web

from tests.contract.discord.discord_calling import Call
from tests.contract.discord.discord_clicking import Person
from tests.contract.discord.discord_faults import Chosen, Fault, fits
from tests.contract.discord.discord_gateway import Gateway
from tests.contract.discord.discord_limits import Limits
from tests.contract.discord.discord_transcript import transcript, words_of
from tests.contract.discord.discord_web import RestApi
from tests.contract.discord.discord_world import (
    BOT,
    EVERYBODY,
    Attachment,
    Channel,
    Clock,
    Guild,
    Json,
    Message,
    Role,
    User,
    World,
)
from tests.contract.trouble import Hold
from tests.waiting import wait_until

_MESSAGE_BODIES = (
    ("POST", "/channels/*/messages"),
    ("PATCH", "/channels/*/messages/*"),
    ("POST", "/webhooks/*/*"),
    ("PATCH", "/webhooks/*/*/messages/*"),
)
_CALLBACK = ("POST", "/interactions/*/*/callback")
_WITH_MESSAGE = (4, 5, 7)


class FakeDiscord:
    """The whole of it: state, servers, people. See the module for how to use it."""

    def __init__(self, *, content: bool = True, token: str = "fake.discord.token") -> None:
        self.token = token
        self.world = World(self._tell)
        self.world.content = content
        self.api = RestApi(self.world, token)
        self.gateway = Gateway(self.world, token)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=1 << 30)
        app.add_routes([*self.api.routes(), web.get("/gateway", self.gateway.connect)])
        app.router.add_get("/gateway/", self.gateway.connect)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.world.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *error: object) -> None:
        self.api.trouble.release()
        await self.gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def _tell(self, kind: str, data: Json, guild: str) -> None:
        self.gateway.tell(kind, data, guild)

    # Where it is.

    @property
    def api_url(self) -> str:
        return f"{self.world.base}/api/v10"

    @property
    def gateway_url(self) -> str:
        return self.world.base.replace("http", "ws", 1) + "/gateway"

    @property
    def clock(self) -> Clock:
        return self.world.clock

    @property
    def limits(self) -> Limits:
        return self.api.limits

    @property
    def bot(self) -> User:
        return self.world.bot

    @property
    def mention(self) -> str:
        return f"<@{self.world.bot.id}>"

    # Who and where.

    def guild(
        self, name: str, *, premium_tier: int = 0, bot: bool = True, permissions: int = BOT
    ) -> Guild:
        """A server with the app in it, unless told otherwise; its owner is nobody's driver."""
        owner = self.person(f"owner of {name}")
        guild = Guild(self.world, self.world.new_id(), name, owner.id, premium_tier, bot)
        guild.roles[guild.id] = Role(guild.id, "@everyone", EVERYBODY)
        self.world.guilds[guild.id] = guild
        guild.join(owner.id)
        own = Role(self.world.new_id(), self.bot.name, permissions, self.bot.id)
        guild.roles[own.id] = own
        if bot:
            guild.join(self.bot, roles=[own.name])
            self._tell("GUILD_CREATE", {"guild": guild.id}, guild.id)
        return guild

    def person(
        self,
        name: str,
        *guilds: Guild,
        roles: Iterable[str] = (),
        permissions: Iterable[str] = (),
    ) -> Person:
        """Somebody; the same name is the same person. `guilds`: where they come in."""
        user = next((one for one in self.world.users.values() if one.name == name), None)
        if user is None:
            user = User(self.world.new_id(), name)
            self.world.users[user.id] = user
        for guild in guilds:
            guild.join(user, list(roles), list(permissions))
        return Person(self.world, user)

    def dm(self, person: Person) -> Channel:
        """That person's conversation with the app."""
        return self.world.direct(person.id)

    # Time.

    def age_tokens(self) -> None:
        """Every interaction's token is over now."""
        for made in self.world.interactions.values():
            made.expires = 0.0

    def forget_nonces(self) -> None:
        self.world.nonces.clear()

    def expire_urls(self) -> None:
        """Addresses of files that were given until now lead nowhere."""
        for file in self.world.files.values():
            file.expired += 1

    # Trouble.

    async def goes_away(self) -> None:
        """Nothing answers any more, and all connections are lost."""
        self.api.away = self.gateway.refuse = True
        await self.gateway.cut()

    def comes_back(self) -> None:
        self.api.away = self.gateway.refuse = False

    def fail(self, method: str, path: str, **how: Any) -> Fault:
        """The next calls of that method and path go wrong; see Fault."""
        fault = Fault(method, path, **how)
        self.api.trouble.faults.append(fault)
        return fault

    def hold(
        self,
        method: str,
        path: str,
        *,
        after: bool = False,
        when: Chosen = lambda call: True,
        times: int = 1,
    ) -> Hold[Call]:
        """The next calls of that method and path stand still until they are let go."""
        hold = Hold[Call](lambda call: fits(call, method, path) and when(call), after, times)
        self.api.trouble.holds.append(hold)
        return hold

    # Looking.

    @property
    def calls(self) -> list[Call]:
        return self.api.calls

    @property
    def invalid(self) -> list[tuple[Call, list[str]]]:
        """Bodies that Discord's description does not allow, with what is wrong."""
        return self.api.invalid

    def called(self, method: str, path: str) -> list[Call]:
        return [call for call in self.calls if fits(call, method, path)]

    def bodies(self) -> list[Json]:
        """What was sent as a message or an edit of one, in order."""
        found = []
        for call in self.calls:
            if any(fits(call, *each) for each in _MESSAGE_BODIES):
                found.append(call.json or {})
            elif fits(call, *_CALLBACK) and call.json["type"] in _WITH_MESSAGE:
                found.append(call.json.get("data") or {})
        return found

    def pinging(self) -> list[Json]:
        """Bodies of messages that do not forbid every ping; thinking alone says nothing."""
        said = [one for one in self.bodies() if {"content", "components", "embeds"} & set(one)]
        return [one for one in said if not _silent(one.get("allowed_mentions"))]

    def messages(self, channel: Channel | str) -> list[Message]:
        """In order, ephemeral ones left out."""
        return self.world.messages_of(channel if isinstance(channel, str) else channel.id)

    def said_by_bot(self, channel: Channel | str) -> list[Message]:
        mine = (one for one in self.messages(channel) if one.author == self.bot.id)
        return [one for one in mine if one.type not in (18, 21)]

    def thread_of(self, message: Message) -> Channel:
        """The thread that was opened from a message. Raises KeyError."""
        return self.world.channels[message.id]

    def words(self, message: Message) -> str:
        return words_of(self.world, message)

    def files(self, message: Message) -> list[Attachment]:
        return list(message.attachments)

    async def until(self, holds: Callable[[], object], what: str, *, seconds: float = 30) -> None:
        async def looked() -> bool:
            return bool(holds())

        await wait_until(looked, what, seconds=seconds)

    def transcript(self, channel: Channel | str, *, edits: bool = True) -> str:
        """The channel as Markdown, with its threads; `edits`: and how often each was edited."""
        place = self.world.channels[channel] if isinstance(channel, str) else channel
        return transcript(self.world, place, edits=edits)


def _silent(allowed: Json | None) -> bool:
    if allowed is None or allowed.get("replied_user"):
        return False
    return not any(allowed.get(name) for name in ("parse", "users", "roles"))
