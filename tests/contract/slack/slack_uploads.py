"""files.*: the three steps of an upload, and what is known of a file afterwards."""

from __future__ import annotations

import secrets

from tests.contract.slack import slack_rules as rules
from tests.contract.slack.slack_calling import Calling, method
from tests.contract.slack.slack_chat import put
from tests.contract.slack.slack_files import StoredFile, file_json
from tests.contract.slack.slack_json import shares_json, with_ids
from tests.contract.slack.slack_tiers import FOUR, THREE
from tests.contract.slack.slack_world import Channel, Json, Message, Refused, World

MOST_BYTES = 1 << 30


@method("files.getUploadURLExternal", "files:write", FOUR)
def ask(call: Calling) -> Json:
    length = int(call.want("length"))
    if not 0 < length <= MOST_BYTES:
        raise Refused("file_upload_size_restricted")
    file = StoredFile(
        call.world.new_id("F"),
        call.team.id,
        call.team.bot_user,
        str(call.want("filename")),
        length,
        alt=str(call.args.get("alt_txt") or ""),
        created=int(call.world.clock()),
        secret=secrets.token_urlsafe(16),
    )
    _check_alt(file.alt)
    call.world.files[file.id] = file
    return {"upload_url": f"{call.world.base}/upload/{file.id}/{file.secret}", "file_id": file.id}


def _check_alt(alt: str) -> None:
    if len(alt) > 1000:
        raise Refused("alt_txt_too_large")


def take(world: World, file_id: str, secret: str, data: bytes) -> StoredFile | None:
    """The bytes of an upload; None when the address is wrong, used up or they are too few."""
    file = world.files.get(file_id)
    if file is None or not secrets.compare_digest(file.secret, secret) or file.stage == "complete":
        return None
    if len(data) != file.length:
        return None
    file.data, file.stage = data, "uploaded"
    file.scanned = world.clock() + world.scan_delay
    return file


@method("files.completeUploadExternal", "files:write", FOUR)
def complete(call: Calling) -> Json:
    named = call.want("files")
    files = [_uploaded(call, str(one.get("id"))) for one in named]
    comment = str(call.args.get("initial_comment") or "")
    blocks = [] if comment else call.args.get("blocks") or []
    rules.check_text(comment)
    if any(isinstance(block, dict) and block.get("type") == "markdown" for block in blocks):
        raise Refused("internal_error")
    rules.check_blocks(blocks, lambda name: call.ready(name) or name in {f.id for f in files})
    places = _places(call)
    for file, one in zip(files, named, strict=True):
        file.title, file.stage = str(one.get("title") or ""), "complete"
    for channel, root in places:
        _share_later(call, channel, root, files, comment, with_ids(blocks))
    now = call.world.clock()
    return {"files": [file_json(file, call.world.base, now, {}) for file in files]}


def _uploaded(call: Calling, file_id: str) -> StoredFile:
    file = call.world.files.get(file_id)
    if file is None or file.owner != call.team.bot_user or file.stage != "uploaded":
        raise Refused("file_not_found")
    return file


def _places(call: Calling) -> list[tuple[Channel, str]]:
    names = [call.args["channel_id"]] if call.args.get("channel_id") else []
    names += [name for name in str(call.args.get("channels") or "").split(",") if name]
    places = []
    for name in names:
        one = Calling(call.world, call.method, call.args | {"channel": name}, call.grant)
        channel = one.channel(write=True)
        places.append((channel, one.root(channel)))
    return places


def _share_later(
    call: Calling,
    channel: Channel,
    root: str,
    files: list[StoredFile],
    comment: str,
    blocks: list[Json],
) -> None:
    world, team = call.world, call.team

    def share() -> None:
        ids = [file.id for file in files if file.id in world.files and file.mode == "hosted"]
        if not ids:
            return
        message = Message(
            channel.id,
            world.new_ts(),
            team.bot_user,
            team.id,
            text=comment,
            thread_ts=root,
            subtype="file_share",
            blocks=blocks,
            files=ids,
            bot_id=team.bot_id,
        )
        put(world, message)

    world.later(world.share_delay, share)


@method("files.info", "files:read", FOUR)
def info(call: Calling) -> Json:
    file = call.world.files.get(str(call.want("file")))
    if file is None or file.stage == "asked" or not call.sees(file):
        raise Refused("file_not_found")
    if file.mode == "tombstone":
        raise Refused("file_deleted")
    shares = shares_json(call.world, file)
    told = file_json(file, call.world.base, call.world.clock(), shares)
    return {"file": told, "comments": [], "response_metadata": {"next_cursor": ""}}


@method("files.delete", "files:write", THREE)
def delete(call: Calling) -> Json:
    file = call.world.files.get(str(call.want("file")))
    if file is None or file.stage == "asked":
        raise Refused("file_not_found")
    if file.mode == "tombstone":
        raise Refused("file_deleted")
    if file.owner != call.team.bot_user:
        raise Refused("cant_delete_file")
    file.mode, file.data = "tombstone", b""
    return {}
