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
    "videos": {"video", "videos", "t2v", "i2v", "v2v", "animate", "animation", "lipsync"},
    "sound": {"audio", "music", "musicgen", "tts", "speech", "voice", "song", "whisper", "sing"},
    "3D models": {"3d", "mesh"},
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
_CLEAR = {"videos", "sound", "3D models"}


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
    parts = set(re.split(r"[^a-z0-9]+", name.partition("/")[2]))
    told = set(re.findall(r"[a-z0-9]+", description.lower()))
    for medium, formats in _BY_FORMAT.items():
        if offered & formats:
            return medium
    for medium in _BY_NAME:
        certain = not pictures or medium in _CLEAR
        if certain and (parts & _BY_NAME[medium] or _asks(fields, medium, told)):
            return medium
    return None


def _asks(fields: dict[str, InputField], medium: str, told: set[str]) -> bool:
    """Two inputs of a kind, or one that is required or borne out by the description."""
    found = [fields[name] for name in _BY_INPUT[medium] if name in fields]
    if len(found) == 1:
        return found[0].required or bool(told & _BY_NAME[medium])
    return len(found) > 1
