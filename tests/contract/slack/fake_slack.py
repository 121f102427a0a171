"""A Slack on loopback that refuses what Slack refuses, with people who use it.

    async with FakeSlack() as fake:                       # fake.api_url -> SLACK_API_URL
        team = fake.team("acme")                          # installed: team.token, team.bot_user
        ana = fake.person(team, "ana")
        design = fake.channel(team, "design", [ana])      # the app is in it (bot=False: not)

HTTP or sockets: `fake.deliver_to("http://127.0.0.1:8080/slack/events")`, signed with
`fake.signing_secret`; without that Socket Mode: `fake.app_token`, `await fake.sockets.connected()`.

People (each deed gives the app's Answer: `.ok .status .json .tries .seconds`):

    said = await ana.says(design, f"{team.mention} a red mug", files=[("mug.png", data)])
    await ana.says(design, "make it blue", thread=said)   # a Said has .ts .message .answers .events
    await ana.says(fake.dm(ana), "a red mug")
    ana.writes(design, ...)                               # nothing is delivered
    await ana.edits(said, "…"); .deletes(said); .unfurls(said); .reacts(said, "x"); .unreacts(…)
    await ana.clicks(message, "easel:undo")               # value="…" forges one
    await ana.chooses(message, "easel:upscale", "4x")     # by value, text, or a part of one option
    await ana.commands("/easel", "a red mug", design); .shortcut("easel_edit", said)
    await ana.submits(ana.view, {"prompt": "…", "block/action": [("a.png", data)]}); .closes(view)
    await ana.opens_home(); .stops(said); .invites_bot(design); .removes_bot(design)
    ana.view, ana.home, ana.notes                         # open modal, home page, private answers

Several workspaces: `fake.team("globex", enterprise="E1")`, `fake.org_install("E1")`. Slack Connect:
`fake.channel(team, "shared", [ana, zoe], shared_with=[other])`. Tokens: `fake.scopes(team, {...})`,
`fake.grants(team)`, `await fake.installs(url, team, rotating=True)` (a browser that agrees),
`await fake.uninstalls(team)`, `await fake.revokes(team)`; `team.agent = True` for agent sessions.

Knobs: `fake.tiers.on`, `fake.clock.advance(60)`, `fake.world.share_delay`, `.scan_delay`,
`.distributed`, `fake.habits.order/.with_files` (events of a message, which carry files),
`fake.delivery.copies/.shuffle/.together/.drop/.pauses/.patience`, `fake.echoes` (the app hears of
its own messages, as in Slack).

Trouble: `fake.fail("chat.postMessage", error="is_archived" | status=503 | ratelimited=2 | hang=5 |
drop=True | drop_answer=True, times=1)`; `hold = fake.hold("files.completeUploadExternal")`
(`after=True`: carried out, not answered), `await hold.reached()`, `hold.release()` or
`hold.drop()`. Besides methods there are "upload", "download" and "response_url".

Looking: `fake.calls`, `fake.called("chat.update", channel=…)`, `fake.thread(design, ts)`,
`fake.said_by_bot(design)`, `fake.message(design, ts)`, `fake.file(message)`, `fake.statuses`,
`await fake.until(lambda: …, "what")`, `await fake.quiet()` (nothing is under way),
`await fake.transcript(design)`.

Chosen here because Slack's own answer is not known: refusals for a thread_ts that is no root
(`thread_not_found`, `cannot_reply_to_message`), a second completion of a file (`file_not_found`),
an upload of another length (400), agent sessions of an app that is no agent (`NOT_AN_AGENT`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, Self

from aiohttp import web

from tests.contract.slack import slack_payloads as payloads
from tests.contract.slack.slack_clicking import Person
from tests.contract.slack.slack_delivery import Answer, Delivery
from tests.contract.slack.slack_faults import Call, Chosen, Fault
from tests.contract.slack.slack_files import StoredFile
from tests.contract.slack.slack_installing import agree, walk_through
from tests.contract.slack.slack_oauth import Registration, end, new_grant
from tests.contract.slack.slack_person import Habits
from tests.contract.slack.slack_sockets import Sockets
from tests.contract.slack.slack_transcript import transcript
from tests.contract.slack.slack_web import WebApi
from tests.contract.slack.slack_world import (
    ALL_SCOPES,
    Channel,
    Grant,
    Json,
    Kind,
    Message,
    Team,
    User,
    World,
)
from tests.contract.trouble import Hold
from tests.waiting import wait_until


class FakeSlack:
    """The whole of it: state, servers, people. See the module for how to use it."""

    def __init__(self, app_id: str = "A0FAKEAPP01") -> None:
        self.world = World(app_id, self._tell)
        self.registration = Registration()
        self.signing_secret = "fake-signing-secret"
        self.app_token = f"xapp-1-{app_id}-fake"
        self.world.grants[self.app_token] = Grant(
            self.app_token, "app", scopes=frozenset({"connections:write"})
        )
        self.web = WebApi(self.world, self.registration)
        self.sockets = Sockets(self.world)
        self.web.open_sockets(self.sockets.ticket)
        self.delivery = Delivery(self.world.clock, self.signing_secret, self.sockets.deliver)
        self.habits = Habits()
        self.echoes = True
        self._echoing: set[asyncio.Task[Any]] = set()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=1 << 30)
        app.add_routes([*self.web.routes(), web.get("/link/", self.sockets.connect)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.world.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *error: object) -> None:
        self.echoes = False
        self.web.trouble.release()
        for task in self._echoing:
            task.cancel()
        await asyncio.gather(*self._echoing, return_exceptions=True)
        await self.sockets.close()
        await self.delivery.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"{self.world.base}/api/"

    @property
    def clock(self) -> Any:
        return self.world.clock

    @property
    def tiers(self) -> Any:
        return self.web.tiers

    @property
    def calls(self) -> list[Call]:
        return self.web.calls

    @property
    def statuses(self) -> list[Json]:
        """States of agents and assistants, in the order in which they were set."""
        return self.world.statuses

    def deliver_to(self, url: str) -> None:
        """Events, commands and interactions go there over HTTP from now on."""
        self.delivery.url = url

    # Who and where.

    def team(self, name: str, *, enterprise: str = "", installed: bool = True) -> Team:
        """A workspace, with the app in it unless told otherwise."""
        team = Team(self.world.new_id("T"), name, enterprise)
        team.bot_user, team.bot_id = self.world.new_id("U"), self.world.new_id("B")
        self.world.teams[team.id] = team
        self.world.users[team.bot_user] = User(team.bot_user, "easel", team.id, is_bot=True)
        if installed:
            new_grant(self.world, team.id)
        return team

    def org_install(self, enterprise: str, scopes: Iterable[str] = ALL_SCOPES) -> Grant:
        """One token for all workspaces of an organisation."""
        return new_grant(self.world, "", enterprise, scopes)

    def person(self, team: Team, name: str, *, admin: bool = False) -> Person:
        """Somebody of that workspace; the same name is the same person."""
        for user in self.world.users.values():
            if (user.team, user.name) == (team.id, name):
                return Person(self.world, self.delivery, self.habits, user)
        user = User(self.world.new_id("U"), name, team.id, is_admin=admin)
        self.world.users[user.id] = user
        return Person(self.world, self.delivery, self.habits, user)

    def channel(
        self,
        team: Team,
        name: str,
        people: Iterable[Person] = (),
        *,
        kind: Kind = "channel",
        bot: bool = True,
        shared_with: Iterable[Team] = (),
    ) -> Channel:
        members = {person.id for person in people} | ({team.bot_user} if bot else set())
        made = Channel(self.world.new_id("G" if kind == "mpim" else "C"), name, team.id, kind)
        made.members, made.shared_with = members, {other.id for other in shared_with}
        self.world.channels[made.id] = made
        return made

    def dm(self, person: Person) -> Channel:
        """That person's conversation with the app."""
        return self.world.direct(person.user.team, person.id)

    # Tokens.

    def grants(self, team: Team) -> list[Grant]:
        """Every token of that workspace, the oldest first."""
        return [grant for grant in self.world.grants.values() if grant.team == team.id]

    def scopes(self, team: Team, scopes: Iterable[str]) -> None:
        """What the tokens of that workspace may from now on."""
        for grant in self.grants(team):
            grant.scopes = frozenset(scopes)

    def agrees(
        self, authorize_url: str, team: Team, *, rotating: bool = False, org: bool = False
    ) -> str:
        """Where Slack sends somebody who agreed on its page."""
        enterprise = team.enterprise if org else ""
        return agree(self.world, self.registration, authorize_url, team, enterprise, rotating)

    async def installs(
        self, install_url: str, team: Team, *, rotating: bool = False, org: bool = False
    ) -> Answer:
        """A browser that goes through the installation and agrees."""

        def decide(authorize_url: str) -> str:
            return self.agrees(authorize_url, team, rotating=rotating, org=org)

        return await walk_through(install_url, decide)

    async def uninstalls(self, team: Team) -> list[Answer]:
        """The app is removed: tokens end, and the app hears of it."""
        self._end(team)
        bot: Json = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [team.bot_user]}}
        events: list[Json] = [bot, {"type": "app_uninstalled"}]
        return await self.delivery.events(
            payloads.envelope(self.world, team, event | {"event_ts": self.world.new_ts()})
            for event in events
        )

    async def revokes(self, team: Team) -> list[Answer]:
        """The tokens are revoked; the app is still listed."""
        self._end(team)
        event = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [team.bot_user]}}
        return await self.delivery.events([payloads.envelope(self.world, team, event)])

    def _end(self, team: Team) -> None:
        if payloads.is_org_wide(self.world, team):
            end(self.world, "", team.enterprise)
        else:
            end(self.world, team.id)

    # Trouble.

    def fail(self, method: str, **how: Any) -> Fault:
        """The next calls of that method go wrong; see Fault."""
        fault = Fault(method, **how)
        self.web.trouble.faults.append(fault)
        return fault

    def hold(
        self,
        method: str,
        *,
        after: bool = False,
        when: Chosen = lambda call: True,
        times: int = 1,
    ) -> Hold[Call]:
        """The next calls of that method stand still until they are let go."""
        hold = Hold[Call](lambda call: call.method == method and when(call), after, times)
        self.web.trouble.holds.append(hold)
        return hold

    # Looking.

    def called(self, method: str, **params: Any) -> list[Call]:
        """Calls of that method with at least these arguments."""
        return [
            call
            for call in self.calls
            if call.method == method and params.items() <= _plain(call.params).items()
        ]

    def message(self, channel: Channel, ts: str) -> Message:
        return self.world.messages[channel.id, ts]

    def thread(self, channel: Channel, ts: str) -> list[Message]:
        """The message that began it, and all replies."""
        return self.world.thread(channel.id, ts)

    def said_by_bot(self, channel: Channel, thread: str = "") -> list[Message]:
        """Messages of the app, of one thread or of all."""
        return [
            message
            for message in self.world.messages_of(channel.id)
            if message.bot_id and thread in ("", message.root)
        ]

    def file(self, message: Message, number: int = 0) -> StoredFile:
        return self.world.files[message.files[number]]

    async def until(self, holds: Callable[[], object], what: str, *, seconds: float = 30) -> None:
        async def looked() -> bool:
            return bool(holds())

        await wait_until(looked, what, seconds=seconds)

    async def quiet(self) -> None:
        """Wait until the app has heard of all that it did itself."""
        while self._echoing:
            await asyncio.gather(*self._echoing, return_exceptions=True)

    async def transcript(self, channel: Channel) -> str:
        """The channel as Markdown, once nothing is under way."""
        await self.quiet()
        return transcript(self.world, channel.id)

    def _tell(self, team: str, event: Json) -> None:
        """What the app did itself comes back to it as an event."""
        if not self.echoes or not (self.delivery.url or self.sockets.open):
            return
        channel = self.world.channels.get(str(event.get("channel")))
        payload = payloads.envelope(self.world, self.world.teams[team], event, channel)
        task = asyncio.create_task(self.delivery.events([payload]))
        self._echoing.add(task)
        task.add_done_callback(self._echoing.discard)


def _plain(params: Json) -> dict[str, Any]:
    return {name: value for name, value in params.items() if not isinstance(value, list | dict)}
