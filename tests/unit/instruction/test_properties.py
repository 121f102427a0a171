"""What holds for every text, friendly or hostile."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from core.instruction.coach import hint
from core.instruction.context import Context
from core.instruction.flags import split_flags
from core.instruction.grammar import understand
from core.instruction.plan import Edit, Generate, Plan
from core.instruction.scope import keeps_rest
from core.instruction.table import SECTIONS
from core.instruction.which import choose_subject
from core.instruction.words import plain_typography, shadow

PICTURE = Context(has_head=True, version_count=3)
PHRASES = [row.text for section in SECTIONS for row in section.rows]
GLUE = [
    "",
    " ",
    ", ",
    " and ",
    ", then ",
    ". ",
    "; ",
    "\n",
    "\n- ",
    "“",
    '"',
    "'",
    " --",
    " —",
    "0",
]
CONTEXTS = st.builds(
    Context,
    has_head=st.booleans(),
    attachments=st.integers(0, 3),
    chosen=st.booleans(),
    version_count=st.integers(0, 3),
    has_mask=st.booleans(),
)
HOSTILE_TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(PHRASES + GLUE), max_size=8).map("".join),
    st.text(alphabet="0123456789x:%.-#v \n\"'“”«»,;—-@", max_size=80),
)


@settings(max_examples=600, deadline=None)
@given(text=HOSTILE_TEXTS, context=CONTEXTS)
def test_any_text_gives_a_plan_or_a_kind_refusal(text: str, context: Context) -> None:
    try:
        plan = understand(text, context)
    except BadInput as refusal:
        assert refusal.message and refusal.hint
        return
    assert bool(plan.steps) != bool(plan.question)
    assert Plan.model_validate_json(plan.model_dump_json()) == plan
    hint(plan, context, previous=text)
    names = [f"{number}.png" for number in range(context.attachments)]
    if plan.acts_on is None:
        assert choose_subject(plan, text, attachments=names).echo


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=200), context=CONTEXTS)
def test_reading_aids_keep_every_position(text: str, context: Context) -> None:
    assert len(shadow(text)) == len(plain_typography(text)) == len(text)
    assert isinstance(keeps_rest(text, context), bool)


WORDS = st.lists(
    st.sampled_from(
        [
            "lighthouse",
            "Möwe",
            "cliff",
            "the",
            "under",
            "“Open,",
            "then",
            "closed”",
            "don't",
            '12"',
            "striped",
            "with",
            "…",
            ",\n\n\t",
        ]
    ),
    max_size=20,
).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(words=WORDS, picture=st.booleans())
def test_prose_reaches_the_model_untouched(words: str, picture: bool) -> None:
    text = f"a lighthouse {words}"
    plan = understand(text, PICTURE if picture else Context())
    (step,) = plan.steps
    assert isinstance(step, Edit if picture else Generate)
    assert step.prompt == text.strip()


COMMANDS = [
    row.text
    for section in SECTIONS
    if section.title in ("Enlarge", "Shape", "Light and colour", "Behind and around the subject")
    for row in section.rows
    if not any(isinstance(step, Edit) for step in row.steps)
]


@pytest.mark.parametrize("polite", ["please ", "ok, can you ", "Could you ", "hey, now ", "- "])
def test_politeness_before_a_command_changes_nothing(polite: str) -> None:
    for text in COMMANDS:
        assert understand(polite + text, PICTURE).steps == understand(text, PICTURE).steps, text


@pytest.mark.parametrize("polite", [" please", ", thanks!", " 🙏", " now", "!!", " for me please."])
def test_politeness_after_a_command_changes_nothing(polite: str) -> None:
    for text in COMMANDS:
        assert understand(text + polite, PICTURE).steps == understand(text, PICTURE).steps, text


def test_capitals_and_odd_blanks_change_nothing() -> None:
    for text in COMMANDS:
        odd = "  " + text.upper().replace(" ", "\u00a0 ") + "\t"
        assert understand(odd, PICTURE).steps == understand(text, PICTURE).steps, text


HOSTILE = [
    "'a ", '"', "“", " ", "\n", "a, ", "and ", "then ", "4x; ", "4x\n", "- ", "1. ", "--", "--n 3 ",
    "please ", "v2 ", "crop to ", "now, ", "a. ", "on a transparent background, ", "in the ", "a-",
    "make it ", "0", ".", "the picture of ", "from 2 ", "like the one ", "as a ", "\u00a0", "🙏",
    "with seedream ", "use qwen, ", "which model for ", "4x by clarity ", "yes ",
    "İ", "use the colours ", "png, ", "this thing ", "draw me a ", "(", "x1.",
]  # fmt: skip


def _seconds(text: str) -> float:
    best = 1e9
    for _ in range(3):
        began = time.process_time()
        try:
            plan = understand(text, PICTURE)
            choose_subject(plan, text, attachments=("a.png", "b.png"))
            hint(plan, PICTURE, previous=text)
        except BadInput:
            split_flags("")
        best = min(best, time.process_time() - began)
    return best


@pytest.mark.parametrize("seed", HOSTILE)
def test_the_time_grows_in_line_with_the_text(seed: str) -> None:
    short, long = ((seed * (size // len(seed) + 1))[:size] for size in (4_000, 16_000))
    # Four times the text may cost four times the time; a square would cost sixteen times. The
    # constant keeps the floor of a nearly free text from being all noise. Time of this process
    # alone is counted, so that a busy machine changes nothing.
    assert _seconds(long) < 8 * _seconds(short) + 0.004


@settings(max_examples=60, deadline=None)
@given(seed=st.text(alphabet="'\"“ \n,.;-1x2a&+andthenv", min_size=1, max_size=12))
def test_no_repeated_scrap_makes_a_pattern_run_away(seed: str) -> None:
    short, long = ((seed * (size // len(seed) + 1))[:size] for size in (1_000, 4_000))
    assert _seconds(long) < 10 * _seconds(short) + 0.010
