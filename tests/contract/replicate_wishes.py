"""What tests of the Replicate engine ask for, and the notes that they keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.engines.journal import UNKEPT, CallNote, Journal
from core.engines.port import ImageRequest, Operation
from core.engines.replicate.engine import ReplicateEngine
from core.engines.replicate.predictions import Patience
from core.errors import EaselError, EngineError
from tests.contract.openai_wishes import Watcher
from tests.contract.replicate_judge import packed, painted

TOKEN = "r8_test0123456789"
HUNYUAN = "tencent/hunyuan-image-2.1"
SEEDREAM = "bytedance/seedream-4.5"
QWEN = "qwen/qwen-image-edit-plus"
GPT = "openai/gpt-image-2"
HASTY = Patience(
    wait=1, notice=(0.02, 0.05, 0.1), slow=0.05, first=0.02, longest=0.05, settle=0.1, lost=0.3,
    swapped=(0.0, 0.05, 0.1),
)  # fmt: skip


@dataclass
class Claims:
    """Whose prediction is whose, over all requests."""

    owners: dict[str, str] = field(default_factory=dict)


@dataclass
class Notebook:
    """A journal in memory: what a store would keep over a crash."""

    claims: Claims = field(default_factory=Claims)
    owner: str = "turn-1:0"
    note: CallNote | None = None
    written: list[str] = field(default_factory=list)

    async def recall(self) -> CallNote | None:
        return self.note

    async def intend(self, marker: str) -> None:
        self.written.append("intend")
        self.note = CallNote(marker=marker, intended_at=datetime.now(UTC))

    async def claim(self, ref: str) -> bool:
        if self.claims.owners.setdefault(ref, self.owner) != self.owner:
            return False
        self.written.append(f"claim {ref}")
        if self.note is not None:
            self.note = self.note.model_copy(update={"ref": ref})
        return True

    async def forget(self) -> None:
        self.written.append("forget")
        self.note = None


def wish(operation: Operation = "generate", **changes: Any) -> ImageRequest:
    told: dict[str, Any] = {
        "model": HUNYUAN,
        "operation": operation,
        "key": "turn-1:0",
        "prompt": "a red mug",
        "size": (1024, 1024),
        "actor_hash": "9f2c",
    }
    return ImageRequest(**(told | changes))


async def fault(
    engine: ReplicateEngine, request: ImageRequest, journal: Journal = UNKEPT
) -> EngineError:
    error = await failure(engine, request, journal)
    assert isinstance(error, EngineError)
    return error


async def failure(
    engine: ReplicateEngine, request: ImageRequest, journal: Journal = UNKEPT
) -> EaselError:
    with pytest.raises(EaselError) as caught:
        await engine.run(request, Watcher(), journal)
    return caught.value


def small() -> bytes:
    return painted((96, 64))


def big() -> bytes:
    """A PNG that does not compress: about 750 kB."""
    noise = np.random.default_rng(1).integers(0, 256, (500, 500, 3), np.uint8)
    return packed(Image.fromarray(noise), "PNG")


def open_in_the_middle(size: tuple[int, int]) -> bytes:
    """Easel's mask: alpha 0 where it may change."""
    mask = Image.new("RGBA", size, (0, 0, 0, 255))
    width, height = size
    mask.paste((0, 0, 0, 0), (width // 4, height // 4, width * 3 // 4, height * 3 // 4))
    return packed(mask, "PNG")
