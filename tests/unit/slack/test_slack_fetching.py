"""Pictures brought in from Slack, and what is said of those that can't be."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from adapters.slack.api import Apis
from adapters.slack.fetching import SlackFetcher
from adapters.slack.identity import NotInstalled
from adapters.slack.references import file_refs, linked_refs, root_ref
from adapters.slack.refusals import SlackLater, SlackRefusal
from core.errors import (
    BadInput,
    BadPicture,
    EaselError,
    NotAllowed,
    NotFound,
    TooLarge,
    Unavailable,
)
from core.session.models import FileRef
from core.turns.limits import TurnLimits
from tests.unit.slack.slack_stand import (
    TOKEN,
    OneTeam,
    Stand,
    drops,
    gives,
    pours,
    says,
    slack_stand,
)

PNG = b"\x89PNG\r\n\x1a\n" + bytes(3000)
PLACE = {"team": "T1", "channel": "C1", "thread": "1.1", "message": "1.2", "user": "U1"}
LINKED = FileRef(id="file:F0A1", where={"linked": "yes"})
ELSEWHERE = linked_refs("https://acme.slack.com/archives/C2/p1766000000000100")[0][0]
THERE = "1766000000.000100"


@asynccontextmanager
async def fetching(**more: Any) -> AsyncIterator[tuple[Stand, SlackFetcher]]:
    async with slack_stand() as stand:
        apis = Apis(OneTeam(), f"{stand.base}/api/")
        try:
            yield stand, SlackFetcher(apis, scan_pauses=(0.01, 0.01), **more)
        finally:
            await apis.close()


def told(stand: Stand, **more: Any) -> dict[str, Any]:
    """A file object of Slack's; the bytes lie at "cat.png"."""
    return {
        "id": "F0A1",
        "name": "cat.png",
        "mimetype": "image/png",
        "mode": "hosted",
        "size": len(PNG),
        "user": "U9",
        "file_access": "visible",
        "url_private_download": f"{stand.base}/files/cat.png",
    } | more


async def test_an_attached_picture_takes_one_request() -> None:
    async with fetching() as (stand, fetcher):
        stand.will("cat.png", gives(PNG, "image/png"))
        (ref,), _ = file_refs([told(stand)])
        (file,) = await fetcher.fetch(ref, PLACE)
        assert (file.name, file.data) == ("cat.png", PNG)
        assert stand.names == ["cat.png"]
        assert stand.asked[0].headers["Authorization"] == f"Bearer {TOKEN}"


async def test_a_file_of_another_company_is_asked_for() -> None:
    async with fetching() as (stand, fetcher):
        stand.will("files.info", says(ok=True, file=told(stand)))
        stand.will("cat.png", gives(PNG, "image/png"))
        (ref,), _ = file_refs([{"id": "F0A1", "mode": "file_access"}])
        (file,) = await fetcher.fetch(ref, PLACE)
        assert (file.name, file.data) == ("cat.png", PNG)
        assert stand.asked[0].form == {"file": "F0A1"}


async def test_a_file_that_is_not_scanned_yet_is_waited_for() -> None:
    async with fetching() as (stand, fetcher):
        stand.will("files.info", says(ok=True, file=told(stand, mimetype="")))
        stand.will("files.info", says(ok=True, file=told(stand)))
        stand.will("cat.png", gives(PNG, "image/png"))
        (file,) = await fetcher.fetch(FileRef(id="file:F0A1"), PLACE)
        assert file.data == PNG
        assert stand.names == ["files.info", "files.info", "cat.png"]


@pytest.mark.parametrize(
    ("more", "kind", "words"),
    [
        ({"mimetype": ""}, Unavailable, "still looking at “cat.png”"),
        ({"mode": "tombstone", "mimetype": None}, NotFound, "was deleted"),
        ({"mode": "hidden_by_limit", "mimetype": None}, NotFound, "older than"),
        ({"is_external": True, "mode": "external"}, BadInput, "outside Slack"),
        ({"mimetype": "application/pdf"}, BadPicture, "no picture"),
        ({"size": 26_000_000}, TooLarge, "26 MB"),
        ({"file_access": "access_denied", "mimetype": None}, NotAllowed, "company"),
        ({"url_private_download": "https://evil.example/x.png"}, SlackRefusal, "not an address"),
        ({"url_private_download": "http://10.0.0.1/x.png"}, SlackRefusal, "not an address"),
    ],
)
async def test_a_file_that_cannot_be_had(
    more: Mapping[str, Any], kind: type[EaselError], words: str
) -> None:
    async with fetching() as (stand, fetcher):
        stand.will("files.info", *[says(ok=True, file=told(stand, **more))] * 3)
        with pytest.raises(kind) as raised:
            await fetcher.fetch(FileRef(id="file:F0A1"), PLACE)
        assert words in raised.value.message
        assert raised.value.hint
        assert set(stand.names) == {"files.info"}


@pytest.mark.parametrize(
    ("mime", "body"),
    [
        ("text/html", b"<!DOCTYPE html><html>Sign in</html>"),
        ("image/png", b"\n  <!doctype HTML><html>Sign in</html>"),
    ],
)
async def test_a_sign_in_page_is_a_missing_scope(mime: str, body: bytes) -> None:
    async with fetching() as (stand, fetcher):
        stand.will("cat.png", gives(body, mime))
        (ref,), _ = file_refs([told(stand)])
        with pytest.raises(SlackRefusal) as refused:
            await fetcher.fetch(ref, PLACE)
        assert refused.value.needed == "files:read"
        assert "files:read" in refused.value.message


async def test_what_grows_past_the_bound_is_left() -> None:
    async with fetching(limits=TurnLimits(max_file_bytes=2000)) as (stand, fetcher):
        stand.will("cat.png", gives(PNG, "image/png"), pours(PNG, "image/png"))
        (ref,), _ = file_refs([told(stand, size=10)])
        for _ in range(2):
            with pytest.raises(TooLarge):
                await fetcher.fetch(ref, PLACE)
        stand.will("cat.png", pours(PNG[:2000], "image/png"))
        assert len((await fetcher.fetch(ref, PLACE))[0].data) == 2000


async def test_a_redirect_stays_at_its_host_and_the_token_with_it() -> None:
    async with fetching() as (stand, fetcher), slack_stand() as other:
        (ref,), _ = file_refs([told(stand)])
        stand.will("cat.png", gives(b"", "text/plain", 302, {"Location": "/moved/there.png"}))
        stand.will("there.png", gives(PNG, "image/png"))
        assert (await fetcher.fetch(ref, PLACE))[0].data == PNG
        away = gives(b"", "text/plain", 302, {"Location": f"{other.base}/cat.png"})
        stand.will("cat.png", away)
        with pytest.raises(SlackRefusal, match="not an address"):
            await fetcher.fetch(ref, PLACE)
        sign_in = gives(b"", "text/plain", 302, {"Location": "https://acme.slack.com/?redir=x"})
        stand.will("cat.png", sign_in)
        with pytest.raises(SlackRefusal, match="files:read"):
            await fetcher.fetch(ref, PLACE)
        stand.will("cat.png", *[gives(b"", "text/plain", 302, {"Location": "cat.png"})] * 5)
        with pytest.raises(SlackRefusal, match="not an address"):
            await fetcher.fetch(ref, PLACE)
        assert not other.asked


async def test_a_download_that_breaks_is_begun_again() -> None:
    async with fetching() as (stand, fetcher):
        (ref,), _ = file_refs([told(stand)])
        stand.will("cat.png", drops, gives(PNG, "image/png"))
        assert (await fetcher.fetch(ref, PLACE))[0].data == PNG
        stand.will("cat.png", *[gives(b"", "text/plain", 503)] * 3)
        with pytest.raises(SlackLater):
            await fetcher.fetch(ref, PLACE)
        stand.will("cat.png", gives(b"", "text/html", 404))
        with pytest.raises(SlackRefusal, match="not in Slack any more"):
            await fetcher.fetch(ref, PLACE)


async def test_the_pictures_of_the_message_above() -> None:
    async with fetching() as (stand, fetcher):
        pdf = {"id": "F0A2", "name": "a.pdf", "mimetype": "application/pdf"}
        root = {"ts": "1.1", "text": "look", "files": [told(stand), pdf]}
        stand.will("conversations.replies", says(ok=True, messages=[root]))
        stand.will("cat.png", gives(PNG, "image/png"))
        (file,) = await fetcher.fetch(root_ref("C1", "1.1"), PLACE)
        assert file.data == PNG
        assert stand.asked[0].form == {
            "channel": "C1",
            "ts": "1.1",
            "limit": "1",
            "inclusive": "true",
        }


@pytest.mark.parametrize(
    "answer",
    [
        says(ok=True, messages=[{"ts": "1.1", "text": "no picture"}]),
        says(ok=True, messages=[]),
        says(ok=False, error="thread_not_found"),
    ],
)
async def test_the_message_above_may_be_without(answer: Any) -> None:
    async with fetching() as (stand, fetcher):
        stand.will("conversations.replies", answer)
        assert await fetcher.fetch(root_ref("C1", "1.1"), PLACE) == []


async def test_slack_lets_us_read_messages_but_once_a_minute() -> None:
    async with fetching() as (stand, fetcher):
        stand.will("conversations.replies", says(429, {"Retry-After": "42"}, ok=False))
        with pytest.raises(Unavailable) as raised:
            await fetcher.fetch(root_ref("C1", "1.1"), PLACE)
        assert "42 s" in raised.value.hint
        assert stand.names == ["conversations.replies"]


async def test_a_linked_reply_is_found_in_its_thread() -> None:
    async with fetching() as (stand, fetcher):
        ref = FileRef(
            id="message:C1:1.3",
            where={"linked": "yes", "channel": "C1", "ts": "1.3", "thread": "1.1"},
        )
        root = {"ts": "1.1", "files": [told(stand, id="F0A9", url_private_download="")]}
        messages = [root, {"ts": "1.3", "files": [told(stand)]}]
        stand.will("conversations.replies", says(ok=True, messages=messages))
        stand.will("cat.png", gives(PNG, "image/png"))
        assert len(await fetcher.fetch(ref, PLACE)) == 1
        asked = stand.asked[0].form
        assert (asked["ts"], asked["oldest"], asked["latest"]) == ("1.1", "1.3", "1.3")


async def test_a_linked_message_without_a_picture() -> None:
    async with fetching() as (stand, fetcher):
        here = linked_refs("https://acme.slack.com/archives/C1/p1766000000000100")[0][0]
        stand.will("conversations.replies", says(ok=True, messages=[{"ts": THERE}]))
        with pytest.raises(BadInput, match="no picture in the message"):
            await fetcher.fetch(here, PLACE)


CLOSED = says(ok=True, channel={"id": "C2", "is_channel": True, "is_private": True})
OPEN = says(ok=True, channel={"id": "C2", "is_channel": True, "is_private": False})


def visible(stand: Stand) -> None:
    stand.will(
        "conversations.replies", says(ok=True, messages=[{"ts": THERE, "files": [told(stand)]}])
    )
    stand.will("cat.png", gives(PNG, "image/png"))


async def test_a_link_into_a_closed_channel_shows_only_to_its_members() -> None:
    async with fetching() as (stand, fetcher):
        stand.will("conversations.info", CLOSED, CLOSED)
        stand.will(
            "conversations.members",
            says(ok=True, members=["U2"], response_metadata={"next_cursor": "n"}),
            says(ok=True, members=["U3"], response_metadata={"next_cursor": ""}),
            says(ok=True, members=["U2", "U1"]),
        )
        with pytest.raises(NotAllowed):
            await fetcher.fetch(ELSEWHERE, PLACE)
        assert "conversations.replies" not in stand.names
        visible(stand)
        assert len(await fetcher.fetch(ELSEWHERE, PLACE)) == 1


@pytest.mark.parametrize(
    ("place", "user", "seen"),
    [
        (PLACE, {"id": "U1"}, True),
        (PLACE, {"id": "U1", "is_restricted": True}, False),
        (PLACE, {"id": "U1", "is_stranger": True}, False),
        (PLACE | {"user_team": "T9"}, {"id": "U1"}, False),
    ],
)
async def test_a_link_into_an_open_channel_shows_to_the_workspaces_own(
    place: Mapping[str, str], user: Mapping[str, Any], seen: bool
) -> None:
    async with fetching() as (stand, fetcher):
        stand.will("conversations.info", OPEN)
        stand.will("users.info", says(ok=True, user=user))
        stand.will("conversations.members", says(ok=True, members=["U2"]))
        visible(stand)
        if seen:
            assert len(await fetcher.fetch(ELSEWHERE, place)) == 1
        else:
            with pytest.raises(NotAllowed):
                await fetcher.fetch(ELSEWHERE, place)


async def test_a_channel_that_easel_is_not_in_shows_nothing() -> None:
    async with fetching() as (stand, fetcher):
        stand.will("conversations.info", says(ok=False, error="channel_not_found"))
        with pytest.raises(NotAllowed):
            await fetcher.fetch(ELSEWHERE, PLACE)
        missing = says(ok=False, error="missing_scope", needed="channels:read")
        stand.will("conversations.info", missing)
        with pytest.raises(SlackRefusal, match="channels:read"):
            await fetcher.fetch(ELSEWHERE, PLACE)


@pytest.mark.parametrize(
    ("more", "seen"),
    [
        ({"user": "U1"}, True),
        ({"channels": ["C1"]}, True),
        ({"groups": ["C1"]}, True),
        ({"ims": ["D7"]}, False),
        ({"channels": []}, False),
    ],
)
async def test_a_linked_file_shows_only_to_those_who_may_open_it(
    more: Mapping[str, Any], seen: bool
) -> None:
    async with fetching() as (stand, fetcher):
        stand.will("files.info", says(ok=True, file=told(stand, **more)))
        stand.will("conversations.info", says(ok=True, channel={"id": "D7", "is_im": True}))
        stand.will("conversations.members", says(ok=True, members=["U2", "U3"]))
        stand.will("cat.png", gives(PNG, "image/png"))
        if seen:
            assert (await fetcher.fetch(LINKED, PLACE))[0].data == PNG
        else:
            with pytest.raises(NotAllowed):
                await fetcher.fetch(LINKED, PLACE)
            assert "cat.png" not in stand.names


async def test_what_is_no_reference_of_ours() -> None:
    async with fetching() as (_, fetcher):
        with pytest.raises(NotFound):
            await fetcher.fetch(FileRef(id="discord:1"), PLACE)
        with pytest.raises(NotInstalled):
            await fetcher.fetch(FileRef(id="file:F0A1"), PLACE | {"team": "T2"})
