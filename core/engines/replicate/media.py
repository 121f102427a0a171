"""Models that make something else than pictures, told by what they publish.

Replicate does not say what kind of file a model gives. Its name, its inputs and the formats that it
offers do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.engines.replicate.fields import InputField

_BY_FORMAT = {
    "videos": {"mp4", "webm", "mov", "mkv"},
    "sound": {"mp3", "wav", "flac", "ogg", "m4a", "aac"},
    "3D models": {"glb", "gltf", "obj", "stl", "ply", "usdz"},
}
_PICTURE_FORMATS = {"png", "jpg", "jpeg", "webp", "avif"}
_BY_NAME = {
    "videos": {"video", "videos", "t2v", "i2v", "v2v", "animate", "lipsync"},
    "sound": {"audio", "music", "musicgen", "tts", "speech", "voice", "song", "whisper"},
    "3D models": {"mesh", "trellis"},
    "text": {"llm", "chat", "caption", "captioner", "ocr", "vqa", "instruct"},
}
_BY_INPUT = {
    "videos": {
        "fps", "frames_per_second", "frame_rate", "num_frames", "video_length", "duration",
        "video", "video_url", "input_video", "first_frame_image", "last_frame_image",
    },
    "sound": {"sample_rate", "lyrics", "voice_id", "audio", "audio_file", "bpm"},
    "3D models": {"mesh_simplify", "texture_size", "remesh"},
    "text": {"max_tokens", "max_new_tokens", "system_prompt", "top_p"},
}  # fmt: skip
_BY_WORDS = {
    "videos": r"to[- ]video|generat\w+ (a |short |new )*videos?|video generation",
    "sound": r"to[- ](speech|audio|music|voice)|(music|speech|audio) generation",
    "3D models": r"to[- ]3d\b|3d (asset|object|mesh)",
    "text": r"to[- ]text|language model|captioning",
}
_OF_PICTURES = re.compile(r"to[- ]image|image (generation|edit)|pictures?\b")
_TEXT = "text"


def other_medium(
    name: str, description: str, inputs: Iterable[InputField], *, pictures: bool
) -> str | None:
    """What the model makes instead of pictures, None when it makes pictures as far as one can see.

    `pictures`: its output is files, so that what an author of texts would offer says nothing.
    """
    fields = {field.name.lower(): field for field in inputs}
    offered = {
        str(choice).lower().lstrip(".")
        for field in fields.values()
        if "format" in field.name.lower()
        for choice in field.choices
    }
    if offered & _PICTURE_FORMATS:
        return None
    for medium, formats in _BY_FORMAT.items():
        if offered & formats:
            return medium
    parts = set(re.split(r"[^a-z0-9]+", name.partition("/")[2]))
    told = "" if _OF_PICTURES.search(description.lower()) else description.lower()
    for medium, names in _BY_NAME.items():
        if medium == _TEXT and pictures:
            continue
        if parts & names or _asks(fields, medium, told) or re.search(_BY_WORDS[medium], told):
            return medium
    return None


def _asks(fields: dict[str, InputField], medium: str, told: str) -> bool:
    """Two inputs of a kind, or one that is required or borne out by the description."""
    found = [fields[name] for name in _BY_INPUT[medium] if name in fields]
    if len(found) == 1:
        return found[0].required or any(word in told for word in _BY_NAME[medium])
    return len(found) > 1
