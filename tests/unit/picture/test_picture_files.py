"""Files enlarged and cut out on the disk: formats, labels, and nothing half written."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from core.errors import BadInput, BadPicture, DiskFull, TooLarge
from core.picture.codec import check, encode_png
from core.picture.files import cutout_file, upscale_file


@pytest.fixture
def source(tmp_path: Path) -> Path:
    pixels = np.full((40, 60, 3), 240, np.uint8)
    cv2.circle(pixels, (30, 20), 12, (200, 40, 30), -1, cv2.LINE_AA)
    path = tmp_path / "in.png"
    path.write_bytes(encode_png(pixels))
    return path


@pytest.mark.parametrize(
    ("name", "mime"),
    [("o.png", "image/png"), ("o.WEBP", "image/webp"), ("o.jpg", "image/jpeg")],
)
def test_the_suffix_names_the_format(source: Path, name: str, mime: str) -> None:
    target, heard = source.with_name(name), list[float]()
    upscale_file(source, target, 2, "auto", heard.append)
    data = target.read_bytes()
    info = check(data)
    assert (info.mime, info.width, info.height) == (mime, 120, 80)
    assert b"compositeWithTrainedAlgorithmicMedia" in data
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert sorted(path.name for path in source.parent.iterdir()) == sorted(["in.png", name])


def test_exact_enlargements_do_not_claim_a_network(source: Path) -> None:
    target = source.with_name("out.png")
    upscale_file(source, target, 2, "exact", lambda _: None)
    assert b"TrainedAlgorithmicMedia" not in target.read_bytes()


def test_a_cutout_is_transparent(source: Path) -> None:
    target = source.with_name("out.webp")
    cutout_file(source, target, lambda _: None)
    assert check(target.read_bytes()).alpha


def test_jpeg_cannot_be_transparent(source: Path) -> None:
    with pytest.raises(BadInput, match="transparency"):
        cutout_file(source, source.with_name("out.jpg"), lambda _: None)


@pytest.mark.parametrize("name", ["out.bmp", "out"])
def test_a_format_that_is_not_written_is_refused_first(source: Path, name: str) -> None:
    source.write_bytes(b"no picture")
    with pytest.raises(BadInput) as caught:
        upscale_file(source, source.with_name(name), 2, "auto", lambda _: None)
    assert ".png" in caught.value.hint


def test_a_bad_source_leaves_no_target(source: Path) -> None:
    target = source.with_name("out.png")
    source.write_bytes(b"no picture")
    with pytest.raises(BadPicture):
        upscale_file(source, target, 2, "auto", lambda _: None)
    with pytest.raises(BadInput):
        cutout_file(source.with_name("absent.png"), target, lambda _: None)
    assert not target.exists()


def test_a_result_too_large_is_refused(source: Path) -> None:
    source.write_bytes(encode_png(np.zeros((10, 1000, 3), np.uint8)))
    with pytest.raises(TooLarge, match="8,192"):
        upscale_file(source, source.with_name("out.png"), 10, "auto", lambda _: None)


def test_a_target_that_cannot_be_written_is_said(source: Path) -> None:
    with pytest.raises(DiskFull):
        upscale_file(source, source.parent / "absent" / "out.png", 2, "exact", lambda _: None)
