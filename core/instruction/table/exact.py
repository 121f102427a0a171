"""Phrasings of what is done exactly, without a model: cut-outs, enlargements, adjustments."""

from __future__ import annotations

from core.instruction.plan import Cutout, Upscale
from core.instruction.table.rows import Section, does, draws, edits, on_clear
from core.picture.adjustments import (
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

CUTOUT = Section(
    "Transparent background",
    "True alpha, checked. In the words for a new picture it is a setting, and is left out of what "
    "the model reads (it would paint a checkerboard).",
    (
        *(
            does(text, Cutout())
            for text in (
                "transparent",
                "Transparent!",
                "transparent background",
                "make it transparent",
                "make the background transparent",
                "remove the background",
                "Can you remove the background, please?",
                "remove the bg",
                "get rid of the background",
                "background removal",
                "cut it out",
                "cutout",
                "cut out the subject",
                "isolate the subject",
                "RGBA PNG",
                "rgba png format",
                "save as a transparent PNG",
                "PNG with alpha channel",
                "no background",
                "put it on a transparent background",
                "change the background to transparent",
                "okay, now transparent please 🙏",
            )
        ),
        does("transparent", Cutout(), given="an attachment"),
        does("--transparent", Cutout(), transparent=True),
        does("crop to 4:5 --transparent", Cutout(), Crop(aspect=(4, 5)), transparent=True),
        draws(
            "a red mug, subject on transparent background, RGBA PNG format",
            "a red mug",
            transparent=True,
        ),
        draws("a red mug on a transparent background", "a red mug", transparent=True),
        draws(
            "a red mug on a transparent background, soft light",
            "a red mug, soft light",
            transparent=True,
        ),
        draws("a red mug. Transparent background.", "a red mug", transparent=True),
        draws("a red mug, png", "a red mug, png"),
        draws("a red mug, no background, png", "a red mug", transparent=True),
        draws("a red mug, then transparent", "a red mug", transparent=True),
        draws("a red mug, 4:5", "a red mug", ar="4:5"),
        draws("a red mug, 4:5, soft light", "a red mug, soft light", ar="4:5"),
        edits("make the mug navy, transparent background", "make the mug navy", transparent=True),
        edits("put the mug on a transparent background", transparent=True),
    ),
)

ENLARGE = Section(
    "Enlarge",
    "By a factor above 1 and up to 16, to a screen's size (2K is 2048, 4K 3840, 8K 7680 pixels on "
    "the long side), or to paper at a resolution. “Print quality” is A4 at 300 dpi, and “upscale” "
    "alone means 2×.",
    (
        *(does(text, Upscale(scale=2)) for text in (
            "2x", "x2", "upscale", "upscale 2x", "Upscale this image 2x please",
            "double the size", "make it twice as big", "upscale to 200%", "scale it up",
        )),
        *(does(text, Upscale(scale=4)) for text in (
            "4x", "4×", "x4", "upscale 4x", "upscale it by 4", "enlarge it four times",
            "make it 4x bigger", "Now 4x!",
        )),
        does("upscale 1.5x", Upscale(scale=1.5)),
        does("3 times larger", Upscale(scale=3)),
        *(does(text, Upscale(long_side=3840)) for text in (
            "to 4K", "4k", "upscale to 4k", "make it 4K resolution",
        )),
        does("8k", Upscale(long_side=7680)),
        does("full HD", Upscale(long_side=1920)),
        does("upscale to 3000 px", Upscale(long_side=3000)),
        does("print quality", Upscale(long_side=3508)),
        does("A3 at 300 dpi", Upscale(long_side=4961)),
        does("upscale for A4 at 150dpi", Upscale(long_side=1754)),
        does("upscale with the photo model", Upscale(scale=2, model="photo")),
        does("upscale 4x with the drawing model", Upscale(scale=4, model="drawing")),
        does("upscale v2 4x", Upscale(scale=4), acts_on=2),
    ),
)  # fmt: skip

SHAPE = Section(
    "Shape",
    "Cropping keeps the middle unless you name a side. Turning is clockwise unless you say "
    "otherwise.",
    (
        does("crop to 4:5", Crop(aspect=(4, 5))),
        does("Crop it to 16:9.", Crop(aspect=(16, 9))),
        does("crop to 4:5 from the top", Crop(aspect=(4, 5), anchor="top")),
        does("crop to 800x600", Crop(width=800, height=600)),
        does("crop to 800 × 600 at the top left", Crop(width=800, height=600, anchor="top left")),
        does("make it square", Crop(aspect=(1, 1))),
        does("crop square", Crop(aspect=(1, 1))),
        does("16:9", Crop(aspect=(16, 9))),
        does("make it widescreen", Crop(aspect=(16, 9))),
        does("make it portrait format", Crop(aspect=(3, 4))),
        does("crop v2 to 4:5", Crop(aspect=(4, 5)), acts_on=2),
        does("resize to 1200 wide", Resize(width=1200)),
        does("1200px wide", Resize(width=1200)),
        does("resize to 900 px high", Resize(height=900)),
        does("resize to 800x600", Resize(width=800, height=600)),
        does("fit within 800x600", Resize(width=800, height=600, fit="contain")),
        does("stretch to 800x600", Resize(width=800, height=600, fit="stretch")),
        does("half size", Resize(factor=0.5)),
        does("50%", Resize(factor=0.5)),
        does("scale down to 25%", Resize(factor=0.25)),
        does("rotate left", Rotate(degrees=-90)),
        does("rotate right", Rotate(degrees=90)),
        does("rotate 90 degrees clockwise", Rotate(degrees=90)),
        does("rotate 45° counter-clockwise", Rotate(degrees=-45)),
        does("rotate by 12.5 degrees", Rotate(degrees=12.5)),
        does("turn it upside down", Rotate(degrees=180)),
        does("flip", Flip()),
        does("mirror it", Flip()),
        does("flip horizontally", Flip()),
        does("flip vertically", Flip(axis="vertical")),
        does("trim", Trim()),
        does("trim the edges", Trim()),
        does("trim with 20 px margin", Trim(margin=20)),
        does("add 40 px padding", Pad(pixels=40)),
        does("add a 20px white border", Pad(pixels=20, colour="#ffffff")),
        does("pad by 10 px in navy", Pad(pixels=10, colour="#000080")),
        does("pad to square", Pad(aspect=(1, 1))),
        does("pad to 16:9 with black", Pad(aspect=(16, 9), colour="#000000")),
    ),
)

LIGHT = Section(
    "Light and colour",
    "“A bit” is 10 of 100, no word 20, “much” 40; or say the number.",
    (
        does("brighter", Light(brightness=20)),
        does("make the picture brighter", Light(brightness=20)),
        does("a bit darker", Light(brightness=-10)),
        does("much brighter", Light(brightness=40)),
        does("make it 15% brighter", Light(brightness=15)),
        does("darken it a little", Light(brightness=-10)),
        does("brightness +20", Light(brightness=20)),
        does("brightness -5", Light(brightness=-5)),
        does("increase the brightness by 30%", Light(brightness=30)),
        does("more contrast", Light(contrast=20)),
        does("slightly less contrast", Light(contrast=-10)),
        does("warmer", Light(warmth=20)),
        does("a little cooler, please", Light(warmth=-10)),
        does("less saturated", Light(saturation=-20)),
        does("more vivid", Light(saturation=20)),
        does("black and white", Light(saturation=-100)),
        does("make it black & white", Light(saturation=-100)),
        does("convert to greyscale", Light(saturation=-100)),
        does("sharpen", Sharpen()),
        does("sharpen it a bit", Sharpen(amount=25)),
        does("make it sharper", Sharpen()),
    ),
)

BEHIND = Section(
    "Behind and around the subject",
    "A backdrop, a drop shadow and an outline cut the subject out first, if it is not yet. "
    "Colours go by name or as #rrggbb.",
    (
        does("blur the background", BlurBackground()),
        does("blur the background a bit", BlurBackground(amount=25)),
        does("make the background blurry", BlurBackground()),
        on_clear("white background", Backdrop(colour="#ffffff")),
        on_clear("put it on a navy background", Backdrop(colour="#000080")),
        on_clear("change the background to light grey", Backdrop(colour="#d3d3d3")),
        on_clear("make the background #ff8800", Backdrop(colour="#ff8800")),
        on_clear("background: #F80", Backdrop(colour="#ff8800")),
        on_clear("a plain white background instead", Backdrop(colour="#ffffff")),
        on_clear(
            "gradient background from white to navy",
            Backdrop(colour="#ffffff", colour2="#000080"),
        ),
        on_clear("add a drop shadow", Shadow()),
        on_clear("add a soft drop shadow", Shadow(strength=30)),
        on_clear("sticker outline", Outline()),
        on_clear("add a 12 px black outline", Outline(pixels=12, colour="#000000")),
        edits("change the background to a beach"),
        edits("make the background a dark forest"),
    ),
)

LETTERING = Section(
    "Lettering and files",
    "Exactly what stands in the quotation marks, whichever marks you use. Without a place it goes "
    "to the bottom. Lettering on a thing in the picture is for a model.",
    (
        does('label it "SALE"', Label(text="SALE")),
        does("label it “SALE”", Label(text="SALE")),
        does("label it 'Don't panic'", Label(text="Don't panic")),
        does("label it «Été»", Label(text="Été")),
        does('add the text "Hello" at the top', Label(text="Hello", anchor="top")),
        does(
            'Put the text "New, then old" in the top right corner',
            Label(text="New, then old", anchor="top right"),
        ),
        does('caption: "4x --n 3" in white', Label(text="4x --n 3", colour="#ffffff")),
        does('write "Hi\nthere" at the bottom', Label(text="Hi\nthere")),
        edits('write "SALE" on the mug'),
        edits('add the text "Hello" to the sign'),
        edits('write "SALE"'),
        does("save as webp", Convert(format="webp")),
        does("as jpeg", Convert(format="jpeg")),
        does("export it as a JPG", Convert(format="jpeg")),
        does("convert to PNG", Convert(format="png")),
    ),
)
