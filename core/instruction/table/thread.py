"""Phrasings that move in the thread or join steps, and near misses."""

from __future__ import annotations

from core.instruction.plan import (
    Adjust,
    Cutout,
    Edit,
    Generate,
    Jump,
    Redo,
    ShowVersions,
    Undo,
    Upscale,
    Vary,
)
from core.instruction.table.rows import Section, does, draws, edits
from core.picture.adjustments import Backdrop, Convert, Crop, Label, Light, Outline, Shadow

TREE = Section(
    "Versions",
    "Nothing is ever lost: undo moves back, and an edit from there is a branch. The rows stand in "
    "a thread with v1 to v3.",
    (
        *(does(text, Undo()) for text in (
            "undo", "Undo!", "undo that", "undo the last change", "go back", "previous version",
            "revert that please",
        )),
        does("undo twice", Undo(steps=2)),
        does("undo the last three changes", Undo(steps=3)),
        does("go back 2 steps", Undo(steps=2)),
        does("redo", Redo()),
        does("redo that", Redo()),
        does("redo 2 steps", Redo(steps=2)),
        *(does(text, Jump(version=2)) for text in (
            "back to v2", "use v2", "go back to version 2", "revert to version 2", "V2",
            "switch to v 2, please",
        )),
        *(does(text, Jump(version=1)) for text in (
            "go back to the first one", "back to the original", "undo everything",
        )),
        does("back to the latest version", Jump(version=3)),
        *(does(text, Vary(n=1, again=True)) for text in (
            "again", "try again", "once more", "redraw it", "regenerate", "another one",
        )),
        does("again --n 3", Vary(n=3, again=True), n=3),
        *(does(text, Vary(n=4)) for text in (
            "variations", "more like this", "4 variations", "give me four variations of it",
            "some variations please",
        )),
        does("2 more like this", Vary(n=2)),
        does("variations of v2", Vary(n=4), acts_on=2),
        *(does(text, ShowVersions()) for text in (
            "show versions", "history", "list all versions", "show me the history",
        )),
        edits("edit v2: make it blue", "make it blue", acts_on=2),
        edits("in v2, make it blue", "make it blue", acts_on=2),
        edits("v2: make it blue", "make it blue", acts_on=2),
        edits("In version 2 - make it blue", "make it blue", acts_on=2),
        edits("go back to v2 and make it blue", "make it blue", acts_on=2),
        edits("make v2 blue", acts_on=2),
        edits("use v2 but with a blue door", acts_on=2),
        does("edit v2: 4x", Upscale(scale=4), acts_on=2),
        edits("make v8 engines shine"),
        draws("v8: an engine"),
    ),
)  # fmt: skip

_NAVY = Edit(prompt="make it navy")
_THREE = (_NAVY, Cutout(), Upscale(scale=4))
_WHITE = Adjust(adjustment=Backdrop(colour="#ffffff"))
_SQUARE = Crop(aspect=(1, 1))

JOINED = Section(
    "Several steps in one message",
    "“Then” joins anything. A semicolon, a full stop, a new line or a list joins a command to what "
    "stands before or after. Commas and “and” join only exact commands: in a description they are "
    "part of it.",
    (
        *(does(text, *_THREE) for text in (
            "make it navy, then transparent, then 4x",
            "make it navy. Then transparent. Then 4x.",
            "make it navy and then make it transparent and then upscale 4x",
            "make it navy; then transparent; finally 4x",
            "make it navy\ntransparent\n4x",
            "1. make it navy\n2. transparent\n3. 4x",
            "- make it navy\n- remove the background\n- 4x please",
            "make it navy; transparent; 4x",
        )),
        does("crop to square and upscale 2x", _SQUARE, Upscale(scale=2)),
        does("brighter and warmer", Light(brightness=20), Light(warmth=20)),
        does("brighter, warmer, and 4x", Light(brightness=20), Light(warmth=20), Upscale(scale=4)),
        does("black and white and 2x", Light(saturation=-100), Upscale(scale=2)),
        does("transparent & 4x", Cutout(), Upscale(scale=4)),
        does("Great! 4x. Thanks!", Upscale(scale=4)),
        does("transparent, then white background", Cutout(), _WHITE),
        does("transparent, then no background", Cutout()),
        does("white background and add a drop shadow", Cutout(), Shadow(), _WHITE),
        does("sticker outline, then drop shadow", Cutout(), Outline(), Shadow()),
        does("label it “then 4x”, then 2x", Label(text="then 4x"), Upscale(scale=2)),
        does("make it navy, then save as webp", _NAVY, Convert(format="webp")),
        does("undo, then 4x", Undo(), Upscale(scale=4)),
        does("use v2, then make it navy", Jump(version=2), _NAVY),
        does("1. make it navy\n2. 4x\n3. add a hat", _NAVY, Upscale(scale=4),
             Edit(prompt="add a hat")),
        does("a red mug, then 4x", Generate(prompt="a red mug"), Upscale(scale=4),
             given="nothing"),
        does("a red mug; 4x", Generate(prompt="a red mug"), Upscale(scale=4), given="nothing"),
        does("a red mug, then black and white", Generate(prompt="a red mug"),
             Light(saturation=-100), given="nothing"),
        edits("make it navy and 4x"),
        edits("make it navy, brighter"),
        edits("make it brighter and add a hat"),
        edits("add a red apple and a warmer lamp, then a green pear"),
        edits("Turn the label red.\nBlack and white.\nBold type."),
        draws("a street.\nBlack and white.\nSoft light."),
        draws("a light that then fades"),
    ),
)  # fmt: skip

NEAR_MISSES = Section(
    "Near misses",
    "Words that sound like a command and are none: they go to the model as they are.",
    tuple(edits(text) for text in (
        "a transparent umbrella", "make the umbrella transparent", "transparent glass",
        "make it transparent like glass", "a cut-out paper silhouette", "isolate the red car",
        "cut out the mug", "remove the background noise", "remove the background people",
        "no background people", "a white background noise poster", "put the mug on a white table",
        "put it on a beach", "clear the background",
        "upscale neighbourhood", "an upscale restaurant", "a 4x4 truck", "4x the candles",
        "double the candles", "make it bigger", "make the mug bigger", "4k monitor on a desk",
        "print on the t-shirt", "50% more apples", "half of the apple eaten",
        "undo button on a coat", "undo his top button", "redo the kitchen in blue tiles",
        "version 2 of the logo", "back to back portraits", "put it back", "try a red scarf",
        "again with more candles", "history book on the table", "variations on a theme by Paganini",
        "more like a castle", "use version control", "restore the old car",
        "crop circles in a field", "a crop top", "resize the mug", "rotate the chair to face left",
        "rotate the wheel 45 degrees", "turn the mug upside down", "flip flops", "flip the pancake",
        "mirror on the wall", "a mirror", "trim the hedge", "add a white border to the rug",
        "pad thai on a plate", "a square", "a portrait", "a landscape", "16:9 monitor on the desk",
        "a clock showing 16:30",
        "make the mug brighter", "make the text on the sign brighter", "brighten her eyes",
        "darken the sky", "a warmer coat", "cool sunglasses", "warm the soup", "sharpen the pencil",
        "sharper knife", "black and white cat", "blur the number plate",
        "a shadow of a cat", "add a drop shadow to the letters", "outline of a horse",
        "sticker of a cat", "a label maker", 'label the jars "SUGAR"', "save the whales",
        "a png mascot", "then and now", '"4x"', "paint the words “undo” on the door",
        "a banner that says 'remove the background'",
    )),
)  # fmt: skip
