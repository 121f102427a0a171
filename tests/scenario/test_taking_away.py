"""What leaves says where it came from, and nothing that it should not."""

from __future__ import annotations

import re

import pytest

from core.errors import BadInput, NotFound
from core.session.models import Version
from tests.scenario.house import House, png


def source_type(data: bytes) -> str | None:
    """IPTC's digital source type in a file's XMP."""
    found = re.search(rb"digitalsourcetype/(\w+)<", data)
    return found[1].decode() if found else None


async def exported(home: House, version: Version, format: str | None = None) -> tuple[bytes, str]:
    return await home.desk.export(version.asset.sha256, format=format, version=version.id)


async def test_a_drawn_picture_says_so_in_every_format_and_after_every_step(home: House) -> None:
    thread = home.thread()
    drawn = await thread.done("a red mug")
    turned = await thread.done("rotate 90")
    for version in (drawn, turned):
        for form, mime in (("png", "image/png"), ("webp", "image/webp"), ("jpeg", "image/jpeg")):
            data, told = await exported(home, version, form)
            assert told == mime
            assert source_type(data) == "trainedAlgorithmicMedia"
            assert b"a red mug" in data


async def test_an_edited_photograph_is_told_from_a_drawn_picture(home: House) -> None:
    thread = home.thread()
    edited = await thread.done("make it night", png("teal"))
    data, _ = await exported(home, edited)
    assert source_type(data) == "compositeWithTrainedAlgorithmicMedia"


async def test_exact_work_on_a_photograph_is_no_ai(home: House) -> None:
    thread = home.thread()
    turned = await thread.done("flip it", png("teal"))
    assert source_type((await exported(home, turned))[0]) == "algorithmicallyEnhanced"
    uploaded = await home.desk.version(turned.parents[0])
    data, _ = await exported(home, uploaded)
    assert source_type(data) is None
    assert b"Easel" not in data


async def test_only_what_is_there_can_be_taken(home: House) -> None:
    thread = home.thread()
    drawn = await thread.done("a red mug")
    with pytest.raises(BadInput):
        await exported(home, drawn, "tiff")
    with pytest.raises(NotFound):
        await home.desk.export("0" * 64, format=None, version=drawn.id)
    with pytest.raises(NotFound):
        await home.desk.export("0" * 64, format=None, version=None)


async def test_what_is_fitted_to_a_place_is_labelled_as_well(home: House) -> None:
    thread = home.thread()
    drawn = await thread.done("a red mug")
    sha256 = drawn.asset.sha256
    whole, mime = await exported(home, drawn)
    fitted = await home.desk.fitted(sha256, version=drawn.id, most_bytes=len(whole))
    assert (fitted.data, fitted.mime, fitted.exact) == (whole, mime, True)
    tight = await home.desk.fitted(sha256, version=drawn.id, most_bytes=len(whole) - 1)
    assert len(tight.data) < len(whole) and tight.whole and not tight.exact
    assert source_type(tight.data) == "trainedAlgorithmicMedia"
    with pytest.raises(NotFound):
        await home.desk.fitted("0" * 64, version=drawn.id, most_bytes=10**6)
