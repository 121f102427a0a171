"""Uploads past a limit, over a real socket: the words arrive even while the sender still sends."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import httpx
import pytest

from core.session.models import Session
from tests.contract.loopback_server import listening
from tests.unit.web.desk_double import DeskDouble, Workspace


async def test_a_large_file_is_refused_with_words_that_arrive(
    workspace: Workspace, desk: DeskDouble, session: Session
) -> None:
    files = {"files": ("big.png", bytes(26_000_000), "image/png")}
    async with (
        listening(workspace.app()) as address,
        httpx.AsyncClient(base_url=address) as browser,
    ):
        answer = await browser.post(f"/api/sessions/{session.id}/turns", files=files)
    assert answer.status_code == 413
    assert answer.json()["error"]["message"] == "“big.png” is larger than 25 MB."
    assert desk.requests == []


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/api/sessions/{sid}/turns", "multipart/form-data; boundary=a"),
        ("/api/sessions/{sid}/turns", "application/json"),
        ("/api/sessions", "application/json"),
    ],
)
async def test_who_sends_everything_before_reading_still_reads_the_reason(
    workspace: Workspace, session: Session, place: str, kind: str
) -> None:
    head = b'--a\r\nContent-Disposition: form-data; name="files"; filename="big.png"\r\n\r\n'
    body = head + bytes(50_000_000)
    async with listening(workspace.app()) as address:
        port = urlsplit(address).port
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        lines = [
            f"POST {place.format(sid=session.id)} HTTP/1.1",
            "Host: localhost",
            f"Content-Type: {kind}",
            f"Content-Length: {len(body)}",
        ]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await writer.drain()
        answer = await reader.readuntil(b"\r\n")
        writer.close()
        await writer.wait_closed()
    assert answer == b"HTTP/1.1 413 Request Entity Too Large\r\n"
