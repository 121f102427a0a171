"""The scene inside a picture: kept as it was, and read with care, as anyone may have written it."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.engines.studio.chunk import KEYWORD, embed, extract, picture_size
from core.engines.studio.parse import read_prompt
from core.engines.studio.scene import read_scene
from core.errors import BadInput

SCENE = read_prompt('a jar labelled "SALT" on marble', 3).scene


def png(size: tuple[int, int] = (8, 5)) -> bytes:
    packed = io.BytesIO()
    Image.new("RGB", size).save(packed, "PNG")
    return packed.getvalue()


def with_chunk(content: bytes) -> bytes:
    body = KEYWORD + b"\0" + content
    chunk = struct.pack(">I", len(body)) + b"iTXt" + body
    chunk += struct.pack(">I", zlib.crc32(b"iTXt" + body))
    whole = png()
    return whole[:33] + chunk + whole[33:]


def test_a_scene_comes_back_as_it_went_in_and_the_picture_still_opens() -> None:
    carried = embed(png(), SCENE.model_dump_json())
    text = extract(carried)
    assert text is not None
    assert read_scene(text) == SCENE
    assert Image.open(io.BytesIO(carried)).convert("RGB").size == (8, 5)
    assert picture_size(carried) == (8, 5)


def test_a_second_scene_takes_the_place_of_the_first() -> None:
    again = embed(embed(png(), "first"), "second")
    assert extract(again) == "second"
    assert again.count(KEYWORD) == 1


@pytest.mark.parametrize("data", [b"", b"GIF89a", png(), png()[:20], b"\x89PNG\r\n\x1a\n"])
def test_other_files_carry_no_scene(data: bytes) -> None:
    assert extract(data) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\1\0\0",
        b"\1\0\0\0not packed",
        b"\1\0\0\0" + zlib.compress(b"x" * 10_000_000),
        b"\1\0\0\0" + zlib.compress(b"{}" * 40)[:-6],
        b"\0\0\0\0\xff\xfe",
        b"\0\0\0\0" + b"x" * 70_000,
    ],
    ids=["empty", "cut short", "not packed", "a bomb", "half", "not text", "too long"],
)
def test_a_damaged_scene_is_declined(content: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        extract(with_chunk(content))
    assert caught.value.code == "studio_scene"
    assert caught.value.hint


def changed(**parts: object) -> str:
    return SCENE.model_copy(update=parts).model_dump_json()


JAR = SCENE.things[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        changed(schema_version=2),
        changed(things=(JAR, JAR)),
        changed(things=(JAR.model_copy(update={"kind": "castle"}),)),
        changed(things=(JAR.model_copy(update={"on": "nothing-1"}),)),
        changed(things=(JAR.model_copy(update={"on": "jar-1"}),)),
        changed(
            things=(
                JAR.model_copy(update={"on": "jar-2"}),
                JAR.model_copy(update={"id": "jar-2", "on": "jar-1"}),
            )
        ),
        changed(things=(JAR.model_copy(update={"scale": 1e9}),)),
        changed(things=(JAR.model_copy(update={"label": "x" * 41}),)),
        changed(things=tuple(JAR.model_copy(update={"id": f"jar-{n}"}) for n in range(25))),
        changed(reach=1e12),
        SCENE.model_dump_json().replace('"seed":3', '"seed":3,"more":1'),
    ],
)
def test_what_is_no_scene_is_declined(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_scene(text)
    assert caught.value.code == "studio_scene"


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 400))
def test_any_bytes_are_read_or_declined(noise: bytes, at: int) -> None:
    carried = embed(png(), SCENE.model_dump_json())
    broken = carried[:at] + noise + carried[at + len(noise) :]
    try:
        text = extract(broken)
        if text is not None:
            read_scene(text)
    except BadInput as refusal:
        assert refusal.code == "studio_scene"
