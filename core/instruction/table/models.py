"""Phrasings that name a model, or ask for one."""

from __future__ import annotations

from core.instruction.plan import Advise, Cutout, Edit, Generate, Upscale, Vary
from core.instruction.table.rows import Row, Section, asks, does, draws, edits, refuses
from core.picture.adjustments import Backdrop

CLARITY_PRO = "clarity-pro-upscaler"
REAL_ESRGAN = "real-esrgan"
REMOVER = "background-remover"
BRIA = "bria-remove-background"


def _enlarged(by: str, *texts: str, scale: float = 2) -> tuple[Row, ...]:
    return tuple(does(text, Upscale(scale=scale, by=by)) for text in texts)


BY_NAME = Section(
    "A model by its name",
    "Who does it, in words: GPT Image 1.5, 2, 2.5 and 2.6, GPT-4o, Seedream 4.5, Qwen Image Edit "
    "Plus, Flux Redux, Flux Fill, Hunyuan Image 2.1; for enlarging Clarity Pro, Clarity Upscaler "
    "and Real-ESRGAN; for cut-outs Background Remover and Bria. For drawing, the name counts in "
    "front or at the end. Any model can be had by its full name: `--model owner/name`.",
    (
        *_enlarged(
            CLARITY_PRO,
            "upscale with Clarity Pro", "upscale by Clarity Pro", "upscale it using clarity-pro",
            "enlarge the picture with the Clarity Pro upscaler, please", "use Clarity Pro",
            "make it bigger with Clarity Pro", "upscale with philz1337x/clarity-pro-upscaler",
        ),
        *_enlarged(
            CLARITY_PRO,
            "4x with Clarity Pro", "upscale with Clarity Pro 4x", "Clarity Pro 4x",
            "use Clarity Pro to upscale it 4x",
            scale=4,
        ),
        *_enlarged("clarity-upscaler", "4x using clarity upscaler", "4x by Clarity", scale=4),
        *_enlarged(
            REAL_ESRGAN,
            "enlarge it with real-esrgan", "upscale with ESRGAN", "run it through Real-ESRGAN",
            "upscale with local Real-ESRGAN",
        ),
        *_enlarged(REAL_ESRGAN, "pass it through Real ESRGAN for 4x upscaling", scale=4),
        *_enlarged("nightmareai/real-esrgan", "upscale via nightmareai/real-esrgan"),
        *_enlarged("seedream-4.5", "upscale with Seedream 4.5"),
        does("upscale to 4K with Clarity Pro", Upscale(long_side=3840, by=CLARITY_PRO)),
        does("upscale v2 4x with Clarity Pro", Upscale(scale=4, by=CLARITY_PRO), acts_on=2),
        does("upscale with the photo model using Real-ESRGAN",
             Upscale(scale=2, model="photo", by=REAL_ESRGAN)),
        *(does(text, Cutout(by=BRIA)) for text in (
            "cut it out with bria", "Remove the background with Bria!", "use Bria to cut it out",
            "run it through bria", "transparent, using RMBG 2.0", "cut out the mug with Bria",
        )),
        *(does(text, Cutout(by=REMOVER)) for text in (
            "remove the background using background-remover", "use the background remover",
            "cut it out by 851-labs/background-remover",
        )),
        does("white background with bria", Cutout(by=BRIA), Backdrop(colour="#ffffff")),
        does("transparent with gpt-image-1.5", Cutout(by="gpt-image-1.5")),
        does("make it navy, remove the background with bria, and upscale 4x with Real-ESRGAN",
             Edit(prompt="make it navy"), Cutout(by=BRIA), Upscale(scale=4, by=REAL_ESRGAN)),
        does("upscale by Clarity Pro, then by local Real-ESRGAN",
             Upscale(scale=2, by=CLARITY_PRO), Upscale(scale=2, by=REAL_ESRGAN)),
        does("variations with flux redux", Vary(n=4), model="flux-redux-dev"),
        does("2 variations of it using Flux Redux Dev", Vary(n=2), model="flux-redux-dev"),
        *(does(text, Vary(n=1, again=True), model="seedream-4.5") for text in (
            "again with Seedream 4.5", "use Seedream 4.5", "try it with seedream instead",
            "same again, but with Seedream 4.5",
        )),
        draws("a red mug with gpt-image-2", "a red mug", model="gpt-image-2"),
        draws("a red mug (with GPT Image 2).", "a red mug", model="gpt-image-2"),
        draws("a fox in snow, using Seedream 4.5 please", "a fox in snow", model="seedream-4.5"),
        draws("a fox in snow. Model: Hunyuan Image 2.1", "a fox in snow",
              model="hunyuan-image-2.1"),
        draws("with Seedream 4.5: a fox in snow", "a fox in snow", model="seedream-4.5"),
        draws("use Seedream 4.5 to draw a fox", "draw a fox", given="nothing",
              model="seedream-4.5"),
        draws("use Seedream 4.5 to generate a fox in snow", "generate a fox in snow",
              given="a picture", model="seedream-4.5"),
        draws("generate a fox in snow using GPT-4o", "generate a fox in snow", given="a picture",
              model="gpt-4o"),
        draws("a red mug on a transparent background with gpt-image-1.5", "a red mug",
              transparent=True, model="gpt-image-1.5"),
        draws("a red mug with gpt-image-2 --model gpt-image-1.5", "a red mug",
              model="gpt-image-1.5"),
        does("a red mug with gpt-image-2, then 4x with Clarity Pro", Generate(prompt="a red mug"),
             Upscale(scale=4, by=CLARITY_PRO), given="nothing", model="gpt-image-2"),
        edits("make the mug navy with gpt-image-2", "make the mug navy", model="gpt-image-2"),
        edits("Make the mug navy, via GPT Image 2.6 Sunburst", "Make the mug navy",
              model="gpt-image-2.6-sunburst"),
        edits("Use qwen. Make it navy.", "Make it navy.", model="qwen-image-edit-plus"),
        edits("a blue door, with Flux Fill", "a blue door", given="a painted area",
              model="flux-fill-dev"),
        asks("use Seedream 4.5", given="nothing"),
        refuses("upscale with Clarity Pro", given="nothing"),
        refuses("20x with Clarity Pro"),
        refuses("make it navy with qwen, then 4x, then add a hat with seedream"),
    ),
)  # fmt: skip

WHICH = Section(
    "Which model?",
    "A message that asks for a model gets advice and makes no picture. Every other question about "
    "models and people who are one goes its usual way.",
    (
        *(does(text, Advise(about="a logo with glass")) for text in (
            "which model for a logo with glass?", "What model should I use for a logo with glass?",
            "which model would be best for a logo with glass", "Recommend a model for a logo with "
            "glass", "can you suggest a good model for a logo with glass?",
            "what's the best model for a logo with glass?",
        )),
        does("which model is best at lettering?", Advise(about="lettering")),
        does("which model for a sign that says “Fresh Bread”?",
             Advise(about="a sign that says “Fresh Bread”"), given="nothing"),
        does("Which model can draw hands?", Advise(about="draw hands")),
        does("which model keeps faces best?", Advise(about="keeps faces best")),
        does("what is the best upscaler for print?", Advise(about="upscaler print")),
        does("which is the cheapest model?", Advise(about="cheapest")),
        does("which model?", Advise(about="")),
        does("which models are there?", Advise(about=""), given="nothing"),
        asks("which model is on the left?"),
        asks("which model is taller?"),
        *(edits(text) for text in (
            "make the model smile", "which model wears the red dress",
            "what model of car is this?", "add a model for scale", "a model in a red coat",
            "make the model the best dressed", "remove the model on the left",
        )),
        draws("a model for a fashion show"),
        draws("which model is best? A magazine cover"),
        draws("the best model train for a boy, product photo"),
    ),
)  # fmt: skip

NO_NAMES = Section(
    "Words that are no model",
    "Only the names above count, and only where they can be nothing else.",
    tuple(edits(text) for text in (
        "a mug with flux", "a portrait with a real estate agent", "a studio with a window",
        "make it a mug with gpt-image-2 printed on it", "add a sign that says “with gpt-image-2”",
        "light it with a studio softbox", "a poster about Seedream 4.5", "clarity",
        "sharpen it with clarity of a lens", "a portrait of Bria with long hair", "bria",
        "a machine called background remover", "a sunburst behind the logo",
        "draw a candle by hand", "a flare with a 4.5 aperture", "a girl named Qwen",
        "remove the background noise with bria", "upscale the city with clarity",
        "a robot using gpt-5", "paint with bold strokes", "a fox with gpt-image-22",
    )),
)  # fmt: skip
