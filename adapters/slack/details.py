"""The recipe of a version, as people read it: how the picture came to be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.slack.escaping import escaped, mrkdwn, plain
from adapters.slack.modals import View, said
from core.engines.wording import dollars
from core.session.models import Version

_MOST_WORDS = 2_400
_FIELD = 1_900


def details_view(version: Version, parents: Sequence[str]) -> View:
    """`parents`: the names of the versions that it was made from."""
    view = said(f"Details of {version.name}")
    view["blocks"] = [
        *_words(version),
        {"type": "section", "fields": [mrkdwn(field) for field in _fields(version, parents)[:10]]},
        *_report(version),
        {"type": "context", "elements": [mrkdwn(f"Version `{escaped(version.id, 100)}`")]},
    ]
    return view


def _words(version: Version) -> list[dict[str, Any]]:
    words = escaped(version.recipe.words, _MOST_WORDS)
    if not words.strip():
        return []
    title = {"type": "header", "text": plain("Words", 150)}
    return [title, {"type": "section", "text": mrkdwn(words)}]


def _fields(version: Version, parents: Sequence[str]) -> list[str]:
    recipe, asset = version.recipe, version.asset
    told = {
        "Made by": f"{recipe.operation}, {recipe.model}" if recipe.model else recipe.operation,
        "Snapshot": recipe.snapshot or "",
        "Size": f"{asset.width} × {asset.height} px, {asset.bytes / 1_000_000:.1f} MB",
        "Transparent": "yes" if asset.alpha else "no",
        "From": ", ".join(parents),
        "Quality": recipe.quality or "",
        "Seed": "" if recipe.seed is None else str(recipe.seed),
        "Cost": _cost(version),
        "Time": f"{recipe.seconds:.1f} s" if recipe.seconds else "",
        "Made at": f"{version.created_at:%Y-%m-%d %H:%M} UTC",
    }
    return [f"*{name}*\n{escaped(value, _FIELD)}" for name, value in told.items() if value]


def _cost(version: Version) -> str:
    recipe = version.recipe
    if not recipe.cost_usd:
        return "free" if recipe.cost_known else "not known"
    return dollars(recipe.cost_usd) + ("" if recipe.cost_known else " at most")


def _report(version: Version) -> list[dict[str, Any]]:
    report = version.alpha_report
    if report is None:
        return []
    words = f"Cut out by {report.method}; {report.coverage:.0%} of the picture is covered."
    told = " ".join([words, *report.warnings])
    return [{"type": "section", "text": mrkdwn(escaped(told, _MOST_WORDS))}]
