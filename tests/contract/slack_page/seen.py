"""What somebody sees of a fake Slack: a channel with its thread, a modal, the Home tab."""

from __future__ import annotations

from tests.contract.slack.slack_json import message_json, user_json
from tests.contract.slack.slack_world import Json, Message, View, World
from tests.contract.slack_page.pages import Theme, home_page_of, modal_page_of, page_of


def channel_seen(
    world: World, channel: str, *, viewer: str = "", thread: str = "", theme: Theme = "light"
) -> str:
    """A channel, with one of its threads, as one person sees it; private answers are theirs."""
    place = world.channels[channel]
    private = [each for each in world.ephemerals if each.channel == channel]
    mine = [each for each in private if viewer and each.only_for == viewer]
    messages = sorted([*world.messages_of(channel), *mine], key=lambda message: message.ts)
    return page_of(
        [_told(world, each) for each in messages],
        theme=theme,
        title=f"#{place.name}" if place.kind in ("channel", "group") else "Easel",
        files=_files(world),
        names=_names(world),
        thread=thread,
        status=_status(world, channel, thread),
    )


def view_seen(world: World, view: View, *, theme: Theme = "light") -> str:
    """A modal, or the Home tab of a person."""
    drawn = home_page_of if view.json["type"] == "home" else modal_page_of
    return drawn(view.json, theme=theme, files=_files(world), names=_names(world))


def _told(world: World, message: Message) -> Json:
    told = message_json(world, message)
    return told | {"is_ephemeral": True} if message.only_for else told


def _names(world: World) -> dict[str, str]:
    people = {user.id: user_json(user)["real_name"] for user in world.users.values()}
    return people | {channel.id: channel.name for channel in world.channels.values()}


def _files(world: World) -> dict[str, bytes]:
    """By id, and by the addresses under which blocks may name them."""
    found = {file.id: file.data for file in world.files.values()}
    addresses = {
        f"{world.base}/files-pri/{file.team}-{file.id}/{file.name}": file.data
        for file in world.files.values()
    }
    return found | addresses


def _status(world: World, channel: str, thread: str) -> str:
    """What the app last said of itself in a thread, in the client's words."""
    said = [
        each["status"]
        for each in world.statuses
        if (each["channel"], each["thread_ts"]) == (channel, thread)
    ]
    last = said[-1] if said else ""
    if last in ("active", "suspended", "closed", ""):
        return ""
    return "Easel is working…" if last == "processing" else f"Easel {last}"
