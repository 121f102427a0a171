"""A channel as a page that people can read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from tests.contract.discord import discord_components as components
from tests.contract.discord.discord_world import Attachment, Channel, Json, Message, World


def words_of(world: World, message: Message) -> str:
    """What a message says, without its buttons and pictures."""
    texts = [
        one["content"]
        for one in components.each_component(message.components)
        if one["type"] == components.TEXT_DISPLAY
    ]
    return named(world, "\n".join(text for text in [message.content, *texts] if text))


def named(world: World, text: str) -> str:
    """Mentions in plain names."""
    for user in world.users.values():
        text = text.replace(f"<@{user.id}>", f"@{user.name}")
    for channel in world.channels.values():
        text = text.replace(f"<#{channel.id}>", f"#{channel.name}")
    return text


def transcript(world: World, channel: Channel, *, edits: bool = True) -> str:
    """Markdown: messages in order, each thread under the message that it was opened from.

    `edits`: how often each was edited is told, too.
    """
    title = f"#{channel.name}" if channel.name else "direct message"
    lines = [f"# {title}", ""]
    for message in _all_of(world, channel.id):
        lines += _message(world, message, "", edits)
        thread = world.channels.get(message.id)
        if thread is not None:
            lines += _thread(world, thread, edits)
    return "\n".join(lines).rstrip() + "\n"


def _thread(world: World, thread: Channel, edits: bool) -> Iterator[str]:
    yield f"  - 🧵 **{thread.name}**"
    for message in _all_of(world, thread.id):
        if message.type != 21:
            yield from _message(world, message, "    ", edits)


def _all_of(world: World, channel: str) -> list[Message]:
    found = (one for one in world.messages.values() if one.channel == channel)
    return sorted(found, key=lambda message: int(message.id))


def _message(world: World, message: Message, indent: str, edits: bool) -> Iterator[str]:
    shown = [*_blocks(message.content), *_lines(world, message)]
    if message.loading:
        shown = ["*thinking…*"]
    first, *rest = [named(world, line) for line in shown] or [""]
    yield f"{indent}- {_who(world, message, edits)}: {first}".rstrip()
    for line in rest:
        yield f"{indent}  {line}".rstrip()
    if message.reactions:
        counted = (f"{emoji} {len(users)}" for emoji, users in message.reactions.items())
        yield f"{indent}  {' '.join(counted)}"


def _who(world: World, message: Message, edits: bool) -> str:
    name = world.users[message.author].name
    notes = []
    made = world.interactions.get(message.interaction)
    if made is not None and made.kind == 2:
        slash = "/" if made.command_type == 1 else ""
        notes.append(f"{world.users[made.user].name} used {slash}{made.name}")
    elif message.type == 19 and message.reference in world.messages:
        notes.append(f"to {world.users[world.messages[message.reference].author].name}")
    if message.only_for:
        notes.append(f"only for {world.users[message.only_for].name}")
    if edits and message.edits:
        notes.append(f"edited {message.edits}×")
    return f"**{name}**" + (f" ({', '.join(notes)})" if notes else "")


def _blocks(text: str) -> list[str]:
    return text.split("\n") if text else []


def _lines(world: World, message: Message) -> Iterator[str]:
    files = {file.id: file for file in message.attachments}
    for component in message.components:
        yield from _component(component, files)
    for file in files.values():
        yield f"📎 {_file(file)}"


def _component(component: Json, files: dict[str, Attachment]) -> Iterator[str]:
    """One component in words; files that are shown are taken out of `files`."""
    kind = component["type"]
    if kind == components.TEXT_DISPLAY:
        yield from component["content"].split("\n")
    elif kind == components.SEPARATOR:
        yield "---"
    elif kind == components.ROW:
        yield " ".join(map(_pressable, component["components"]))
    elif kind == components.GALLERY:
        for item in component["items"]:
            yield f"🖼 {_media(item['media'], item, files)}"
    elif kind in (components.FILE, components.THUMBNAIL):
        shown = component["file" if kind == components.FILE else "media"]
        yield f"{'📎' if kind == components.FILE else '▫️'} {_media(shown, component, files)}"
    else:
        for child in component.get("components", []):
            yield from _component(child, files)
        if "accessory" in component:
            yield from _accessory(component["accessory"], files)


def _accessory(component: Json, files: dict[str, Attachment]) -> Iterator[str]:
    if component["type"] == components.BUTTON:
        yield _pressable(component)
    else:
        yield from _component(component, files)


def _pressable(component: Json) -> str:
    off = " (off)" if component.get("disabled") else ""
    if component["type"] == components.BUTTON:
        emoji = (component.get("emoji") or {}).get("name") or ""
        label = " ".join(filter(None, [emoji, component.get("label") or ""]))
        return f"[{label}{' ↗' if component.get('url') else ''}]{off}"
    options = " | ".join(option["label"] for option in component.get("options", []))
    return f"[{component.get('placeholder') or '⋯'} ▾ {options}]{off}"


def _media(media: Json, shown: Json, files: dict[str, Attachment]) -> str:
    file = files.pop(str(media.get("attachment_id")), None)
    about = shown.get("description") or (file.description if file else "")
    alt = f" — “{about}”" if about else ""
    spoiler = " (spoiler)" if shown.get("spoiler") else ""
    return f"{_file(file) if file else media['url']}{alt}{spoiler}"


def _file(file: Attachment) -> str:
    width, height = file.size
    size = f", {width}×{height}" if width else ""
    digest = hashlib.sha256(file.data).hexdigest()[:12]
    return f"{file.name} ({len(file.data)} bytes{size}, sha256 {digest})"
