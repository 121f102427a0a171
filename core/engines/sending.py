"""What every engine asks of a request before it sends it on, and says of what it leaves out."""

from __future__ import annotations

from dataclasses import dataclass

from core.engines.port import ImageRequest, ModelCard
from core.errors import BadInput, EngineError, EngineFault, TooLarge
from core.picture.codec import PictureInfo, probe

_FILE_NAMES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
_VARIATION = "Another take on this picture: the same subject and style, arranged anew."


@dataclass(frozen=True)
class Picture:
    """One of the pictures that are sent, looked at."""

    data: bytes
    info: PictureInfo

    def file_name(self, stem: str) -> str:
        return f"{stem}.{_FILE_NAMES[self.info.mime]}"


def looked_at(data: bytes, most: int | None = None) -> Picture:
    """A picture in a format that models read.

    Raises BadInput for another format, TooLarge for `most` bytes or more.
    """
    info = probe(data)
    if info.mime not in _FILE_NAMES:
        raise BadInput("That picture is in a format models don't read.", hint="Send PNG or JPEG.")
    if most is not None and len(data) >= most:
        raise TooLarge(
            "That picture is too heavy for the model.",
            hint=f"Keep it under {most // 1_000_000} MB.",
        )
    return Picture(data, info)


def words_of(request: ImageRequest) -> str:
    """The words to draw from. Raises BadInput for none."""
    words = request.prompt.strip()
    if not words and request.operation == "vary" and request.images:
        words = _VARIATION
    if not words:
        raise BadInput("There are no words to draw from.", hint="Say what the picture should show.")
    return words


def bound_words(words: str, title: str, most: int) -> None:
    """Raises TooLarge for more than `most` characters."""
    if len(words) > most:
        raise TooLarge(
            f"That is more text than {title} reads.", hint=f"Keep it under {most:,} characters."
        )


def check_mask(mask: bytes, subject: PictureInfo) -> None:
    """Raises BadInput for a painted area that is not the subject's."""
    info = probe(mask)
    if info.mime != "image/png" or (info.width, info.height) != (subject.width, subject.height):
        raise BadInput(
            "The painted area does not belong to this picture.",
            hint=f"A mask is a PNG of {subject.width}x{subject.height} pixels.",
        )


def unable(card: ModelCard, request: ImageRequest) -> EngineError:
    """A request came to a model that can't do it at all."""
    return EngineError(
        f"{card.title} does not do “{request.operation}”.",
        kind=EngineFault.UNSUPPORTED,
        hint="Use another model.",
    )


def without_some(title: str, most: int) -> str:
    many = "one picture" if most == 1 else f"{most} pictures"
    return f"{title} works from {many}: the others were not used"


def without_area(title: str) -> str:
    return f"{title} does not use a painted area"


def without_seed(title: str) -> str:
    return f"{title} has no seeds: the same words give another picture each time"


def without_quality(title: str, quality: str) -> str:
    return f"{title} has no quality “{quality}”: it chose its own"


def without_transparency(title: str) -> str:
    return f"{title} draws no transparency: there is a background to cut away"
