"""From Easel's request to the input of a model on Replicate.

Pure: nothing is sent here. Only inputs that the schema has get values, and only values that it
allows. A wish that the model can't take is left out and told in a note; what it can't do at all
raises before anything is spent.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from typing import Any

from core.engines.operations import DOES, DRAWN, can
from core.engines.port import ImageRequest, ModelCard
from core.engines.replicate.cards import card_of
from core.engines.replicate.enlarging import MOST_TIMES, factor, times_wanted
from core.engines.replicate.entries import ENTRIES, UNKNOWN
from core.engines.replicate.fields import InputField
from core.engines.replicate.generic import declared, roles_of, wanting
from core.engines.replicate.schema import ModelSchema
from core.engines.replicate.sizing import Size, every_way, sized
from core.engines.sending import (
    bound_words,
    check_mask,
    looked_at,
    without_area,
    without_quality,
    without_seed,
    without_some,
    without_transparency,
    words_of,
)
from core.errors import BadInput, TooLarge
from core.picture.codec import PictureInfo
from core.picture.mask import white_where_open

_SEEDS = 2**31
"""Most models read a seed as a signed number of 32 bits, whether they say so or not."""
_SQUARE: Size = (1024, 1024)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file, standing where its address goes inside an input."""

    data: bytes
    name: str
    mime: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """The input of a prediction. `notes` are said to the person.

    `marker_field`: the name of an input that may carry a mark of ours, where there is one.
    """

    input: dict[str, Any]
    notes: tuple[str, ...]
    seed: int | None
    marker_field: str | None


def prepare(schema: ModelSchema, request: ImageRequest) -> Prepared:
    """What to send for a request.

    Decodes a mask, so that it may take a second for a large picture.

    Raises:
        BadInput: the model can't do it; says what is missing.
        TooLarge: more words or pixels than it takes.
    """
    return _Filling(schema, card_of(schema), request).filled()


class _Filling:
    """One input, filled role by role."""

    def __init__(self, schema: ModelSchema, card: ModelCard, request: ImageRequest) -> None:
        self.schema = schema
        self.card = card
        self.request = request
        self.roles = roles_of(schema)
        self.entry = ENTRIES.get(schema.name, UNKNOWN)
        self.values: dict[str, Any] = {}
        self.notes: list[str] = []
        self.pictures = [looked_at(data) for data in request.images]
        self.infos = [picture.info for picture in self.pictures]

    def filled(self) -> Prepared:
        self._refuse_what_it_cannot()
        self._pictures()
        self._words()
        self._mask()
        if self.request.operation == "upscale":
            self._scale()
        elif self.request.operation in DRAWN:
            self._size()
            self._look()
        self._file()
        seed = self._seed()
        self._fixed()
        self._required()
        user = self.roles.user
        return Prepared(self.values, tuple(self.notes), seed, user.name if user else None)

    def put(self, field: InputField | None, value: object) -> bool:
        """Give an input a value, if the schema allows it."""
        if field is None or not field.takes(value):
            return False
        self.values[field.name] = value
        return True

    def _refuse_what_it_cannot(self) -> None:
        operation, able = self.request.operation, self.card.capabilities.operations
        if able == {"inpaint"} and (operation == "edit" or self.request.mask is None):
            raise BadInput(
                f"{self.card.title} changes only what lies under a painted area.",
                hint="Paint over what should change, or choose another model.",
            )
        if not can(self.card, operation):
            raise BadInput(
                f"{self.card.title} can't {DOES[operation]}.", hint="Choose a model that can."
            )
        if operation != "generate" and not self.request.images:
            raise BadInput(
                f"{self.card.title} needs a picture to work on.",
                hint="Attach one, or reply to one of mine.",
            )

    def _pictures(self) -> None:
        self._refuse_large()
        rest = [
            Upload(picture.data, picture.file_name(f"picture-{place}"), picture.info.mime)
            for place, picture in enumerate(self.pictures, start=1)
        ]
        room = self.card.capabilities.max_inputs
        rest, left = rest[:room], rest[room:]
        for place, field in enumerate(self.roles.images):
            later = sum(other.required for other in self.roles.images[place + 1 :])
            spare = max(len(rest) - later, min(1, len(rest)))
            taken = min(declared(field) or room, spare)
            if taken < max(1, field.min_length):
                continue
            self.values[field.name] = rest[0] if field.kind == "uri" else rest[:taken]
            rest = rest[taken:]
        if rest or left:
            self.notes.append(self._surplus(room))

    def _surplus(self, room: int) -> str:
        if not room:
            return f"{self.card.title} takes no pictures: those that came along were not used"
        return without_some(self.card.title, room)

    def _refuse_large(self) -> None:
        most = self.entry.most_pixels_in
        if most and self.infos and self.infos[0].width * self.infos[0].height > most:
            raise TooLarge(
                f"{self.card.title} takes pictures of up to {most / 1e6:g} megapixels.",
                hint="Use the model real-esrgan: it runs here and takes larger ones.",
            )

    def _words(self) -> None:
        words, field = self.request.prompt.strip(), self.roles.prompt
        draws = self.request.operation in DRAWN
        if field is None:
            if words and draws:
                self.notes.append(f"{self.card.title} works from pictures alone: "
                                  "the words were not read")  # fmt: skip
            return
        if not words and draws:
            words = words_of(self.request)
        if words and self.entry.adds_words and isinstance(field.default, str):
            words = f"{words}, {field.default}"
        if not words:
            return
        most = self.card.capabilities.max_prompt
        most = min(most, field.max_length or most)
        bound_words(words, self.card.title, most)
        if not self.put(field, words):
            raise wanting(field, self.card.title)

    def _mask(self) -> None:
        mask, field = self.request.mask, self.roles.mask
        if mask is None:
            return
        if field is None or self.request.operation != "inpaint":
            self.notes.append(without_area(self.card.title))
            return
        check_mask(mask, self.infos[0])
        self.values[field.name] = Upload(white_where_open(mask), "mask.png", "image/png")

    def _size(self) -> None:
        wish, subject = self.request.size, self._subject()
        for name, value in sized(self.roles, wish, subject, self.entry.least_pixels).items():
            self.put(self.schema.field(name), value)
        for name, value in every_way(self.roles, wish or subject or _SQUARE, subject).items():
            field = self.schema.field(name)
            if field and field.required and name not in self.values:
                self.put(field, value)

    def _subject(self) -> Size | None:
        """The size of the picture that goes out to be worked on, if one does."""
        went = self.values.keys() & {field.name for field in self.roles.images}
        return (self.infos[0].width, self.infos[0].height) if went else None

    def _look(self) -> None:
        request, title = self.request, self.card.title
        quality = request.quality
        if quality and quality != "auto" and not self.put(self.roles.quality, quality):
            self.notes.append(without_quality(title, quality))
        if request.transparent and not self._clear():
            self.notes.append(without_transparency(title))

    def _clear(self) -> bool:
        field = self.roles.background
        return self.put(field, True) or self.put(field, "transparent")

    def _file(self) -> None:
        """One picture, in a form that loses nothing where there is one; whoever asks is told."""
        count, form = self.roles.count, self.roles.form
        if count is not None:
            fewest = [one for one in (*count.choices, count.minimum) if one is not None]
            any(self.put(count, one) for one in (1, "1", *fewest))
        if form is not None and form.choices:
            last = ("jpg", "jpeg") if form.required and form.default is None else ()
            any(self.put(form, name) for name in ("png", "webp", *last))
        if self.request.actor_hash:
            self.put(self.roles.user, self.request.actor_hash)

    def _seed(self) -> int | None:
        """The person's, or one that follows from the step's key: a repeated step has it again."""
        field, asked = self.roles.seed, self.request.seed
        if field is None:
            if asked is not None:
                self.notes.append(without_seed(self.card.title))
            return None
        number = zlib.crc32(self.request.key.encode()) if asked is None else asked
        low = math.ceil(max(field.minimum or 0, 0))
        high = math.floor(field.maximum) if field.maximum is not None else _SEEDS - 1
        if high < low:
            return None
        seed = number if low <= number <= high else low + number % (high - low + 1)
        seed -= seed % (field.multiple or 1)
        return seed if self.put(field, seed) else None

    def _fixed(self) -> None:
        more = self.entry.with_pictures if self.request.images else {}
        for name, value in {**self.entry.fixed, **more}.items():
            self.put(self.schema.field(name), value)

    def _scale(self) -> None:
        field, info = self.roles.scale, self.infos[0]
        wanted = times_wanted(self.request, (info.width, info.height))
        if field is None:
            self.notes.append(f"{self.card.title} enlarges by a factor of its own")
            return
        value, times = factor(field, wanted, self._most_times(info))
        if value is None or not self.put(field, value):
            raise TooLarge(
                f"That picture is too large for {self.card.title} to enlarge.",
                hint="Use a smaller one, or the model real-esrgan, which runs here.",
            )
        if times < wanted - 1e-6:
            self.notes.append(f"{self.card.title} enlarges this picture {times:g} times at most")

    def _most_times(self, info: PictureInfo) -> float:
        most = self.entry.most_pixels_out
        return math.sqrt(most / (info.width * info.height)) if most else MOST_TIMES

    def _required(self) -> None:
        for field in self.schema.inputs:
            missing = field.required and field.name not in self.values
            if missing and not self.put(field, field.default):
                raise wanting(field, self.card.title)
