"""One way of reading that forgives typing: quotes, dashes, capitals, politeness.

Two views of a text are made here. `shadow` keeps every position, so that what is found in it can
be cut from the person's own words; `canonical` is what a single clause is compared by, and is
never passed on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

FILLER = "\ue000"
"""Stands for every quoted character in a shadow: no word, no separator, no blank."""

_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»＂", '"'),
        **dict.fromkeys("‘’‚‛ʼ`´", "'"),
        **dict.fromkeys("–—‒―−", "-"),
        **dict.fromkeys("×✕✖", "x"),
        **dict.fromkeys("\u00a0\u202f\u2009\u200a\u3000\t", " "),
        **dict.fromkeys("\r\x0b\x0c\x85\u2028\u2029", "\n"),
        "：": ":",
        "，": ",",
        "；": ";",
    }
)

# Quotes open after a non-word character and close before one, so that 12" and don't are no quotes.
_QUOTED = re.compile(
    r"""(?<!\w)"([^"]*)"(?!\w)|(?<![\w'])'(?=\S)((?:[^'\n]|(?<=\w)'(?=\w))+)'(?!\w)"""
)

_NUMBER_WORDS = {
    "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
}  # fmt: skip

_SPELLINGS = (
    (re.compile(r"\b(?:tran?sp?[ae]r+[ae]n?t|transpar(?:net|rent))\b"), "transparent"),
    (re.compile(r"\b(?:backrou?nd|backgroud|backgorund|backgrund|bakground|backgroun|backgrond)\b"),
     "background"),
    (re.compile(r"\b(?:brigther|birghter|brightter)\b"), "brighter"),
    (re.compile(r"\b(?:upscal|up scale|upsacle|upscael)\b"), "upscale"),
    (re.compile(r"\b(?:remvoe|reomve|rmeove|remov|rm)\b"), "remove"),
    (re.compile(r"\b(?:contrats|contrst|constrast)\b"), "contrast"),
    (re.compile(r"\b(?:verison|vesion)\b"), "version"),
)  # fmt: skip
"""Slips of the finger, mended only where a clause is compared with commands."""

_PICTURE = (
    "picture|image|photo|photograph|pic|drawing|illustration|render|rendering|artwork|result|"
    "canvas|whole thing|thing|one"
)
_OBJECT = re.compile(rf"\b(?:the|this|that|my) (?:whole |entire |full )?(?:{_PICTURE})\b(?! mode)")
_POINTING = re.compile(r"\b(?:this|that)\b")
_VERSION = re.compile(r"\b(?:the )?(?:version|ver\.?|v\.?) ?#?([0-9]{1,6})\b")

_IDLE_IT = re.compile(
    r"^it (?:but )?(?=(?:as|with|without|in|on|at|to|transparent|x ?[0-9]|[0-9.]+ ?x|(?:a bit |"
    r"a little |much |slightly )?(?:brighter|darker|lighter|warmer|cooler|sharper))\b)"
)
"""What "I need this as a PNG" leaves before the wish."""

_BEFORE = re.compile(
    r"(?:please|pls|plz|kindly|hey|hi|hello|ok|okay|now|so|also|and|just|great|nice|perfect|"
    r"cool(?! (?:it|down)\b)|lovely|awesome|yes|yeah|alright|well|thanks|thank you|actually|hmm|"
    r"finally|"
    r"good|love it|(?:it |that )?looks (?:good|great|amazing|nice|perfect)|"
    r"wow|haha|lol|oops|not quite|almost|nope|(?:no|wait)(?=,)|first(?! v?[0-9])|much better|"
    r"amazing|beautiful|"
    r"excellent|"
    r"next|can you|can u|could you|could u|would you|will you|can we|could we|can i have|"
    r"could i have|may i have|can i get|could i get|can you give me|i need(?! to\b| you\b)|"
    r"i want(?! to\b| you\b)|i would like(?! to\b| you\b)|i'd like(?! to\b| you\b)|i want you "
    r"to|i would like you to|i'd like you to|i need you to|"
    r"i would like to|i'd like to|i want to|i need to|let's|lets|let us|go ahead and|"
    r"<@!?[a-z0-9]+>|@?easel)(?=[\s,.!:]|$)[\s,.!:]*"
)
_AFTER = re.compile(
    r"[\s,]*(?<![\w-])(?:(?<=, )(?:it's|it is|this is|that's) for [a-z0-9' -]{1,60}|"
    r"(?<=, )for (?:my|our) [a-z0-9' -]{1,60}|because (?:i|we) [a-z0-9' -]{1,60}|please|pls|plz|"
    r"thanks|thank you|thx|ty|cheers|now|for me|instead|as well|"
    r"too|if you can|if possible|would you|ok|okay)$"
)
_LIST_MARK = re.compile(r"(?:[-*•·] |\(?[0-9]{1,2}[.)] )")
_LONGEST_MARK = 8
_REACTIONS = (
    "🙏👍👌👏🙌💪😊🙂😀😃😄😁😅😂🤣😍🥰😘😉😎🤩🙃💯🔥✨❤💙💜💚🎉🚀🤖✅☺\ufe0f\u200d🏻🏼🏽🏾🏿"
)
_SHORTCODE = re.compile(
    r":(?:pray|thumbsup|\+1|smile|heart|tada|rocket|fire|sparkles|ok_hand|clap|raised_hands|"
    r"slightly_smiling_face|grinning|wink|sunglasses|100):"
)
_EDGES = " \n.!?,;:" + _REACTIONS

LONGEST_CLAUSE = 300
"""Characters; a longer clause is prose, which also bounds what any pattern is tried on."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause, ready to be compared.

    `words` is lower case without politeness; each quotation is «0», «1», … (marks that plain
    typography never leaves in a text) and stands whole in `quotes`. `version` is the number of a
    version that stood where "it" stands in `words`.
    """

    words: str
    quotes: tuple[str, ...] = ()
    version: int | None = None


def _lower(text: str) -> str:
    """Lower case that keeps the length ("İ" would grow)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def shadow(text: str) -> str:
    """The text with plain quotes and dashes, lower case, quotations blanked; same length."""
    plain = _lower(text.translate(_TYPOGRAPHY))
    return _QUOTED.sub(lambda m: m[0][0] + FILLER * (len(m[0]) - 2) + m[0][-1], plain)


def plain_typography(text: str) -> str:
    """The text with typographic quotes, dashes and blanks made plain; same length."""
    return text.translate(_TYPOGRAPHY)


def strip_list_mark(text: str) -> str:
    """Without "1. ", "2) ", "- " or a bullet in front."""
    mark = _LIST_MARK.match(plain_typography(text[:_LONGEST_MARK]))
    return text[mark.end() :] if mark else text


def canonical(text: str, *, longest: int = LONGEST_CLAUSE) -> Clause | None:
    """The clause as it is compared, or None when it is too long for a command."""
    text = text.strip()
    if len(text) > longest + _LONGEST_MARK:
        return None
    text = strip_list_mark(text)
    if len(text) > longest:
        return None
    quotes, words = _lift_quotes(text)
    words = _SHORTCODE.sub("", _lower(words))
    words = _strip_politeness(" ".join(words.split()))
    words = " ".join(_NUMBER_WORDS.get(word, word) for word in words.split(" "))
    for slip, word in _SPELLINGS:
        words = slip.sub(word, words)
    words = _POINTING.sub("it", _OBJECT.sub("it", words))
    return Clause(_IDLE_IT.sub("", words), quotes)


def versions_named(clause: Clause) -> Clause:
    """The clause with "version 3" and "v 3" written "v3"."""
    return Clause(_VERSION.sub(r"v\1", clause.words), clause.quotes, clause.version)


def version_as_object(clause: Clause) -> Clause | None:
    """ "upscale v2" as "upscale it" with the version apart; None when not exactly one is named."""
    found = re.findall(r"\bv([0-9]{1,6})\b", clause.words)
    if len(found) != 1:
        return None
    words = re.sub(r"\bv[0-9]{1,6}\b", "it", clause.words)
    return Clause(_IDLE_IT.sub("", words), clause.quotes, int(found[0]))


def is_small_talk(text: str) -> bool:
    """Whether nothing is left of the text but politeness and reactions."""
    clause = canonical(text)
    return clause is not None and not clause.words


def _lift_quotes(text: str) -> tuple[tuple[str, ...], str]:
    quotes: list[str] = []
    plain = plain_typography(text)
    parts, at = [], 0
    for found in _QUOTED.finditer(plain):
        parts.append(plain[at : found.start()])
        parts.append(f"«{len(quotes)}»")
        quotes.append(text[found.start() + 1 : found.end() - 1])
        at = found.end()
    parts.append(plain[at:])
    return tuple(quotes), "".join(parts)


def _strip_politeness(words: str) -> str:
    words = words.strip(_EDGES)
    while (front := _BEFORE.match(words)) is not None:
        words = words[front.end() :].strip(_EDGES)
    while (back := _AFTER.search(words)) is not None:
        words = words[: back.start()].strip(_EDGES)
    return words


def quotations(text: str) -> tuple[str, ...]:
    """What stands in quotation marks, as it was typed."""
    return _lift_quotes(text)[0]
