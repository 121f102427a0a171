"""Files for taking away: the right format, the same pixels, and a label of origin that reads."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.errors import BadPicture
from core.picture import jpeg, png
from core.picture.codec import Pixels, decode, encode, encode_png
from core.picture.export import FORMATS, Format, Made, Origin, exported
from tests.unit.picture.making import ASTRONAUT, COFFEE, exif, far, reopened, saved, slope

_IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
_XMP = "{http://ns.adobe.com/xap/1.0/}"
_SOURCES = "http://cv.iptc.org/newscodes/digitalsourcetype/"

FULL = Origin("generated", words="a red mug", model="GPT Image 2", version="v3")


def packet(data: bytes) -> dict[str, str]:
    """The properties of a file's XMP packet, read as a stranger would."""
    found = reopened(data).info["xmp"]
    text = found.decode() if isinstance(found, bytes) else found
    tree = ElementTree.fromstring(text[text.index("?>") + 2 : text.rindex("<?")])
    (description,) = tree.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description")
    return {child.tag: child.text or "" for child in description}


def see_through() -> Pixels:
    return np.dstack([slope(), slope()[..., 0]])


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("data", [ASTRONAUT, COFFEE])
@pytest.mark.parametrize(
    ("made", "code"),
    [
        ("generated", "trainedAlgorithmicMedia"),
        ("rendered", "algorithmicMedia"),
        ("edited", "compositeWithTrainedAlgorithmicMedia"),
        ("adjusted", "algorithmicallyEnhanced"),
    ],
)
def test_every_file_says_how_it_was_made(form: Format, data: bytes, made: Made, code: str) -> None:
    coded, mime = exported(data, format=form, origin=Origin(made))
    assert mime == f"image/{form}"
    assert (reopened(coded).format or "").lower() == form
    assert packet(coded) == {
        f"{_IPTC}DigitalSourceType": _SOURCES + code,
        f"{_XMP}CreatorTool": "Easel",
    }


@pytest.mark.parametrize("form", FORMATS)
def test_what_may_be_known_is_told(form: Format) -> None:
    coded, _ = exported(ASTRONAUT, format=form, origin=FULL)
    told = packet(coded)
    assert told[f"{_IPTC}AIPromptInformation"] == "a red mug"
    assert told[f"{_IPTC}AISystemUsed"] == "GPT Image 2"
    assert told[f"{_XMP}Label"] == "v3"
    if form == "png":
        text = reopened(coded).info
        assert (text["Description"], text["Source"]) == ("a red mug", "GPT Image 2")
        assert (text["Software"], text["Version"]) == ("Easel", "v3")


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (ASTRONAUT, "image/png"),
        (COFFEE, "image/jpeg"),
        (encode(slope(), "webp"), "image/webp"),
        (saved(Image.fromarray(slope()), "GIF"), "image/png"),
    ],
)
def test_with_no_format_asked_a_picture_keeps_its_own(data: bytes, mime: str) -> None:
    assert exported(data, format=None, origin=FULL)[1] == mime


def coded_pixels(data: bytes) -> list[bytes]:
    return [bytes(body) for kind, body in png.chunks(data) if kind == b"IDAT"]


@pytest.mark.parametrize("data", [ASTRONAUT, encode_png(see_through())])
def test_png_to_png_keeps_the_coded_pixels(data: bytes) -> None:
    coded, _ = exported(data, format="png", origin=FULL)
    assert coded_pixels(coded) == coded_pixels(data)


def test_jpeg_to_jpeg_keeps_the_coded_pixels() -> None:
    coded, _ = exported(COFFEE, format="jpeg", origin=FULL)
    assert jpeg.rewritten(coded) == jpeg.rewritten(COFFEE)


@pytest.mark.parametrize(
    ("form", "allowed"), [("png", 0.0), ("webp", 3.5), ("jpeg", 2.5)], ids=["png", "webp", "jpeg"]
)
def test_pixels_survive(form: Format, allowed: float) -> None:
    photo = decode(ASTRONAUT)
    back = decode(exported(ASTRONAUT, format=form, origin=FULL)[0])
    assert np.abs(back.astype(int) - photo).mean() <= allowed


def test_transparency_survives_where_it_can_and_is_white_in_a_jpeg() -> None:
    data = encode_png(see_through())
    for form in ("png", "webp"):
        coded, _ = exported(data, format=form, origin=FULL)
        assert far(decode(coded), see_through()) == 0
    flat = decode(exported(data, format="jpeg", origin=FULL)[0])
    share = see_through()[..., 3:] / 255
    white = see_through()[..., :3] * share + 255 * (1 - share)
    assert flat.shape == (40, 60, 3)
    assert np.abs(flat - white).mean() < 5


def test_a_turned_file_is_exported_upright() -> None:
    data = saved(Image.fromarray(slope()), "JPEG", exif=exif(6), quality=98)
    coded, _ = exported(data, format=None, origin=FULL)
    assert reopened(coded).size == (40, 60)
    assert b"PhoneMaker" not in coded


NASTY = [
    "</rdf:Description><evil/>",
    "a <b> & \"c\" 'd' ]]> &amp; <!-- -->",
    "<?xpacket end='w'?>",
    "zero \x00 bell \x07 half \ud800 end \uffff",
    "naïve 中文 😀",
    "two\nlines\tand a tab",
    "&" * 8000,
    "😀" * 8000,
]


@pytest.mark.parametrize("words", NASTY, ids=range(len(NASTY)))
@pytest.mark.parametrize("form", FORMATS)
def test_words_stay_words(words: str, form: Format) -> None:
    origin = Origin("edited", words=words, model=words[:50], version="v1")
    coded, _ = exported(encode_png(slope()), format=form, origin=origin)
    told = packet(coded)
    assert len(told) == 5
    assert told[f"{_IPTC}DigitalSourceType"].endswith("compositeWithTrainedAlgorithmicMedia")
    shown = told[f"{_IPTC}AIPromptInformation"]
    assert len(shown) == len(words)
    lost = [was for was, now in zip(words, shown, strict=True) if was != now]
    assert all(letter in "\x00\x07\ud800\uffff" for letter in lost)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.sampled_from(FORMATS))
def test_any_words_can_stand_in_a_file(words: str, form: Format) -> None:
    coded, _ = exported(encode_png(slope(8, 8)), format=form, origin=Origin("generated", words))
    assert f"{_IPTC}DigitalSourceType" in packet(coded)


def test_longer_words_than_a_file_holds_are_cut() -> None:
    coded, _ = exported(COFFEE, format="jpeg", origin=Origin("generated", "&" * 50_000))
    assert packet(coded)[f"{_IPTC}AIPromptInformation"] == "&" * 8000


def test_an_old_label_is_replaced() -> None:
    for form in FORMATS:
        once, _ = exported(ASTRONAUT, format=form, origin=Origin("generated", "secret words"))
        again, _ = exported(once, format=form, origin=Origin("edited"))
        assert b"secret words" not in again
        assert "composite" in packet(again)[f"{_IPTC}DigitalSourceType"]
        assert again.count(b"digitalsourcetype/") == 1


def test_the_same_file_comes_out_each_time() -> None:
    for form in FORMATS:
        first, second = (exported(COFFEE, format=form, origin=FULL)[0] for _ in range(2))
        assert first == second


@pytest.mark.parametrize("data", [b"", b"text", ASTRONAUT[:9000], COFFEE[:9000]])
@pytest.mark.parametrize("form", [None, *FORMATS])
def test_a_damaged_picture_is_refused(data: bytes, form: Format | None) -> None:
    with pytest.raises(BadPicture):
        exported(data, format=form, origin=FULL)


def test_a_reader_of_jpeg_finds_the_packet_before_the_pixels() -> None:
    coded, _ = exported(COFFEE, format="jpeg", origin=FULL)
    at = coded.index(b"http://ns.adobe.com/xap/1.0/\0")
    assert at < coded.index(b"\xff\xda")
    assert Image.open(io.BytesIO(coded)).size == (600, 400)
