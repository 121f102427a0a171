"""Numbers, facts and states in the words in which people of a thread read them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from adapters.chat.words import one_line
from core.engines.wording import dollars
from core.session.models import Recipe, Session, Turn, TurnState, Version
from core.turns.gallery import UPLOADED

_BAR_SIGNS = 12
_ALT_LETTERS = 1000
"""As much as every platform takes for a file."""
_SMALL = 0.001
_NAME_LETTERS = 80
_DOT = " · "
PREVIEW = "A first look, not finished yet. It goes when the picture is ready."
SHEET_ALT = "All pictures of this thread, side by side, with the words that made them."


def seconds(value: float) -> str:
    """ "4.2 s", "12 s", "2 min 5 s"."""
    if value < 10:
        return f"{value:.1f} s"
    if value < 60:
        return f"{value:.0f} s"
    return f"{int(value // 60)} min {int(value % 60)} s"


def cost(usd: float, *, known: bool = True) -> str:
    """ "no cost", "$0.04", "about $0.042", "under $0.001"."""
    if usd <= 0:
        return "no cost"
    return dollars(usd) if known or usd < _SMALL else f"about {dollars(usd)}"


def size(wish: str | None) -> str:
    """ "360 × 360 px" for "360x360"; other wishes ("square") as they are."""
    width, by, height = (wish or "").partition("x")
    return f"{width} × {height} px" if by and width.isdigit() else wish or ""


def wishes(turn: Turn) -> str:
    """What was asked for beside the words, as far as it stands out."""
    options = turn.defaults.under(turn.options)
    told = [
        turn.model or options.model or "",
        size(options.size) or options.ar or "",
        f"{options.n} pictures" if (options.n or 1) > 1 else "",
        f"quality {options.quality}" if options.quality else "",
    ]
    return " · ".join(part for part in told if part)


def bar(fraction: float) -> str:
    """How far something is, as a row of signs: pictures of a message can't be exchanged."""
    full = round(min(1.0, max(0.0, fraction)) * _BAR_SIGNS)
    return f"{'▰' * full}{'▱' * (_BAR_SIGNS - full)} {min(1.0, max(0.0, fraction)):.0%}"


@dataclass(frozen=True)
class Markup:
    """How a platform writes words of people (`escaped`, at most so long) and bold ones."""

    escaped: Callable[[str, int], str]
    bold: Callable[[str], str]


def facts(version: Version, approved_by: Sequence[str], markup: Markup) -> str:
    """One line on a version, as markup. `approved_by` are the names of people."""
    asset, recipe, escaped = version.asset, version.recipe, markup.escaped
    told = [
        markup.bold(escaped(version.name, 20)),
        escaped(version.model, 120) if version.model else "your picture",
        size(f"{asset.width}x{asset.height}"),
        seconds(recipe.seconds) if recipe.seconds else "",
        "" if version.operation == UPLOADED else _paid(recipe),
        "transparent" if asset.alpha else "",
        _approved(approved_by, escaped),
    ]
    return _DOT.join(part for part in told if part)


def _paid(recipe: Recipe) -> str:
    return cost(recipe.cost_usd, known=recipe.cost_known)


def _approved(names: Sequence[str], escaped: Callable[[str, int], str]) -> str:
    if not names:
        return ""
    told = ", ".join(escaped(one_line(name, _NAME_LETTERS), 200) for name in names[:3])
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"✓ approved by {told}{more}"


def reports(version: Version) -> list[str]:
    """What was measured of a version and is worth a line: what else changed, edges that stayed."""
    told = []
    kept = (version.drift or {}).get("words")
    if isinstance(kept, str) and kept:
        told.append(kept)
    if version.alpha_report:
        told.extend(version.alpha_report.warnings)
    return told


def alt_text(version: Version, turn: Turn) -> str:
    """What a picture is for those who do not see it: its name and the words that asked for it."""
    words = version.recipe.words or turn.text
    if not words:
        return f"{version.name}: a picture"
    return one_line(f"{version.name}: {words}", _ALT_LETTERS)


def preview_alt(turn: Turn) -> str:
    """The same for a picture that is still being drawn."""
    return one_line(f"Not finished yet: {turn.text or 'a picture'}", _ALT_LETTERS)


def checkered_alt(version: Version) -> str:
    """The same for the view on a checkerboard."""
    return (
        f"{version.name} on a checkerboard, only to show where it is transparent; "
        "the other file is the picture."
    )


def state(turn: Turn) -> str:
    """What a turn that waits or runs is doing, as plain words."""
    progress = turn.progress
    if turn.state is TurnState.QUEUED:
        before = (progress.queue_place if progress else 0) or 0
        if before == 0:
            return "Next in line"
        return f"Waiting for {before} {'turn' if before == 1 else 'turns'} before this one"
    if progress and progress.stage:
        return progress.stage
    return "Getting ready"


def subject(turn: Turn, chosen: Version | None) -> str:
    """Which picture is acted on, as plain words; empty while that is not decided."""
    if turn.echo:
        return turn.echo[:1].upper() + turn.echo[1:]
    if turn.state is TurnState.QUEUED and chosen is not None:
        return f"On {chosen.name}"
    return ""


def title(session: Session) -> str:
    """A session's title where the platform lists it."""
    return one_line(session.title, 200) or "Pictures"
