"""A channel as a page that people can read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from tests.contract.slack.slack_files import StoredFile
from tests.contract.slack.slack_json import message_json
from tests.contract.slack.slack_payloads import elements_of, options_of
from tests.contract.slack.slack_world import Json, Message, World


def transcript(world: World, channel: str) -> str:
    """Markdown: threads in order, who said what, blocks in words, files, reactions, edits."""
    place = world.channels[channel]
    lines = [f"# {'#' + place.name if place.name else 'direct message'}", ""]
    tops = [one for one in world.messages_of(channel) if not one.is_reply]
    for top in tops:
        for message in world.thread(channel, top.ts):
            lines += _message(world, message, "  " if message.is_reply else "")
        for note in _notes(world, channel, top.ts):
            lines += _message(world, note, "  ")
        lines.append("")
    for note in _notes(world, channel, ""):
        lines += _message(world, note, "")
    return "\n".join(lines).rstrip() + "\n"


def _notes(world: World, channel: str, thread: str) -> list[Message]:
    return [one for one in world.ephemerals if (one.channel, one.thread_ts) == (channel, thread)]


def _message(world: World, message: Message, indent: str) -> Iterator[str]:
    who = world.users[message.user].name
    private = f" (only for {world.users[message.only_for].name})" if message.only_for else ""
    edited = f" (edited {message.edits}×)" if message.edits else ""
    shown = _blocks(message) or [named(world, message.text)]
    first, *rest = [line for text in shown for line in text.split("\n")] or [""]
    yield f"{indent}- **{who}**{private}{edited}: {first}".rstrip()
    for line in rest:
        yield f"{indent}  {line}".rstrip()
    for name in message.files:
        yield f"{indent}  {_file(world.files[name])}"
    told = message_json(world, message)
    if told.get("reactions"):
        names = " ".join(f":{one['name']}: {one['count']}" for one in told["reactions"])
        yield f"{indent}  {names}"


def named(world: World, text: str) -> str:
    """Markup of people in plain names."""
    for user in world.users.values():
        text = text.replace(f"<@{user.id}>", f"@{user.name}")
    return text


def _blocks(message: Message) -> list[str]:
    if not message.bot_id:
        return []
    return [words for block in message.blocks for words in _block(block) if words]


def _block(block: Json) -> Iterator[str]:
    if "text" in block:
        text = block["text"]
        yield text["text"] if isinstance(text, dict) else text
    if block["type"] == "image":
        yield f"[image: {block['alt_text']}]"
    if block["type"] == "context":
        yield " · ".join(one.get("text") or f"[{one['alt_text']}]" for one in block["elements"])
    if block["type"] == "divider":
        yield "---"
    for field in block.get("fields", []):
        yield field["text"]
    yield " ".join(_element(element) for _, element in elements_of([block]))


def _element(element: Json) -> str:
    if element["type"] == "button":
        return f"[{element['text']['text']}]"
    options = " | ".join(option["text"]["text"] for option in options_of(element))
    label = element.get("placeholder", {}).get("text", "⋯")
    return f"[{label} ▾ {options}]"


def _file(file: StoredFile) -> str:
    if file.mode != "hosted":
        return f"📎 {file.name} ({file.mode})"
    digest = hashlib.sha256(file.data).hexdigest()[:12]
    width, height = file.size
    size = f", {width}×{height}" if width else ""
    alt = f", alt “{file.alt}”" if file.alt else ""
    return f"📎 {file.name} ({len(file.data)} bytes, {file.mime}{size}, sha256 {digest}{alt})"
