"""What is known of the curated models beyond their published inputs.

Inputs are found by name and type as with any model (`generic`), so that a curated model goes on
working when its schema changes; an entry adds what no schema says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.engines.replicate.sizing import USUAL_PIXELS, Size


@dataclass(frozen=True, slots=True)
class Entry:
    """How a model wants to be asked.

    `fixed` is sent always, `with_pictures` when there are pictures to work from, each where the
    schema allows it. `pixels`: about how many it draws; `drawn`: its sizes by ratio, as far as
    known. `least_pixels`: fewer are refused. `most_pixels_in`, `most_pixels_out`: past these it
    fails. `adds_words`: a person's words go before its own default prompt.
    """

    fixed: Mapping[str, Any] = field(default_factory=dict)
    with_pictures: Mapping[str, Any] = field(default_factory=dict)
    pixels: int = USUAL_PIXELS
    drawn: Mapping[str, tuple[Size, ...]] = field(default_factory=dict)
    least_pixels: int = 0
    most_pixels_in: int | None = None
    most_pixels_out: int | None = None
    adds_words: bool = False


_GPT_IMAGE: dict[str, tuple[Size, ...]] = {
    "1:1": ((1024, 1024),),
    "3:2": ((1536, 1024),),
    "2:3": ((1024, 1536),),
}
_FLUX: dict[str, tuple[Size, ...]] = {
    "1:1": ((1024, 1024),),
    "16:9": ((1344, 768),),
    "21:9": ((1536, 640),),
    "3:2": ((1216, 832),),
    "2:3": ((832, 1216),),
    "4:5": ((896, 1088),),
    "5:4": ((1088, 896),),
    "3:4": ((896, 1152),),
    "4:3": ((1152, 896),),
    "9:16": ((768, 1344),),
    "9:21": ((640, 1536),),
}
_SEEDREAM: dict[str, tuple[Size, ...]] = {
    "1:1": ((2048, 2048), (4096, 4096)),
    "4:3": ((2304, 1728), (4704, 3520)),
    "3:4": ((1728, 2304), (3520, 4704)),
    "16:9": ((2560, 1440), (5504, 3040)),
    "9:16": ((1440, 2560), (3040, 5504)),
    "3:2": ((2496, 1664), (4992, 3328)),
    "2:3": ((1664, 2496), (3328, 4992)),
    "21:9": ((3024, 1296), (6240, 2656)),
}

ENTRIES: dict[str, Entry] = {
    "openai/gpt-image-2": Entry(drawn=_GPT_IMAGE),
    "openai/gpt-image-1.5": Entry(drawn=_GPT_IMAGE, with_pictures={"input_fidelity": "high"}),
    "bytedance/seedream-4.5": Entry(
        fixed={"sequential_image_generation": "disabled"},
        drawn=_SEEDREAM,
        pixels=2048 * 2048,
        least_pixels=2560 * 1440,
    ),
    "black-forest-labs/flux-redux-dev": Entry(drawn=_FLUX),
    "tencent/hunyuan-image-2.1": Entry(pixels=2048 * 2048),
    "nightmareai/real-esrgan": Entry(fixed={"face_enhance": False}, most_pixels_in=2_000_000),
    "philz1337x/clarity-pro-upscaler": Entry(fixed={"creativity": 0}, most_pixels_out=64_000_000),
    "philz1337x/clarity-upscaler": Entry(adds_words=True),
    "851-labs/background-remover": Entry(
        fixed={"background_type": "rgba", "format": "png", "threshold": 0, "reverse": False}
    ),
    "bria/remove-background": Entry(fixed={"preserve_alpha": True}),
}

UNKNOWN = Entry()
"""What is known of a model that no one curated."""
