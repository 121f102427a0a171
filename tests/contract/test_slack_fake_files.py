"""Files of a fake Slack: uploads that appear later, scans, downloads, and what is refused."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from PIL import Image

from tests.contract.slack.fake_slack import FakeSlack
from tests.contract.slack.slack_office import Office, section
from tests.contract.slack.slack_world import ALL_SCOPES


def png(width: int = 40, height: int = 30) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (width, height), (10, 20, 200, 90)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with FakeSlack() as fake:
        yield Office(fake)


async def uploaded(office: Office, data: bytes, **more: Any) -> str:
    asked = await office.client.files_getUploadURLExternal(
        filename="red.png", length=len(data), **more
    )
    async with aiohttp.ClientSession() as http, http.post(asked["upload_url"], data=data) as said:
        assert (said.status, await said.text()) == (200, f"OK - {len(data)}")
    return str(asked["file_id"])


async def completed(office: Office, file_id: str, **more: Any) -> None:
    answer = await office.client.files_completeUploadExternal(
        files=[{"id": file_id, "title": "red"}], channel_id=office.design.id, **more
    )
    assert answer["files"][0]["shares"] == {}


async def shared(office: Office, file_id: str) -> None:
    stored = office.fake.world.files[file_id]
    await office.fake.until(lambda: list(office.fake.world.shares(stored)), "it is shared")


async def fetched(office: Office, url: str, token: str) -> tuple[int, str, bytes]:
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as answer:
        return answer.status, answer.content_type, await answer.read()


async def test_an_upload_is_in_its_thread_a_little_later(office: Office) -> None:
    root = office.ana.writes(office.design, "a red square")
    data = png()
    file_id = await uploaded(office, data, alt_txt="a red square")
    before = await office.client.files_info(file=file_id)
    assert before["file"]["shares"] == {}
    await completed(office, file_id, thread_ts=root.ts, blocks=json.dumps([section("v1 · studio")]))
    assert len(office.fake.thread(office.design, root.ts)) == 1
    await shared(office, file_id)
    [_, message] = office.fake.thread(office.design, root.ts)
    assert [block["text"]["text"] for block in message.blocks] == ["v1 · studio"]
    assert office.fake.file(message).data == data
    after = (await office.client.files_info(file=file_id))["file"]
    [share] = after["shares"]["public"][office.design.id]
    assert (share["ts"], share["thread_ts"]) == (message.ts, root.ts)
    assert (after["alt_txt"], after["original_w"], after["mimetype"]) == (
        "a red square",
        40,
        "image/png",
    )


async def test_the_sdk_uploads_several_in_one_message(office: Office) -> None:
    uploads = [{"filename": f"{n}.png", "content": png(), "alt_txt": f"{n}"} for n in range(2)]
    await office.client.files_upload_v2(channel=office.design.id, file_uploads=uploads)
    await office.fake.until(lambda: office.fake.said_by_bot(office.design), "it is shared")
    [message] = office.fake.said_by_bot(office.design)
    assert [office.fake.file(message, n).alt for n in range(2)] == ["0", "1"]


async def test_a_file_is_completed_once(office: Office) -> None:
    file_id = await uploaded(office, png())
    await completed(office, file_id)
    again = await office.refused(
        "files.completeUploadExternal", files=[{"id": file_id}], channel_id=office.design.id
    )
    assert again == "file_not_found"
    await shared(office, file_id)
    assert len(office.fake.said_by_bot(office.design)) == 1


async def test_bytes_must_be_there_before_it_is_completed(office: Office) -> None:
    asked = await office.client.files_getUploadURLExternal(filename="red.png", length=10)
    early = await office.refused(
        "files.completeUploadExternal",
        files=[{"id": asked["file_id"]}],
        channel_id=office.design.id,
    )
    assert early == "file_not_found"
    async with (
        aiohttp.ClientSession() as http,
        http.post(asked["upload_url"], data=b"short") as said,
    ):
        assert said.status == 400


async def test_uploads_are_announced_as_they_are(office: Office) -> None:
    ask = "files.getUploadURLExternal"
    large = await office.refused(ask, filename="a.png", length=(1 << 30) + 1)
    alt = await office.refused(ask, filename="a.png", length=1, alt_txt="x" * 1001)
    unknown = await office.refused("files.delete", file="F0NOSUCHFILE")
    assert (large, alt, unknown) == (
        "file_upload_size_restricted",
        "alt_txt_too_large",
        "file_not_found",
    )


async def test_bytes_may_come_as_a_form(office: Office) -> None:
    data = png()
    asked = await office.client.files_getUploadURLExternal(filename="red.png", length=len(data))
    form = aiohttp.FormData()
    form.add_field("file", data, filename="red.png")
    async with aiohttp.ClientSession() as http, http.post(asked["upload_url"], data=form) as said:
        assert said.status == 200
    assert office.fake.world.files[asked["file_id"]].data == data


async def test_a_comment_takes_the_place_of_blocks(office: Office) -> None:
    file_id = await uploaded(office, png())
    await completed(office, file_id, initial_comment="here", blocks=json.dumps([section()]))
    await shared(office, file_id)
    [message] = office.fake.said_by_bot(office.design)
    assert (message.text, message.blocks) == ("here", [])


async def test_a_markdown_block_breaks_an_upload(office: Office) -> None:
    file_id = await uploaded(office, png())
    broken = await office.refused(
        "files.completeUploadExternal",
        files=[{"id": file_id}],
        channel_id=office.design.id,
        blocks=[{"type": "markdown", "text": "**v1**"}],
    )
    assert broken == "internal_error"


async def test_a_file_stands_in_a_block_once_it_is_shared_and_scanned(office: Office) -> None:
    office.fake.world.scan_delay = 60
    file_id = await uploaded(office, png())
    image = {"type": "image", "slack_file": {"id": file_id}, "alt_text": "red"}
    post = {"channel": office.design.id, "text": "red", "blocks": [image]}
    private = await office.refusal("chat.postMessage", **post)
    assert private["response_metadata"]["messages"] == [
        "[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file]"
    ]
    await completed(office, file_id)
    await shared(office, file_id)
    assert await office.refused("chat.postMessage", **post) == "invalid_blocks"
    office.fake.clock.advance(61)
    await office.client.api_call("chat.postMessage", json=post)


async def test_the_type_is_known_after_the_scan(office: Office) -> None:
    office.fake.world.scan_delay = 60
    said = office.ana.writes(office.design, "mine", files=[("cat.png", png())])
    [file_id] = said.message.files
    early = (await office.client.files_info(file=file_id))["file"]
    assert early["mimetype"] == ""
    assert "original_w" not in early
    office.fake.clock.advance(61)
    late = (await office.client.files_info(file=file_id))["file"]
    assert (late["mimetype"], late["original_w"]) == ("image/png", 40)


async def test_bytes_are_for_those_with_the_scope(office: Office) -> None:
    said = office.ana.writes(office.design, "mine", files=[("cat.png", png())])
    url = (await office.client.files_info(file=said.message.files[0]))["file"]["url_private"]
    assert await fetched(office, url, office.team.token) == (200, "image/png", png())
    status, mime, page = await fetched(office, url, "xoxb-wrong")
    assert (status, mime, b"Sign in" in page) == (200, "text/html", True)
    office.fake.scopes(office.team, ALL_SCOPES - {"files:read"})
    status, mime, page = await fetched(office, url, office.team.token)
    assert (status, mime) == (200, "text/html")


async def test_files_of_other_channels_are_not_to_be_had(office: Office) -> None:
    secret = office.fake.channel(office.team, "secret", [office.ana], kind="group", bot=False)
    said = office.ana.writes(secret, "mine", files=[("cat.png", png())])
    assert await office.refused("files.info", file=said.message.files[0]) == "file_not_found"


@pytest.mark.parametrize("mode", ["tombstone", "hidden_by_limit"])
async def test_files_that_are_gone_are_only_named(office: Office, mode: str) -> None:
    file = office.ana.uploads("cat.png", png())
    file.mode = mode
    said = office.ana.writes(office.design, "mine", files=[file])
    read = await office.client.conversations_replies(channel=office.design.id, ts=said.ts)
    assert read["messages"][0]["files"] == [{"id": file.id, "mode": mode}]


async def test_files_of_other_services_say_so(office: Office) -> None:
    file = office.ana.uploads("cat.png", b"")
    file.mode, file.external_url = "external", "https://drive.example/cat.png"
    said = office.ana.writes(office.design, "mine", files=[file])
    read = await office.client.conversations_replies(channel=office.design.id, ts=said.ts)
    [told] = read["messages"][0]["files"]
    assert (told["is_external"], told["url_private"]) == (True, "https://drive.example/cat.png")


async def test_own_files_can_be_deleted(office: Office) -> None:
    file_id = await uploaded(office, png())
    await completed(office, file_id)
    await shared(office, file_id)
    await office.client.files_delete(file=file_id)
    assert await office.refused("files.info", file=file_id) == "file_deleted"
    theirs = office.ana.writes(office.design, "mine", files=[("cat.png", png())]).message.files[0]
    assert await office.refused("files.delete", file=theirs) == "cant_delete_file"


async def test_a_thumbnail_is_smaller(office: Office) -> None:
    said = office.ana.writes(office.design, "mine", files=[("cat.png", png(400, 300))])
    told = (await office.client.files_info(file=said.message.files[0]))["file"]
    _, _, data = await fetched(office, told["thumb_64"], office.team.token)
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (64, 48) == (told["thumb_64_w"], told["thumb_64_h"])


async def test_a_call_stands_still_before_or_after_it_is_carried_out(office: Office) -> None:
    file_id = await uploaded(office, png())
    before = office.fake.hold("files.completeUploadExternal")
    call = asyncio.create_task(completed(office, file_id))
    assert (await before.reached()).params["channel_id"] == office.design.id
    assert office.fake.world.files[file_id].stage == "uploaded"
    before.release()
    await call
    after = office.fake.hold("chat.postMessage", after=True)
    post = asyncio.create_task(
        office.client.chat_postMessage(channel=office.design.id, text="held")
    )
    await after.reached()
    assert "held" in [one.text for one in office.fake.said_by_bot(office.design)]
    after.drop()
    with pytest.raises(aiohttp.ClientError):
        await post
