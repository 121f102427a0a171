"""What words ask of a model, and how well a model answers it: the rules behind the advice.

Each rule says when words call for it, and judges a card by its traits and capabilities: points, and
the reason as a person reads it after "It". The reasons are those of practice: models that keep to
the words suit products and bore in abstract work, short labels come out right and sentences do not,
glass needs transparency that is drawn, large prints are enlarged at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from core.engines.port import ModelCard, Operation

Judged = tuple[float, str]
"""Points, and the reason ("" where there is none to give)."""
NOTHING: Judged = (0.0, "")


@dataclass(frozen=True, slots=True)
class Need:
    """A rule. `operation` is what the words then want done, `first` its models, the best first.

    Where `beside` is given, the words must call for that, too.
    """

    said: re.Pattern[str]
    judge: Callable[[ModelCard], Judged]
    operation: Operation | None = None
    first: tuple[str, ...] = ()
    beside: re.Pattern[str] | None = None

    def called_for(self, about: str) -> bool:
        """Whether lower-case words call for this."""
        beside = self.beside is None or self.beside.search(about) is not None
        return beside and self.said.search(about) is not None


def short_name(card: ModelCard) -> str:
    """ "seedream-4.5" for "bytedance/seedream-4.5": who serves it does not matter here."""
    return card.id.rpartition("/")[2]


def _said(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})")


def _rendering(card: ModelCard) -> Judged:
    points = {"free": 3.0, "balanced": 1.0, "literal": -1.0, "": 0.0}[card.traits.rendering]
    return points, "takes liberties with the words, which abstract and emotional pictures live from"


def _literal(card: ModelCard) -> Judged:
    points = {"literal": 2.0, "balanced": 1.0, "free": -1.0, "": 0.0}[card.traits.rendering]
    return points, "keeps closely to the words, which is what logos and products need"


def _attributes(card: ModelCard) -> Judged:
    points = {"literal": 2.0, "balanced": 1.0, "free": -1.0, "": 0.0}[card.traits.rendering]
    return points, "holds many details and positions at once without mixing them up"


def _lettering(card: ModelCard) -> Judged:
    match card.traits.lettering:
        case "good":
            return 3.0, "sets words well, longer ones too"
        case "short":
            return (
                2.0,
                "gets labels of one to three words right (add longer ones as a label after it)",
            )
        case "poor":
            return -2.0, ""
    return NOTHING


def _alpha(card: ModelCard) -> Judged:
    return (2.0, "draws true transparency") if card.capabilities.alpha == "native" else NOTHING


def _see_through(card: ModelCard) -> Judged:
    if card.capabilities.alpha != "native":
        return NOTHING
    return 4.0, "draws true transparency, so what lies behind glass or hair still shows through"


def _editing(card: ModelCard) -> Judged:
    points = {"precise": 3.0, "good": 2.0, "loose": -1.0, "": 0.0}[card.traits.editing]
    return points, "changes what you name and leaves the rest as it was"


def _mask(card: ModelCard) -> Judged:
    match card.capabilities.mask:
        case "true":
            return 4.0, "draws inside the painted area only and nowhere else"
        case "hint":
            return 1.0, ""
    return NOTHING


def _variations(card: ModelCard) -> Judged:
    if card.capabilities.reads_words:
        return NOTHING
    return 3.0, "works from the picture alone, so every take keeps its look"


def _consistency(card: ModelCard) -> Judged:
    if not {"style", "character", "brand"} & set(card.traits.subjects):
        return NOTHING
    return 3.0, "keeps a person, a brand or a style the same from picture to picture"


def _references(card: ModelCard) -> Judged:
    most = card.capabilities.max_inputs
    if most < 3:
        return NOTHING
    return 3.0 if most >= 10 else 2.0, f"takes up to {most} pictures at once"


def _print(card: ModelCard) -> Judged:
    if not {"print", "large format"} & set(card.traits.subjects):
        return NOTHING
    return 2.0, "enlarges for print without losing quality"


def _cut_out(card: ModelCard) -> Judged:
    if not {"cut-out", "cutout"} & set(card.traits.subjects):
        return NOTHING
    return 2.0, "cuts out with soft edges"


def _fine_edges(card: ModelCard) -> Judged:
    if "hair" not in card.traits.subjects:
        return NOTHING
    return 2.0, "keeps fine edges such as hair"


def _speed(card: ModelCard) -> Judged:
    points = {"fast": 3.0, "medium": 1.0, "slow": -1.0, "": 0.0}[card.traits.speed]
    return points, "is quick" if card.traits.speed == "fast" else ""


def _price(card: ModelCard) -> Judged:
    rule = card.price
    if rule.free:
        return 4.0, "costs nothing"
    listed = [price for key, price in rule.per_picture.items() if key.startswith("medium")]
    run = rule.per_second * (card.capabilities.speed_s or 0)
    usd = rule.each or min(listed, default=0) or rule.minimum or run
    if not usd or not rule.known:
        return NOTHING
    return max(3.0 - 40 * usd, 0.0), "costs little" if usd <= 0.02 else ""


def _free(card: ModelCard) -> Judged:
    return (4.0, "costs nothing") if card.price.free else (-2.0, "")


def _seed(card: ModelCard) -> Judged:
    if not card.capabilities.seed:
        return NOTHING
    return 3.0, "takes a seed, so the same picture can be drawn again"


def _talk(card: ModelCard) -> Judged:
    return (3.0, "remembers what it drew and why") if card.capabilities.converses else NOTHING


def _free_of_accounts(card: ModelCard) -> Judged:
    return (5.0, "works here, without any account") if card.price.free else (-2.0, "")


_ALPHA = r"transparen|alpha\b|rgba|png\b|stickers?\b|overlays?\b|cut-?outs?\b"
_ON_ANY_GROUND = _said(rf"{_ALPHA}|logos?\b|icons?\b")
"""What is laid over something else."""
_GPT, _GPT_15 = "gpt-image-2", "gpt-image-1.5"
_CLARITY_PRO = "clarity-pro-upscaler"
_BRIA, _REMOVER = "remove-background", "background-remover"

NEEDS: tuple[Need, ...] = (
    # what is done with a picture that is there
    Need(
        re.compile(
            r"\b(?:up-?scal|enlarg|upsiz|super-?resol|(?:higher|more|low) res|"
            r"print (?:size|quality|resolution)|large[- ]format|bigger\b)|"
            r"^(?:to )?(?:print|[48]k\b)|for print(?:ing)?$"
        ),
        _print,
        "upscale",
        (_CLARITY_PRO, "real-esrgan"),
    ),
    Need(
        _said(
            r"cut(?:ting)?[- ]?(?:it )?out|background remov|remov\w* (?:the |an? |my )?"
            r"(?:back ?ground|bg)|isolat"
        ),
        _cut_out,
        "cutout",
        (_REMOVER, _BRIA),
    ),
    Need(
        _said(
            r"in-?paint|masks?\b|paint(?:ed|ing) (?:an? |the )?area|only (?:this|that|the|an?) "
            r"(?:spot|area|part)|exact area|repair"
        ),
        _mask,
        "inpaint",
        ("flux-fill-dev",),
    ),
    Need(
        _said(
            r"variations?\b|variants?\b|other takes|more like (?:this|it)|(?:this|the same) look\b"
        ),
        _variations,
        "vary",
        ("flux-redux-dev",),
    ),
    Need(
        _said(
            r"consisten|same (?:character|person|face|brand|mascot|style)|"
            r"brand (?:style|look|guide)"
        ),
        _consistency,
        "edit",
        ("qwen-image-edit-plus", "flux-redux-dev"),
    ),
    Need(
        _said(r"references?\b|combin|merg|(?:several|many|2|two|three) (?:pictures|images|photos)"),
        _references,
        "edit",
        (_GPT,),
    ),
    Need(
        _said(r"edit|retouch|chang|keep|refin|iterat|step by step"),
        _editing,
        "edit",
        (_GPT,),
    ),
    # what a picture is to be like
    Need(
        _said(
            r"abstract|artistic|expressi|emotion|moody?\b|dream|surreal|poetic|painterly|feelings?\b|"
            r"surpris|creativ|imaginative|atmospher"
        ),
        _rendering,
        first=("seedream-4.5", "hunyuan-image-2.1"),
    ),
    Need(
        _said(
            r"letter|text|words?\b|typograph|spell|headline|signs?\b|labels?\b|poster|menu|slogan|"
            r"writ|caption"
        ),
        _lettering,
        first=(_GPT,),
    ),
    Need(
        _said(r"glass|smoke|veils?\b|lace\b|hair|fur\b|water|bubbles?\b|translucent|see-through"),
        _see_through,
        first=(_GPT_15,),
        beside=_ON_ANY_GROUND,
    ),
    Need(_said(_ALPHA), _alpha, first=(_GPT_15,)),
    Need(
        _said(
            r"products?\b|pack-?shots?|commercial|e-?commerce|shops?\b|catalog|advert|ads?\b|market|"
            r"logos?\b|icons?\b|brand|banner|social media"
        ),
        _literal,
        first=(_GPT,),
    ),
    Need(
        _said(
            r"details?\b|detailed|exact|precis|accura|attributes?|left of|right of|spatial|literal|"
            r"complex"
        ),
        _attributes,
        first=(_GPT,),
    ),
    Need(_said(r"hair|fur\b|glass|lace\b|fine (?:edges|detail)"), _fine_edges),
    # what else matters
    Need(_said(r"fast|quick|drafts?\b|speed|batch|bulk|hundreds"), _speed),
    Need(_said(r"cheap|low cost|inexpensive|budget|costs? (?:little|least)"), _price),
    Need(_said(r"free\b|costs? nothing|without paying"), _free),
    Need(_said(r"offline|private|locally|(?:no|without an?) (?:account|key)"), _free_of_accounts),
    Need(_said(r"seeds?\b|reproduc|repeatab"), _seed),
    Need(_said(r"convers|chat|dialog|talk"), _talk),
)
