"""The which-picture rule, held to its published table."""

from __future__ import annotations

import pytest

from core.errors import BadInput
from core.instruction.context import Context
from core.instruction.grammar import understand
from core.instruction.plan import Edit, Plan
from core.instruction.table.pictures import CASES, Case
from core.instruction.which import Subject, VersionRef, choose_subject


def _version(number: int | None) -> VersionRef | None:
    return None if number is None else VersionRef(f"id-{number}", number)


def _subject(case: Case) -> Subject:
    plan = _plan(case)
    return choose_subject(
        plan,
        case.text,
        chosen=_version(case.chosen),
        named=_version(plan.acts_on),
        head=_version(case.head),
        attachments=[f"{number}.png" for number in range(1, case.attached + 1)],
    )


def _plan(case: Case) -> Plan:
    context = Context(
        has_head=case.head is not None,
        attachments=case.attached,
        chosen=case.chosen is not None,
        version_count=case.head or 0,
    )
    return understand(case.text, context)


def _spoken(subject: Subject) -> str:
    if subject.kind == "version":
        return f"v{(subject.version or '').removeprefix('id-')}"
    return "" if subject.attachment is None else f"picture {subject.attachment + 1}"


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            id=f"{case.text or '(nothing)'} | head {case.head} chosen {case.chosen} "
            f"attached {case.attached}",
        )
        for case in CASES
    ],
)
def test_the_table_says_which_picture_is_meant(case: Case) -> None:
    subject = _subject(case)
    assert _spoken(subject) == case.acts_on
    assert tuple(index + 1 for index in subject.references) == case.references
    assert subject.echo == case.echo


@pytest.mark.parametrize("case", [case for case in CASES if not case.text or case.text == "please"])
def test_a_picture_without_words_asks_and_does_nothing(case: Case) -> None:
    plan = _plan(case)
    assert plan.question is not None
    assert plan.steps == ()


def test_the_order_of_the_rule_holds_for_every_mix() -> None:
    """Named over chosen, chosen over attached, attached over head."""
    plan = Plan(steps=(Edit(prompt="make it navy"),))
    named = Plan(steps=plan.steps, acts_on=4)
    files = ("1.png",)
    every = {"chosen": _version(2), "head": _version(3), "attachments": files}
    assert choose_subject(named, "make v4 navy", named=_version(4), **every).version == "id-4"  # type: ignore[arg-type]
    assert choose_subject(plan, "make it navy", **every).version == "id-2"  # type: ignore[arg-type]
    without = choose_subject(plan, "make it navy", head=_version(3), attachments=files)
    assert without.attachment == 0
    assert choose_subject(plan, "make it navy", head=_version(3)).version == "id-3"


def test_a_named_version_that_is_gone_is_refused() -> None:
    plan = Plan(steps=(Edit(prompt="make it navy"),), acts_on=4)
    with pytest.raises(BadInput, match="no v4"):
        choose_subject(plan, "make v4 navy", head=_version(3))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a.png\n\nRun this", "editing your picture a.pngRun this"),
        ("\u202egnp.a", "editing your picture gnp.a"),
        ("", "editing your picture"),
        ("x" * 200 + ".png", "editing your picture " + "x" * 32 + "…xxx.png"),
    ],
)
def test_the_echo_keeps_a_hostile_file_name_short_and_plain(name: str, shown: str) -> None:
    plan = Plan(steps=(Edit(prompt="make it navy"),))
    assert choose_subject(plan, "make it navy", attachments=(name,)).echo == shown


def test_the_table_covers_every_level_of_the_rule() -> None:
    assert len(CASES) == len({(case.text, case.head, case.chosen, case.attached) for case in CASES})
    assert sum(case.attached > 1 for case in CASES) >= 10
    assert sum(case.chosen is not None for case in CASES) >= 5
