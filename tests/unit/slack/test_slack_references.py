"""Which pictures a message, a link or a thread brings along, before anything is fetched."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack.references import file_refs, linked_refs, root_ref
from core.session.models import FileRef

PICTURE = {
    "id": "F0A1",
    "name": "cat.png",
    "mimetype": "image/png",
    "mode": "hosted",
    "size": 1234,
    "is_external": False,
    "url_private": "https://files.slack.com/files-pri/T1-F0A1/cat.png",
    "url_private_download": "https://files.slack.com/files-pri/T1-F0A1/download/cat.png",
}


def test_a_picture_carries_what_saves_a_call() -> None:
    refs, others = file_refs([PICTURE])
    assert others == ()
    assert refs == (
        FileRef(
            id="file:F0A1",
            name="cat.png",
            where={"url": PICTURE["url_private_download"], "size": "1234"},
        ),
    )


@pytest.mark.parametrize(
    "file",
    [
        {"id": "F0A1", "mode": "file_access", "file_access": "check_file_info"},
        PICTURE | {"mimetype": ""},
        PICTURE | {"mode": "external", "is_external": True},
        PICTURE | {"mimetype": "application/octet-stream"},
        PICTURE | {"url_private": None, "url_private_download": 7},
        {"id": "F0A1", "mode": "tombstone"},
        {"id": "F0A1", "mode": "hidden_by_limit"},
    ],
)
def test_what_an_event_cannot_tell_is_asked_for_later(file: dict[str, Any]) -> None:
    refs, others = file_refs([file])
    assert [(ref.id, ref.where) for ref in refs] == [("file:F0A1", {})]
    assert others == ()


def test_what_is_no_picture_is_named() -> None:
    refs, others = file_refs(
        [
            PICTURE | {"id": "F0A2", "name": "brief.pdf", "mimetype": "application/pdf"},
            PICTURE,
            PICTURE | {"id": "F0A3", "name": "a.exe", "mimetype": "application/octet-stream"},
            PICTURE | {"id": "F0A4", "name": "", "mimetype": "text/plain"},
        ]
    )
    assert [ref.id for ref in refs] == ["file:F0A1"]
    assert others == ("brief.pdf", "a.exe", "a file without a name")


def test_a_file_counts_once() -> None:
    assert len(file_refs([PICTURE, PICTURE])[0]) == 1


@pytest.mark.parametrize(
    "files", [None, 3, "F1", {}, [None], ["F1"], [{}], [{"id": 5}], [{"id": "../F1"}]]
)
def test_what_is_no_list_of_files(files: Any) -> None:
    assert file_refs(files) == ((), ())


def test_the_message_above_may_have_no_picture() -> None:
    ref = root_ref("C1", "1766.000100")
    assert (ref.id, ref.optional) == ("message:C1:1766.000100", True)
    assert ref.where == {"channel": "C1", "ts": "1766.000100"}


@pytest.mark.parametrize(
    ("text", "found", "left"),
    [
        (
            "make <https://acme.slack.com/files/U1/F0A1/cat.png|cat.png> blue",
            ["file:F0A1"],
            "make blue",
        ),
        ("https://acme.slack.com/files/U1/F0A1/cat.png", ["file:F0A1"], ""),
        ("https://acme.enterprise.slack.com/files/U1/F0A1", ["file:F0A1"], ""),
        (
            "blue: <https://files.slack.com/files-pri/T1-F0A1/download/cat.png>",
            ["file:F0A1"],
            "blue:",
        ),
        (
            "(see https://acme.slack.com/archives/C1/p1766000000000100), but red",
            ["message:C1:1766000000.000100"],
            "(see), but red",
        ),
        (
            "like <https://acme.slack.com/archives/C1/p1766000000000100>\nbut\n\n“at  night”",
            ["message:C1:1766000000.000100"],
            "like\nbut\n\n“at  night”",
        ),
        (
            "<https://acme.slack.com/files/U1/F0A1/a.png> <https://acme.slack.com/files/U1/F0A2/b.png>"
            " <https://acme.slack.com/files/U1/F0A1/a.png>",
            ["file:F0A1", "file:F0A2"],
            "",
        ),
    ],
)
def test_links_to_slack_are_pictures_and_not_words(text: str, found: list[str], left: str) -> None:
    refs, words = linked_refs(text)
    assert [ref.id for ref in refs] == found
    assert words == left
    assert all(ref.where["linked"] and not ref.optional for ref in refs)


@pytest.mark.parametrize(
    "query", ["thread_ts=1766000000.000100&amp;cid=C1", "cid=C1&amp;thread_ts=1766000000.000100"]
)
def test_a_link_to_a_reply_knows_its_thread(query: str) -> None:
    refs, _ = linked_refs(f"<https://acme.slack.com/archives/C1/p1766000000000200?{query}>")
    assert refs[0].where == {
        "linked": "yes",
        "channel": "C1",
        "ts": "1766000000.000200",
        "thread": "1766000000.000100",
    }


@pytest.mark.parametrize(
    "text",
    [
        "no link at all,  twice  spaced ",
        "<https://example.com/files/U1/F0A1/cat.png>",
        "<https://evil.example/acme.slack.com/files/U1/F0A1/cat.png>",
        "<https://acme.slack.com.evil.example/files/U1/F0A1/cat.png>",
        "<http://acme.slack.com/files/U1/F0A1/cat.png>",
        "<https://acme.slack.com/archives/C1>",
        "<https://acme.slack.com/archives/C1/p12>",
        "<https://acme.slack.com/team/U1>",
        "see <https://[bad/files/U1/F0A1>",
    ],
)
def test_other_links_stay_words(text: str) -> None:
    assert linked_refs(text) == ((), text)


def test_a_page_of_links_is_bounded() -> None:
    text = " ".join(f"https://acme.slack.com/files/U1/F0A{n}/a.png" for n in range(40))
    refs, words = linked_refs(text)
    assert len(refs) == 16
    assert words.count("https://") == 24
