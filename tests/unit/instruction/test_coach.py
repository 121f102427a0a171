"""The coach says at most one thing, and only where it will help."""

from __future__ import annotations

import pytest

from core.instruction.coach import LETTERS, NO_LIGHT, SHORT, START_OVER, VAGUE, hint
from core.instruction.context import Context
from core.instruction.grammar import understand

NOTHING = Context()
PICTURE = Context(has_head=True, version_count=3)
ATTACHED = Context(attachments=1)
LONG = (
    "a red stoneware mug to the left of a glazed yellow bowl on a dark walnut table, plain plaster "
    "wall behind, shot on a 50mm lens at table height"
)

CASES = [
    # first prompts
    ("a red mug", NOTHING, SHORT),
    ("a red mug on a walnut table, soft window light", NOTHING, SHORT),
    (LONG, NOTHING, NO_LIGHT),
    (f"{LONG}, soft window light from the left", NOTHING, None),
    (f"{LONG}, at dusk", NOTHING, None),
    ("a fox", ATTACHED, None),
    ("new picture: a fox on a hill", PICTURE, None),
    # lettering
    (f"{LONG}, golden hour, a sign “Fresh bread every single day”", NOTHING, LETTERS),
    (f"{LONG}, golden hour, a sign “Fresh bread daily”", NOTHING, None),
    ("write “Fresh bread every single day” on the mug", PICTURE, LETTERS),
    ("write “SALE” on the mug", PICTURE, None),
    # vague edits
    ("more dramatic", PICTURE, VAGUE),
    ("Make it pop!", PICTURE, VAGUE),
    ("make it a bit more professional please", PICTURE, VAGUE),
    ("better", PICTURE, VAGUE),
    ("enhance it", PICTURE, VAGUE),
    ("make the sky more dramatic, with a low sun", PICTURE, None),
    ("make the mug navy", PICTURE, None),
    # what is done exactly needs no advice
    ("transparent", PICTURE, None),
    ("4x", PICTURE, None),
    ("warmer", PICTURE, None),
    ("undo", PICTURE, None),
    ("please", PICTURE, None),
]


@pytest.mark.parametrize(("text", "context", "said"), CASES)
def test_a_hint_fits_the_words(text: str, context: Context, said: str | None) -> None:
    assert hint(understand(text, context), context) == said


def test_starting_over_with_nearly_the_same_words_is_noticed() -> None:
    before = "a red mug to the left of a white candle on a walnut table"
    again = "new picture: a navy mug to the left of a white candle on a walnut table"
    assert hint(understand(again, PICTURE), PICTURE, previous=before) == START_OVER


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("new picture: two foxes in a birch forest at dawn", PICTURE),
        (f"{LONG}, soft window light", NOTHING),
    ],
)
def test_other_words_are_no_starting_over(text: str, context: Context) -> None:
    before = "a red mug to the left of a white candle on a walnut table"
    assert hint(understand(text, context), context, previous=before) is None


def test_a_hint_is_one_short_sentence_or_two() -> None:
    for said in (SHORT, NO_LIGHT, LETTERS, START_OVER, VAGUE):
        assert len(said) <= 160
        assert said.endswith((".", "”."))
