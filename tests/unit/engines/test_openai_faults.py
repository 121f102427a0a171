"""Every known refusal of the Images API, in its real words, and what is made of it."""

from __future__ import annotations

from typing import Any

import pytest

from core.engines.openai.errors import classify
from core.engines.openai.faults import (
    SAID_INSTEAD,
    Fault,
    forgets_conversation,
    refuses_transparency,
    retry_after,
)
from core.errors import BadInput, EaselError, EngineError, EngineFault

SAFETY = (
    "Your request was rejected by the safety system. If you believe this is an error, contact us at"
    " help.openai.com and include the request ID req_1. safety_violations=[{}]."
)
RATE = (
    "Rate limit reached for gpt-image-2 in organization org-x on input-images per min: Limit 5, "
    "Used 5, Requested 1. Please try again in 12s."
)
TRANSPARENT = "Transparent background is not supported for this model."


def engine_error(fault: Fault) -> EngineError:
    error = classify(fault, "GPT Image 2")
    assert isinstance(error, EngineError)
    return error


@pytest.mark.parametrize(
    ("status", "code", "param", "kind_of_body", "message", "kind"),
    [
        (400, "moderation_blocked", "", "image_generation_user_error", SAFETY.format("sexual"),
         EngineFault.MODERATION),
        (None, "moderation_blocked", "", "image_generation_user_error", SAFETY.format("violence"),
         EngineFault.MODERATION),
        (400, "content_policy_violation", "", "invalid_request_error", "", EngineFault.MODERATION),
        (400, "", "", "user_error", SAFETY.format(""), EngineFault.MODERATION),
        (429, "rate_limit_exceeded", "", "input-images", RATE, EngineFault.RATE_LIMITED),
        (429, "", "", "tokens", "slow down", EngineFault.RATE_LIMITED),
        (None, "rate_limit_exceeded", "", "", "", EngineFault.RATE_LIMITED),
        (429, "insufficient_quota", "", "insufficient_quota",
         "You exceeded your current quota, please check your plan.", EngineFault.QUOTA),
        (400, "billing_hard_limit_reached", "", "invalid_request_error",
         "Billing hard limit has been reached", EngineFault.QUOTA),
        (403, "", "", "", "Billing hard limit has been reached.", EngineFault.QUOTA),
        (402, "", "", "", "Payment required", EngineFault.QUOTA),
        (429, "billing_not_active", "", "billing_not_active",
         "Your account is not active, please check your billing details.", EngineFault.QUOTA),
        (429, "", "", "insufficient_quota", "You exceeded your quota", EngineFault.QUOTA),
        (None, "", "", "", "You exceeded your current quota", EngineFault.QUOTA),
        (403, "", "", "", "You do not have access to the model", EngineFault.AUTH),
        (400, "image_content_policy_violation", "", "", "", EngineFault.MODERATION),
        (400, "invalid_prompt", "", "invalid_request_error",
         "Invalid prompt: flagged as potentially violating our usage policy.",
         EngineFault.MODERATION),
        (400, "invalid_prompt", "", "invalid_request_error", "Invalid prompt.",
         EngineFault.BAD_REQUEST),
        (400, "invalid_value", "tools[0].size", "invalid_request_error", "Invalid value",
         EngineFault.BAD_REQUEST),
        (400, "unsupported_value", "tools[0].background", "invalid_request_error", "no",
         EngineFault.UNSUPPORTED),
        (None, "said_instead", "", "", "the billing hard limit of the safety system",
         EngineFault.UNKNOWN),
        (401, "invalid_api_key", "", "invalid_request_error",
         "Incorrect API key provided: sk-abc.", EngineFault.AUTH),
        (403, "", "", "invalid_request_error",
         "Your organization must be verified to use the model `gpt-image-2`.", EngineFault.AUTH),
        (403, "unsupported_country_region_territory", "", "request_forbidden", "",
         EngineFault.AUTH),
        (404, "model_not_found", "", "invalid_request_error", "The model does not exist",
         EngineFault.UNSUPPORTED),
        (404, "", "", "", "<html>", EngineFault.UNSUPPORTED),
        (400, "invalid_value", "size", "invalid_request_error", "Invalid value: '8x8'.",
         EngineFault.BAD_REQUEST),
        (400, "invalid_value", "", "image_generation_user_error", TRANSPARENT,
         EngineFault.UNSUPPORTED),
        (400, "unsupported_value", "background", "invalid_request_error", TRANSPARENT,
         EngineFault.UNSUPPORTED),
        (400, "invalid_input_fidelity_model", "input_fidelity", "invalid_request_error", "",
         EngineFault.BAD_REQUEST),
        (400, "unknown_parameter", "seed", "invalid_request_error",
         "Unknown parameter: 'seed'.", EngineFault.BAD_REQUEST),
        (400, "invalid_image_file", "", "image_generation_user_error",
         "Invalid image file or mode for image 1", EngineFault.BAD_REQUEST),
        (400, "", "", "", "Invalid mask image format - mask size does not match image size",
         EngineFault.BAD_REQUEST),
        (400, "string_above_max_length", "prompt", "invalid_request_error", "",
         EngineFault.BAD_REQUEST),
        (500, "server_error", "", "server_error", "The server had an error",
         EngineFault.TRANSIENT),
        (None, "", "", "server_error", "An error occurred during streaming", EngineFault.UNKNOWN),
        (None, "server_error", "", "server_error", "", EngineFault.TRANSIENT),
        (503, "", "", "", "Service Unavailable", EngineFault.TRANSIENT),
        (504, "", "", "", "<html>gateway</html>", EngineFault.TRANSIENT),
        (302, "", "", "", "", EngineFault.UNKNOWN),
        (None, "", "", "", "", EngineFault.UNKNOWN),
    ],
)  # fmt: skip
def test_table(
    status: int | None, code: str, param: str, kind_of_body: str, message: str, kind: EngineFault
) -> None:
    fault = Fault(message, status, code, param, kind_of_body, request_id="req_77")
    error = engine_error(fault)
    assert error.kind is kind
    assert error.code == f"engine_{kind}"
    assert error.message.count("GPT Image 2") == 1
    assert error.hint
    assert "req_77" in error.admin
    assert message[:100] in error.admin or "sk-" in message


def test_a_person_never_reads_the_providers_own_text() -> None:
    error = engine_error(Fault("Internal: host 10.0.0.1 <script>", 500))
    assert "10.0.0.1" not in error.message + error.hint


@pytest.mark.parametrize(
    ("fault", "person", "operator"),
    [
        (Fault("x", 429, "insufficient_quota"), "can't pay", "no credit is left"),
        (Fault("x", 400, "billing_hard_limit_reached"), "can't pay", "the spending limit"),
        (Fault("x", 429, "billing_not_active"), "can't pay", "no valid way to pay"),
        (Fault("x", 402), "can't pay", "a payment is due"),
        (Fault("Your organization must be verified", 403), "not verified", "has to be verified"),
        (Fault("x", 403, "unsupported_country_region_territory"), "where this server stands",
         "this country"),
        (Fault("No access to model", 403), "may not use", "lacks a permission"),
        (Fault("Incorrect API key", 401, "invalid_api_key"), "does not accept the key", "revoked"),
    ],
)  # fmt: skip
def test_what_only_the_operator_can_mend_is_said_to_both(
    fault: Fault, person: str, operator: str
) -> None:
    error = engine_error(fault)
    assert person in error.message
    assert error.hint.startswith("Ask your admin.")
    assert operator in error.admin
    assert operator not in error.message + error.hint


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("sexual", "(sexual)"),
        ("sexual, violence", "(sexual, violence)"),
        ("<@everyone>", "(everyone)"),
        ("", "refused this."),
    ],
)
def test_moderation_names_the_category_and_nothing_else(raw: str, said: str) -> None:
    error = engine_error(Fault(SAFETY.format(raw), 400, "moderation_blocked"))
    assert said in error.message


def test_moderation_says_to_try_differently_and_names_what_the_details_name() -> None:
    error = engine_error(Fault("", 400, "moderation_blocked", categories=("self_harm", "<b>")))
    assert "(self harm, b)" in error.message
    assert "other words" in error.hint


@pytest.mark.parametrize(
    ("headers", "message", "seconds"),
    [
        ({"retry-after": "20"}, RATE, 20.0),
        ({}, RATE, 12.0),
        ({}, "", None),
    ],
)
def test_the_wait(headers: dict[str, str], message: str, seconds: float | None) -> None:
    fault = Fault(message, 429, "rate_limit_exceeded", headers=headers)
    assert retry_after(fault) == (pytest.approx(seconds) if seconds is not None else None)
    assert engine_error(fault).retry_after == retry_after(fault)


def test_a_wait_belongs_only_to_what_can_be_tried_again() -> None:
    fault = Fault("", 400, "moderation_blocked", headers={"retry-after": "5"})
    assert engine_error(fault).retry_after is None


@pytest.mark.parametrize(
    ("fault", "billed"),
    [
        (Fault("ReadTimeout: ", lost=True), True),
        (Fault("RemoteProtocolError: ", lost=True), True),
        (Fault("ConnectError: ", lost=True, sent=False), False),
        (Fault("unreadable answer", code="unreadable_answer", lost=True), True),
        (Fault("", 502), True),
        (Fault("", 504), True),
        (Fault("", 500), False),
        (Fault("", 400, "moderation_blocked"), False),
        (Fault("", code="moderation_blocked"), False),
        (Fault("", code="moderation_blocked", begun=True), True),
        (Fault("", code="server_error", begun=True), True),
        (Fault("", 429, "rate_limit_exceeded"), False),
    ],
)
def test_whether_it_may_have_been_billed(fault: Fault, billed: bool) -> None:
    assert engine_error(fault).may_have_billed is billed


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"message": TRANSPARENT, "code": "invalid_value"}, True),
        ({"param": "background", "code": "unsupported_value"}, True),
        ({"message": TRANSPARENT, "status": 500}, False),
        ({"param": "size"}, False),
        ({"param": "tools[0].background"}, True),
        ({"message": TRANSPARENT, "status": None}, True),
        ({"message": TRANSPARENT, "status": None, "begun": True}, False),
        ({"message": TRANSPARENT, "status": None, "lost": True}, False),
    ],
)
def test_a_refusal_of_transparency_is_known(changes: dict[str, Any], refused: bool) -> None:
    assert refuses_transparency(Fault(**({"status": 400} | changes))) is refused


@pytest.mark.parametrize(
    ("changes", "forgotten"),
    [
        ({"code": "previous_response_not_found"}, True),
        ({"param": "previous_response_id", "status": 404}, True),
        ({"code": "previous_response_not_found", "status": None}, True),
        ({"code": "previous_response_not_found", "status": None, "begun": True}, False),
        ({"code": "previous_response_not_found", "status": 500}, False),
        ({"code": "model_not_found", "status": 404}, False),
    ],
)
def test_a_forgotten_conversation_is_known(changes: dict[str, Any], forgotten: bool) -> None:
    assert forgets_conversation(Fault(**({"status": 400} | changes))) is forgotten


def test_a_models_own_words_are_short_and_mention_nobody() -> None:
    said = "Sure! <@U1> [click](https://evil.example/a?b) `x`\n" + "and so on " * 100
    error = engine_error(Fault(said, code=SAID_INSTEAD))
    assert "“Sure! U1 click ( x and so on" in error.message
    assert error.message.endswith("…”")
    assert len(error.message) < 280


def test_secrets_are_struck_out_of_a_models_own_words() -> None:
    error = classify(Fault("your key is sk-abc12345", code=SAID_INSTEAD), "GPT-4o")
    assert "sk-abc" not in f"{error.message} {error.admin}"


def test_the_studio_speaks_for_itself() -> None:
    error: EaselError = classify(
        Fault("I can't redraw photographs.", 400, "studio_photograph", hint="Crop it."), "Studio"
    )
    assert isinstance(error, BadInput)
    assert (error.message, error.hint) == ("I can't redraw photographs.", "Crop it.")
    assert error.code == "studio_photograph"


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect API key provided: sk-proj-abcDEF123.",
        "Authorization: Bearer abc.def",
        "my own key hunter2hunter2 leaked",
    ],
)
def test_secrets_are_struck_out(text: str) -> None:
    error = classify(Fault(text, 401), "GPT Image 2", ("hunter2hunter2",))
    told = f"{error!r} {error.message} {error.hint} {error.admin}"
    assert "[secret]" in error.admin
    for secret in ("abcDEF123", "abc.def", "hunter2"):
        assert secret not in told


def test_what_an_admin_reads_is_bounded() -> None:
    assert len(classify(Fault("x" * 100_000, 500), "GPT Image 2").admin) <= 600
