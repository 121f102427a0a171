"""Reading what a compatible server says: links never lead away, and errors are found anywhere."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.engines.compatible.answer import on_own_server, read
from core.engines.compatible.errors import Fault, classify, words_of
from core.errors import EngineFault

BASE = "https://gpu.example:8443/proxy/v1"
ROOT = "https://gpu.example:8443/proxy"
HOSTS = ("gpu.example", "evil.example", "gpu.example.evil.example", "127.0.0.1", "")


@pytest.mark.parametrize(
    ("link", "place"),
    [
        ("/v1/images/1/content", f"{ROOT}/v1/images/1/content"),
        ("/proxy/v1/images/1/content", f"{ROOT}/v1/images/1/content"),
        ("out/1.png?v=2#top", f"{ROOT}/out/1.png?v=2"),
        ("https://gpu.example:8443/proxy/out/1.png", f"{ROOT}/out/1.png"),
        ("http://gpu.example/out/1.png", f"{ROOT}/out/1.png"),
        ("https://GPU.example/out/1.png", f"{ROOT}/out/1.png"),
        ("//gpu.example/out/1.png", f"{ROOT}/out/1.png"),
    ],
)
def test_a_link_is_found_at_the_server_itself(link: str, place: str) -> None:
    assert on_own_server(BASE, link) == place


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/out/1.png",
        "//evil.example/1.png",
        "https://gpu.example@evil.example/1.png",
        "https://me:secret@gpu.example/1.png",
        "ftp://gpu.example/1.png",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "\\\\evil.example\\1.png",
        "/\\evil.example/1.png",
        "https://[::1/1.png",
        "/a b",
        "/a\nb",
        "/\x7f",
        "/\ud800",
        "/" + "x" * 2_000,
    ],
)
def test_a_link_that_leads_elsewhere_is_none(link: str) -> None:
    assert on_own_server(BASE, link) == ""


LINKS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(("", "http:", "https:", "ftp:", "HTTPS:", "x")),
    st.sampled_from(("", "/", "//", "///", "\\\\", "/\\")),
    st.sampled_from(HOSTS) | st.text(max_size=12),
    st.sampled_from(("", ":80", "@evil.example", "/..//evil.example", "?q", "#f", ":x/"))
    | st.text(max_size=12),
)


@given(LINKS | st.text(max_size=60))
@example("https://gpu.example\\@evil.example/")
@example("///evil.example/x")
@example("/proxy/../../x")
def test_no_link_at_all_leads_away_from_the_server(link: str) -> None:
    place = on_own_server(BASE, link)
    if place:
        asked = httpx.URL(place)
        assert (asked.scheme, asked.host, asked.port) == ("https", "gpu.example", 8443)
        assert asked.userinfo == b""


def test_a_picture_is_read_from_each_of_its_forms() -> None:
    encoded = base64.b64encode(b"picture").decode()
    for item in (
        {"b64_json": encoded, "url": None},
        {"b64_json": f"data:image/png;base64,{encoded}"},
        {"url": f"DATA:image/png;base64,{encoded}", "b64_json": None},
        {"url": f"data:image/png;base64,{encoded}", "b64_json": ""},
    ):
        assert read(json.dumps({"data": [item]}).encode()).data == b"picture"
    assert read(b'{"data": [{"url": "/x.png"}]}').link == "/x.png"


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ("data", "b64_json", "url", "error", "detail", "message", "msg", "loc")
                ),
                inner,
                max_size=3,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_an_answer_or_an_error_with_words(body: Any) -> None:
    try:
        answer = read(json.dumps(body).encode())
    except ValueError as error:
        assert str(error)
    else:
        assert not (answer.data and answer.link)
    assert isinstance(words_of(body), str)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": {"message": "no", "code": 4}}, "no"),
        ({"error": "no"}, "no"),
        ({"error": "server_error", "message": "boom"}, "boom"),
        ({"detail": "no"}, "no"),
        ({"detail": [{"loc": ["body", "n"], "msg": "too many"}]}, "body.n: too many"),
        ({"detail": [{"msg": "a"}, {"msg": "b"}]}, "a; b"),
        ({"detail": {"error": {"message": "deep"}}}, "deep"),
        ({"message": "Bad Request"}, "Bad Request"),
        ("plain", "plain"),
        ({}, ""),
        (None, ""),
        ({"detail": "x" * 5_000}, "x" * 2_000),
    ],
)
def test_the_words_of_an_error_are_found_in_any_shape(body: Any, words: str) -> None:
    assert words_of(body) == words


def test_a_name_with_braces_does_no_harm_to_a_message() -> None:
    error = classify(Fault("no", status=400), "m{0}{title}")
    assert error.message == "m{0}{title} did not accept the request."
    assert classify(Fault(status=299), "m").kind is EngineFault.UNKNOWN
