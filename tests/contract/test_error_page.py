"""The page of errors: current, each case in its class, and its promises those that turns keep."""

from __future__ import annotations

import re

import pytest

from bot import document_errors
from bot.document_errors import is_offered_elsewhere, is_tried_again
from bot.error_cases import CASES, OPENAI_KEY, REPLICATE_TOKEN, SERVER_KEY
from core.errors import EngineError, EngineFault
from core.turns import caller, trying

PAGE = document_errors.PAGE.read_text(encoding="utf-8")


def test_the_page_of_errors_is_current() -> None:
    assert document_errors.main(["--check"]) == 0, "python -m bot.document_errors writes it anew"


async def test_each_case_is_of_the_class_under_which_it_stands() -> None:
    seen = await document_errors.happened()
    assert seen.keys() >= set(EngineFault)
    for name, cases in seen.items():
        kind = "moderation" if name == "withdrawn" else name
        for each in cases:
            assert isinstance(each.error, EngineError)
            assert each.error.kind == kind, each.case.came
            assert each.error.message, each.case.came
            assert each.error.hint, each.case.came
            assert each.error.admin, each.case.came


async def test_what_was_refused_after_a_preview_had_shown_one() -> None:
    seen = await document_errors.happened()
    assert [each.previews for each in seen["withdrawn"]] == [1]


def test_the_cases_are_of_all_three_kinds_of_provider() -> None:
    models = {case.model for cases in CASES.values() for case in cases}
    assert models == {"gpt-image-2", "tencent/hunyuan-image-2.1", "compatible:flux-dev"}


@pytest.mark.parametrize("secret", [OPENAI_KEY, REPLICATE_TOKEN, SERVER_KEY, "127.0.0.1"])
def test_no_secret_and_no_address_is_on_the_page(secret: str) -> None:
    assert any(secret in str(case) for cases in CASES.values() for case in cases) is (
        secret in (OPENAI_KEY, SERVER_KEY)
    )
    assert secret not in PAGE
    assert "[secret]" in PAGE


@pytest.mark.parametrize("billed", [True, False])
@pytest.mark.parametrize("kind", EngineFault)
def test_what_the_page_says_is_tried_again_turns_try_again(kind: EngineFault, billed: bool) -> None:
    error = EngineError("x", kind=kind, may_have_billed=billed)
    waited_for = kind is EngineFault.RATE_LIMITED
    assert is_tried_again(error) is (waited_for or caller._safe_to_repeat(error))
    assert is_offered_elsewhere(kind) is (kind in trying._ELSEWHERE)
    row = re.search(rf"^\| \[{kind.replace('_', ' ')}\].*$", PAGE, re.MULTILINE)
    assert row is not None
    again, offered = (cell.strip() for cell in row[0].split("|")[2:4])
    assert (again != "no") is is_tried_again(EngineError("x", kind=kind))
    assert (offered == "yes") is is_offered_elsewhere(kind)


def test_the_waits_that_the_page_names_are_those_of_turns() -> None:
    assert "after six waits or ten minutes" in PAGE
    assert (caller._MOST_WAITS, caller._PATIENCE_SECONDS) == (6, 600)
    assert "tried again twice, after one and four seconds" in PAGE
    assert caller._PAUSES == (1, 4)
