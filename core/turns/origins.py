"""What an exported file says of where it came from, told from the line of versions behind it."""

from __future__ import annotations

from core.engines.operations import DRAWN
from core.errors import NotFound
from core.picture.export import Made, Origin
from core.session.models import Version
from core.session.store import SessionStore
from core.turns.gallery import UPLOADED

_RENDERER = "studio"
_FARTHEST = 1_000


async def origin_of(version: Version, store: SessionStore) -> Origin | None:
    """The label of a version: who drew in its line, and whether a photograph stands behind it.

    None for a picture that stands as it was brought along.
    """
    if version.operation == UPLOADED:
        return None
    line = await _line(version, store)
    drawn = [each for each in line if each.operation in DRAWN]
    latest = drawn[0] if drawn else version
    return Origin(
        made=_made(line, drawn),
        words=latest.recipe.words,
        model=latest.model,
        version=version.name,
    )


def _made(line: list[Version], drawn: list[Version]) -> Made:
    if not drawn:
        return "adjusted"
    if all(each.recipe.engine == _RENDERER for each in drawn):
        return "rendered"
    photograph = any(each.operation == UPLOADED or each.recipe.from_photograph for each in line)
    return "edited" if photograph else "generated"


async def _line(version: Version, store: SessionStore) -> list[Version]:
    """The version and what it came from, the nearest first."""
    line = [version]
    while line[-1].parents and len(line) < _FARTHEST:
        try:
            line.append(await store.version(line[-1].parents[0]))
        except NotFound:
            break
    return line
