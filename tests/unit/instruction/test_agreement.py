"""A clear yes is one, and nothing that wants more or asks back is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.instruction.agreement import agrees

YES = [
    "yes", "Yes!", "yes please", "Yes, please.", "yep", "sure", "ok", "okay 👍", "👍", "👍🏽", "✅",
    "ok use it", "OK, use that one", "use that one", "use it", "use that instead", "use the other",
    "go ahead", "Go ahead, please", "go for it", "do it", "yes do it", "please", "please do",
    "sounds good", "fine by me", "sure, why not?", "why not", "yes, thanks", "great, do it",
    "that works, thank you", "of course", "let's do it", "do it with that one", "yes\nplease 🙏",
    "all right then", "ok, go ahead and do it now",
]  # fmt: skip
NO = [
    "", " ", "no", "no thanks", "nope", "never mind", "thanks", "thank you!", "🙏", "perfect",
    "great", "good idea", "yes?", "ok?", "really?", "yes but make it blue", "yes, but bluer",
    "ok make it navy", "ok, what about qwen?", "use it as a reference", "go ahead and make it navy",
    "don't do it", "please don't", "do it again", "use that one for the mug", "no, use that one",
    "okra", "yesterday", "sure thing mug", "use v2", "use that picture", "yes no", "wait, yes",
    "“yes”", "a sign that says yes", "ok computer", "pleased", "go", "and then", "yes, 4x",
    "do it with seedream", "use Clarity Pro", "yes, with gpt-image-2",
]  # fmt: skip


@pytest.mark.parametrize("text", YES)
def test_a_clear_yes_agrees_with_or_without_the_name_of_the_offer(text: str) -> None:
    assert agrees(text)
    assert agrees(text, "bytedance/seedream-4.5")


@pytest.mark.parametrize("text", NO)
def test_anything_else_does_not_agree(text: str) -> None:
    assert not agrees(text)


@pytest.mark.parametrize("text", [text for text in NO if "seedream" not in text])
def test_the_name_of_the_offer_makes_nothing_else_a_yes(text: str) -> None:
    assert not agrees(text, "bytedance/seedream-4.5")


@pytest.mark.parametrize(
    ("text", "offer"),
    [
        ("do it with Seedream 4.5", "bytedance/seedream-4.5"),
        ("ok, do it with seedream please", "bytedance/seedream-4.5"),
        ("use Seedream 4.5", "bytedance/seedream-4.5"),
        ("yes, use the Seedream 4.5 model instead", "bytedance/seedream-4.5"),
        ("Seedream 4.5 please", "bytedance/seedream-4.5"),
        ("with Clarity Pro then", "philz1337x/clarity-pro-upscaler"),
        ("yes, Clarity Pro", "philz1337x/clarity-pro-upscaler"),
        ("use bria", "bria/remove-background"),
        ("use the background remover", "851-labs/background-remover"),
        ("use real-esrgan", "nightmareai/real-esrgan"),
        ("use real-esrgan", "real-esrgan"),
        ("GPT Image 2", "openai/gpt-image-2"),
        ("use someone/their-model", "someone/their-model"),
        ("ok go with qwen", "qwen/qwen-image-edit-plus"),
    ],
)
def test_naming_the_offer_agrees(text: str, offer: str) -> None:
    assert agrees(text, offer)


@pytest.mark.parametrize(
    ("text", "offer"),
    [
        ("use Seedream 4.5", "gpt-image-1.5"),
        ("yes, with gpt-image-2", "gpt-image-1.5"),
        ("do it with gpt-image-1", "gpt-image-1.5"),
        ("no, not with Seedream 4.5", "bytedance/seedream-4.5"),
        ("make it blue with Seedream 4.5", "bytedance/seedream-4.5"),
        ("don't use Seedream 4.5", "bytedance/seedream-4.5"),
        ("is it as good with Seedream 4.5?", "bytedance/seedream-4.5"),
        ("with Seedream 4.5?", "bytedance/seedream-4.5"),
        ("a fox, with Seedream 4.5", "bytedance/seedream-4.5"),
    ],
)
def test_naming_another_or_wanting_more_does_not_agree(text: str, offer: str) -> None:
    assert not agrees(text, offer)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=200), offer=st.text(max_size=40))
def test_any_text_is_answered(text: str, offer: str) -> None:
    assert isinstance(agrees(text, offer), bool)
