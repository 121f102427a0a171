"""The recipe of a version as plain words: how the picture came to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.engines.wording import dollars
from core.session.models import Version


def facts_of(version: Version, parents: Sequence[str]) -> Mapping[str, str]:
    """What there is to know, by what it is. `parents`: names of what the version was made from."""
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
    return {name: value for name, value in told.items() if value}


def report_of(version: Version) -> str:
    """What was measured of its transparency; empty where there is none."""
    report = version.alpha_report
    if report is None:
        return ""
    words = f"Cut out by {report.method}; {report.coverage:.0%} of the picture is covered."
    return " ".join([words, *report.warnings])


def _cost(version: Version) -> str:
    recipe = version.recipe
    if not recipe.cost_usd:
        return "free" if recipe.cost_known else "not known"
    return dollars(recipe.cost_usd) + ("" if recipe.cost_known else " at most")
