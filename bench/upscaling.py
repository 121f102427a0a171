"""What enlarging costs over its bare network, and how much memory it takes.

Time is compared side by side in one run, round by round, so that a busy machine slows both alike.
Memory is the peak of a process of its own that does the whole job, from file to file.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

import cv2
import numpy as np

from bench.rows import Row
from core.picture.codec import Pixels, encode_png
from core.picture.networks import PHOTO, SMALL, Network, load
from core.picture.tiles import spans
from core.picture.upscale import Enlargement, enlarged, way_for

TIME_BAR = 1.15
_ROUNDS = 5
_MEGABYTE = 2**20

_MEASURE = """
import pathlib, re, sys
from core.picture.upscale import Enlargement, upscale
data = sys.stdin.buffer.read()
upscale(lambda _: None, data, Enlargement(scale=float(sys.argv[1]), variant=sys.argv[2]))
status = pathlib.Path("/proc/self/status").read_text()
print(int(re.search(r"VmHWM:\\s*(\\d+)", status)[1]) * 1024)
"""


def measure() -> list[Row]:
    """All rows; some two minutes on two cores."""
    return [
        _time_row("small network", SMALL[4], side=768, variant="fast"),
        _time_row("x4plus", PHOTO, side=96, variant="photo"),
        _memory_row("small network", 512, 4, "fast", bar=700),
        _memory_row("small network", 2048, 4, "fast", bar=700),
        _memory_row("small network", 4096, 2, "fast", bar=700),
        _memory_row("x4plus", 192, 4, "photo", bar=1300),
    ]


def picture(side: int) -> Pixels:
    """Slopes, edges and grain, the same each time."""
    rng = np.random.default_rng(5)
    small = rng.integers(0, 256, (16, 16, 3), np.uint8)
    soft = cv2.resize(small, (side, side), interpolation=cv2.INTER_CUBIC).astype(np.int16)
    soft[:, side // 3 : side // 2] //= 2
    grain = rng.integers(-6, 7, (side, side, 3), np.int16)
    return np.asarray(np.clip(soft + grain, 0, 255), np.uint8)


def times(network: Network, side: int, variant: str) -> list[tuple[float, float]]:
    """Seconds of ours and of the bare network on the same tiles, pair by pair."""
    pixels = picture(side)
    load(network)
    pairs = []
    for number in range(_ROUNDS):
        runs = [lambda: _ours(pixels, network, variant), lambda: _bare(pixels, network)]
        took = [0.0, 0.0]
        for which in (0, 1) if number % 2 else (1, 0):
            begun = time.perf_counter()
            runs[which]()
            took[which] = time.perf_counter() - begun
        pairs.append((took[0], took[1]))
    return pairs


def peak_memory(side: int, scale: float, variant: str) -> int:
    """Bytes at most in memory of a process that enlarges a square picture."""
    told = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(scale), variant],
        input=encode_png(picture(side)),
        stdout=subprocess.PIPE,
        check=True,
    )
    return int(told.stdout)


def _ours(pixels: Pixels, network: Network, variant: str) -> None:
    way = way_for(pixels, Enlargement(scale=network.factor, variant=variant))
    for _ in enlarged(pixels, way, lambda _: None):
        pass


def _bare(pixels: Pixels, network: Network) -> None:
    upsampler = load(network)
    for row in spans(pixels.shape[0], network):
        for column in spans(pixels.shape[1], network):
            upsampler(pixels[row.seen, column.seen])


def _time_row(name: str, network: Network, side: int, variant: str) -> Row:
    pairs = times(network, side, variant)
    ratio = statistics.median(ours / bare for ours, bare in pairs)
    seconds = statistics.median(ours for ours, _ in pairs)
    to = side * network.factor
    return Row(
        f"Enlarging {side}² to {to}², {name}: time over the bare network on the same tiles",
        f"{ratio:.2f}× ({seconds:.1f} s)",
        f"≤ {TIME_BAR}×",
        ratio <= TIME_BAR,
    )


def _memory_row(name: str, side: int, scale: float, variant: str, bar: int) -> Row:
    peak = peak_memory(side, scale, variant) / _MEGABYTE
    return Row(
        f"Enlarging {side}² to {round(side * scale)}², {name}: peak memory, file to file",
        f"{peak:.0f} MB",
        f"< {bar} MB",
        peak < bar,
    )
