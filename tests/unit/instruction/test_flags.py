"""Flags come off the words; a flag that cannot be is refused with one that can."""

from __future__ import annotations

import pytest

from core.errors import BadInput
from core.instruction.context import Context
from core.instruction.flags import split_flags
from core.instruction.grammar import understand
from core.instruction.plan import TurnOptions

REFUSED = [
    ("--n 99", "--n can't be “99”", "1 to 10"),
    ("--n 0", "--n can't be “0”", "1 to 10"),
    ("--n two", "--n can't be “two”", "1 to 10"),
    ("--n", "--n needs a value", "1 to 10"),
    ("--n --seed 7", "--n needs a value", "1 to 10"),
    ("--size 9x", "--size can't be “9x”", "1536x1024"),
    ("--size 0x0", "--size can't be “0x0”", "1536x1024"),
    ("--size 999999x1", "--size can't be", "1536x1024"),
    ("--ar wide", "--ar can't be “wide”", "4:5"),
    ("--ar 4:0", "--ar can't be “4:0”", "4:5"),
    ("--seed -1", "--seed can't be “-1”", "4294967295"),
    ("--seed 4294967296", "--seed can't be", "4294967295"),
    ("--quality best", "--quality can't be “best”", "low, medium, high"),
    ("--transparent=maybe", "--transparent can't be “maybe”", "--transparent"),
    ("--substitute=perhaps", "--substitute can't be “perhaps”", "another model"),
    ("--no-substitute=perhaps", "--no-substitute can't be “perhaps”", "this model or none"),
    ("--model", "--model needs a value", "--model"),
    ('--style ""', "--style needs a value", "our brand"),
    ("--colour red", "I don't know the flag --colour", "These work: --model"),
    ("--sead 7", "I don't know the flag --sead", "Did you mean --seed?"),
    ("--qualty high", "I don't know the flag --qualty", "Did you mean --quality?"),
]


@pytest.mark.parametrize(("flag", "message", "hint"), REFUSED)
def test_a_flag_that_cannot_be_is_refused_kindly(flag: str, message: str, hint: str) -> None:
    with pytest.raises(BadInput) as refusal:
        understand(f"a red mug {flag}", Context())
    assert message in refusal.value.message
    assert hint in refusal.value.hint


def test_a_very_long_value_is_not_repeated_whole() -> None:
    with pytest.raises(BadInput) as refusal:
        split_flags(f"a red mug --quality {'x' * 5000} --n 3")
    assert len(refusal.value.message) < 100


@pytest.mark.parametrize(
    ("text", "words", "options"),
    [
        ("--n 3 a mug --n 4", " a mug", TurnOptions(n=4)),
        ("a mug --ar 2.39:1", "a mug", TurnOptions(ar="2.39:1")),
        ("a mug --q extra-high", "a mug", TurnOptions(quality="xhigh")),
        ("a mug --quality Maximum", "a mug", TurnOptions(quality="max")),
        ("a mug --substitute --n 2", "a mug", TurnOptions(substitute=True, n=2)),
        ("a mug —no-substitute on oak", "a mug on oak", TurnOptions(substitute=False)),
        ("a mug --no-substitute=off", "a mug", TurnOptions(substitute=True)),
        ("a mug --substitute --no-substitute", "a mug", TurnOptions(substitute=False)),
        ("a mug --q HD", "a mug", TurnOptions(quality="high")),
        ("a “mug --n 3” here", "a “mug --n 3” here", TurnOptions()),
        ("a mug\n--seed 7\n--n 2\nthe end", "a mug\nthe end", TurnOptions(seed=7, n=2)),
        ("a mug —the red one", "a mug —the red one", TurnOptions()),
    ],
)
def test_flags_come_off_and_the_words_stay(text: str, words: str, options: TurnOptions) -> None:
    flagged = split_flags(text)
    assert flagged.text == words
    assert flagged.options == options


def test_a_flag_is_stronger_than_the_settings_beside_the_words() -> None:
    context = Context(options=TurnOptions(n=2, quality="low"))
    assert understand("a red mug --n 3", context).options == TurnOptions(n=3, quality="low")
