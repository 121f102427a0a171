"""A stream of events is the same wherever it is cut, and nonsense in it is an error."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.engines.openai.answers import CallFailed, fault_in, notes_of, tokens_of
from core.engines.openai.events import events_in

EVENTS: list[Mapping[str, Any]] = [
    {"type": "image_generation.partial_image", "b64_json": "QUJD" * 40},
    {"type": "image_generation.completed", "b64_json": "é\u2028" * 9, "error": None},
]


def packed(events: Iterable[Mapping[str, Any]], end: str = "\n") -> bytes:
    told = (f"event: {event['type']}{end}data: {json.dumps(event)}{end}{end}" for event in events)
    return f": hello{end}{end}{''.join(told)}".encode()


async def read(stream: bytes, cuts: Iterable[int] = ()) -> list[Mapping[str, Any]]:
    async def pieces() -> AsyncIterator[bytes]:
        start = 0
        for cut in (*sorted(cuts), len(stream)):
            yield stream[start:cut]
            start = cut

    return [event async for event in events_in(pieces())]


@settings(deadline=None)
@given(
    cuts=st.lists(st.integers(0, len(packed(EVENTS, "\r\n")))), end=st.sampled_from(["\n", "\r\n"])
)
async def test_events_are_the_same_wherever_the_stream_is_cut(cuts: list[int], end: str) -> None:
    assert await read(packed(EVENTS, end), cuts) == EVENTS


async def test_data_of_several_lines_is_one_event() -> None:
    assert await read(b'data: {"a":\ndata: 1}\n\n') == [{"a": 1}]


async def test_an_event_that_was_not_finished_is_none_and_the_end_is_the_end() -> None:
    assert await read(b'data: {"a": 1}\n\ndata: {"b": 2}') == [{"a": 1}]
    assert await read(b'data: {"a": 1}\n\ndata: [DONE]\n\ndata: {"b": 2}\n\n') == [{"a": 1}]


@pytest.mark.parametrize("told", [b"{not json}", b"[1, 2]", b"7", b"\xff\xfe", b'{"a": NaNo}'])
async def test_what_is_no_object_is_an_error(told: bytes) -> None:
    with pytest.raises(ValueError):
        await read(b"data: " + told + b"\n\n")


@pytest.mark.parametrize(
    "event",
    [
        {"error": {"code": "server_error", "message": "oops"}},
        {"type": "error", "error": {"code": "server_error", "message": "oops"}},
        {"type": "error", "code": "server_error", "message": "oops"},
    ],
)
async def test_an_error_among_the_events_ends_them(event: Mapping[str, Any]) -> None:
    with pytest.raises(CallFailed) as caught:
        await read(packed([EVENTS[0], {"type": "error", **event}]))
    assert (caught.value.fault.code, caught.value.fault.message) == ("server_error", "oops")


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["message", "code", "moderation_details", "categories", "image_tokens",
                         "input_tokens_details", "input_tokens", "output_tokens"]),
        inner, max_size=4,
    ),
    max_leaves=8,
))  # fmt: skip
def test_fields_of_another_type_count_as_absent(value: Any) -> None:
    told = value if isinstance(value, dict) else {"moderation_details": value, "message": value}
    fault = fault_in(told)
    assert isinstance(fault.message, str)
    assert all(isinstance(name, str) for name in fault.categories)
    tokens = tokens_of(told)
    assert tokens is None or all(count >= 0 for count in tokens)
    assert all(isinstance(note, str) for note in notes_of(value))
