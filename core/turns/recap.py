"""The thread at a glance: a contact sheet of its versions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from core.errors import BadInput
from core.instruction.describe import describe
from core.picture import sheet
from core.session import keys
from core.session.models import Asset, Session, Turn, Version
from core.session.store import SessionStore
from core.turns.gallery import UPLOADED
from core.turns.reporter import TurnReporter
from core.turns.stage import Tools

_DOING = {
    "generate": "drawn",
    "edit": "edit of {parent}",
    "inpaint": "area of {parent} edited",
    "vary": "variation of {parent}",
    "cutout": "cut out of {parent}",
    "upscale": "{parent} enlarged",
    "adjust": "{parent} adjusted",
    UPLOADED: "brought along",
}
_ANONYMOUS = ("upload", "adjust")
"""What is done without a model that people would know."""


@dataclass(frozen=True)
class Standing:
    """A thread as it stands when it is looked at: versions that are not stored yet included."""

    session: Session
    versions: Sequence[Version]
    head: str | None


async def contact_sheet(
    standing: Standing, reporter: TurnReporter, store: SessionStore, tools: Tools
) -> Asset:
    """A picture of all versions (the newest ones of many), the words that made it under each.

    Raises BadInput: there is none yet.
    """
    if not standing.versions:
        raise BadInput(
            "There is nothing to look back on yet.",
            hint="Describe a picture to begin, for example “a red mug on a walnut table”.",
            code="no_versions",
        )
    shown = standing.versions[-sheet.MOST :]
    turns = await _turns(shown, reporter.turn, store)
    approved = await tools.links.approvals(standing.session.id)
    titles = {card.id: card.title for card in tools.catalog.cards()}
    tiles = []
    for place, version in enumerate(shown):
        await reporter.stage(f"looking at {version.name}", place / (len(shown) + 1))
        tiles.append(
            sheet.Tile(
                picture=await _small(version, tools),
                name=version.name,
                words=_words(version, turns[version.turn_id], shown),
                made=_made(version, titles),
                head=version.id == standing.head,
                approved=version.id in approved,
            )
        )
    line = _line(len(shown), len(standing.versions), approved)
    png, width, height = await tools.pixels.run(
        sheet.laid_out, standing.session.title or "Recap", line, tiles
    )
    return await tools.painter.keep(png, width, height, alpha=False)


async def _small(version: Version, tools: Tools) -> bytes:
    data = await tools.blobs.get(version.asset.sha256)
    made: bytes = await tools.pixels.run(sheet.small, data)
    return made


async def _turns(
    versions: Sequence[Version], present: Turn, store: SessionStore
) -> Mapping[str, Turn]:
    """The turns that made versions, by id; the present one as its worker knows it."""
    found = {present.id: present}
    for version in versions:
        if version.turn_id not in found:
            found[version.turn_id] = await store.turn(version.session_id, version.turn_id)
    return found


def _words(version: Version, turn: Turn, versions: Sequence[Version]) -> str:
    """What somebody said; of a turn with several steps what the step did."""
    if version.operation == UPLOADED:
        return _file_name(version, turn)
    if version.step is not None and (len(turn.plan) > 1 or not turn.text.strip()):
        return describe(version.step)
    return turn.text or version.recipe.words


def _file_name(version: Version, turn: Turn) -> str:
    names = [
        name
        for asset, name in zip(turn.inputs, turn.names, strict=False)
        if asset.sha256 == version.asset.sha256
    ]
    return names[0] if names else ""


def _made(version: Version, titles: Mapping[str, str]) -> str:
    """How it came to be, small under the words."""
    numbers = [keys.version_number(parent) for parent in version.parents]
    parent = f"v{numbers[0]}" if numbers and numbers[0] else "a picture"
    doing = _DOING.get(version.operation, version.operation).format(parent=parent)
    model = "" if version.operation in _ANONYMOUS else titles.get(version.model, version.model)
    return f"{doing} · {model}" if model else doing


def _line(shown: int, count: int, approved: Collection[str]) -> str:
    versions = f"{count} version{'' if count == 1 else 's'}"
    many = f"The newest {shown} of {versions}" if shown < count else versions
    return f"{many}, {len(approved)} approved" if approved else many
