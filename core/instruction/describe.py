"""A step in a few words, for the documentation and for whoever shows a plan to a person."""

from __future__ import annotations

from core.instruction.plan import (
    Adjust,
    Advise,
    Cutout,
    Edit,
    Generate,
    Jump,
    Recap,
    Redo,
    Show,
    ShowVersions,
    Step,
    Undo,
    Upscale,
    Vary,
)
from core.picture.adjustments import (
    Adjustment,
    Backdrop,
    BlurBackground,
    Convert,
    Crop,
    Flip,
    Label,
    Light,
    Outline,
    Pad,
    Resize,
    Rotate,
    Shadow,
    Sharpen,
    Trim,
)


def describe(step: Step) -> str:
    """What a step does, for example "crop to 4:5" or "enlarge 4×"."""
    match step:
        case Generate():
            return f"draw “{step.prompt}”"
        case Edit():
            scope = "" if step.keep_rest else " (whole picture)"
            return f"edit “{step.prompt}”{scope}"
        case Vary():
            return "draw it again" if step.again else f"{step.n} variations"
        case Upscale():
            return _enlargement(step)
        case Cutout():
            return f"cut out (true transparency){_by(step.by)}"
        case Adjust():
            return describe_adjustment(step.adjustment)
        case Undo() | Redo():
            return step.op if step.steps == 1 else f"{step.op} {step.steps} steps"
        case Jump():
            return f"go to v{step.version}"
        case ShowVersions():
            return "show the versions"
        case Show():
            return f"show v{step.version} again"
        case Recap():
            return "a contact sheet of the thread"
        case Advise():
            return f"say which model fits “{step.about}”" if step.about else "say which model fits"


def _enlargement(step: Upscale) -> str:
    to = f"{step.scale:g}×" if step.scale else f"to {step.long_side} px (long side)"
    model = f" with the {step.model} model" if step.model else ""
    return f"enlarge {to}{model}{_by(step.by)}"


def _by(model: str | None) -> str:
    return f" with {model}" if model else ""


def describe_adjustment(change: Adjustment) -> str:
    """What an exact adjustment does, in a few words."""
    match change:
        case Crop() | Resize() | Rotate() | Flip() | Trim() | Pad():
            return _shape(change)
        case Light() | Sharpen() | BlurBackground():
            return _light(change)
        case Backdrop():
            second = f" to {change.colour2}" if change.colour2 else ""
            return f"backdrop {change.colour}{second}"
        case Shadow():
            return f"drop shadow {change.strength:g}"
        case Outline():
            width = f"{change.pixels} px " if change.pixels else ""
            return f"{width}outline {change.colour}"
        case Label():
            ink = f" in {change.colour}" if change.colour else ""
            return f"label “{change.text}” at the {change.anchor}{ink}"
        case Convert():
            return f"save as {change.format.upper()}"


def _shape(change: Crop | Resize | Rotate | Flip | Trim | Pad) -> str:
    match change:
        case Crop():
            at = "" if change.anchor == "center" else f" at the {change.anchor}"
            return f"crop to {_ratio(change.aspect) or f'{change.width}×{change.height}'}{at}"
        case Resize():
            return f"resize {_resize(change)}"
        case Rotate():
            return f"rotate {change.degrees:g}°"
        case Flip():
            return f"flip {change.axis}ly"
        case Trim():
            return f"trim, keep {change.margin} px" if change.margin else "trim"
        case Pad():
            colour = f" in {change.colour}" if change.colour else ""
            return f"pad {_ratio(change.aspect, 'to ') or f'by {change.pixels} px'}{colour}"


def _ratio(aspect: tuple[float, float] | None, before: str = "") -> str:
    return f"{before}{aspect[0]:g}:{aspect[1]:g}" if aspect else ""


def _resize(change: Resize) -> str:
    if change.factor is not None:
        return f"to {100 * change.factor:g} %"
    if change.width and change.height:
        return f"to {change.width}×{change.height} ({change.fit})"
    return f"to {change.width} px wide" if change.width else f"to {change.height} px high"


def _light(change: Light | Sharpen | BlurBackground) -> str:
    match change:
        case Light():
            fields = change.model_dump(exclude={"kind"}, exclude_defaults=True)
            return ", ".join(f"{name} {value:+g}" for name, value in fields.items()) or "no change"
        case Sharpen():
            return f"sharpen {change.amount:g}"
        case BlurBackground():
            return f"blur the background {change.amount:g}"
