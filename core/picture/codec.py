"""The public surface of the picture codec: files looked at, checked, read, taken in, written."""

from core.picture.info import PictureInfo, check, probe
from core.picture.intake import Taken, take_in, take_mask
from core.picture.pixels import FileFormat, Pixels, decode, encode, encode_png

__all__ = [
    "FileFormat",
    "PictureInfo",
    "Pixels",
    "Taken",
    "check",
    "decode",
    "encode",
    "encode_png",
    "probe",
    "take_in",
    "take_mask",
]
