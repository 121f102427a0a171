"""What providers really say when they don't draw: the cases of docs/ERRORS.md.

Bodies, codes and words are those of the providers' references and of logs that their users have
published; keys in them are made up, and none of them reaches the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.provider_stand_in import Answer

OPENAI_KEY = "sk-proj-made-up-0123456789"
REPLICATE_TOKEN = "r8_MadeUp0123456789"  # noqa: S105 - opens nothing
SERVER_KEY = "made-up-server-key"

_PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJg"
    "gg=="
)


@dataclass(frozen=True)
class Case:
    """An answer of a provider, in short, and what it is given to."""

    came: str
    answer: Answer
    model: str = "gpt-image-2"
    previews: int = 0


def _openai(
    status: int, code: str | None, message: str, *, type: str = "invalid_request_error",
    param: str | None = None, **headers: str,
) -> Answer:  # fmt: skip
    error = {"message": message, "type": type, "param": param, "code": code}
    told = {
        "x-request-id": "req_4f1a",
        **{name.replace("_", "-"): headers[name] for name in headers},
    }
    return Answer(status, {"error": error}, told)


def _problem(status: int, title: str, detail: str, **more: Any) -> Answer:
    return Answer(status, {"title": title, "detail": detail, "status": status, **more})


def _failed(error: str) -> Answer:
    """A prediction that was made and failed."""
    return Answer(201, {
        "id": "p0000000000000000000000001",
        "model": "tencent/hunyuan-image-2.1",
        "status": "failed",
        "error": error,
        "output": None,
        "created_at": "2026-11-20T10:00:00Z",
        "completed_at": "2026-11-20T10:00:04Z",
        "metrics": {"predict_time": 4.0},
    })  # fmt: skip


_SAFETY = (
    "Your request was rejected by the safety system. If you believe this is an error, contact us "
    "at help.openai.com and include the request ID req_4f1a. safety_violations=[violence]."
)
_BLOCKED: Mapping[str, Any] = {
    "message": _SAFETY, "type": "image_generation_user_error", "param": None,
    "code": "moderation_blocked",
}  # fmt: skip
_PREVIEW: Mapping[str, Any] = {
    "type": "image_generation.partial_image", "partial_image_index": 0, "b64_json": _PIXEL,
}  # fmt: skip

_HUNYUAN = "tencent/hunyuan-image-2.1"
_OWN = "compatible:flux-dev"

CASES: dict[str, tuple[Case, ...]] = {
    "moderation": (
        Case("400, `moderation_blocked`", Answer(400, {"error": _BLOCKED})),
        Case(
            "failed: “NSFW content detected…”",
            _failed("NSFW content detected. Try running it again, or try a different prompt."),
            _HUNYUAN,
        ),
        Case("400 in words", Answer(400, {"detail": "Blocked by the safety checker."}), _OWN),
    ),
    "withdrawn": (
        Case(
            "an error inside the stream, after one preview",
            Answer(events=(_PREVIEW, {"type": "error", "error": _BLOCKED})),
            previews=1,
        ),
    ),
    "bad_request": (
        Case(
            "400, `invalid_value` of `size`",
            _openai(400, "invalid_value", "Invalid size '9x9'.", param="size"),
        ),
        Case(
            "400, `invalid_image_file`",
            _openai(400, "invalid_image_file", "Invalid image file or mode for image 1"),
        ),
        Case(
            "422, invalid fields",
            _problem(
                422, "Input validation failed", "- input.aspect_ratio: must be one of …",
                invalid_fields=[{"field": "input.aspect_ratio", "type": "enum",
                                 "description": "must be one of …"}],
            ),
            _HUNYUAN,
        ),
        Case("failed: “CUDA out of memory”", _failed("CUDA out of memory."), _HUNYUAN),
        Case(
            "422 of FastAPI",
            Answer(422, {"detail": [{"loc": ["body", "size"], "msg": "not a multiple of 16"}]}),
            _OWN,
        ),
    ),
    "auth": (
        Case(
            "401, `invalid_api_key`",
            _openai(401, "invalid_api_key", f"Incorrect API key provided: {OPENAI_KEY}."),
        ),
        Case(
            "403, not verified",
            _openai(
                403, None, "Your organization must be verified to use the model `gpt-image-2`."
            ),
        ),
        Case(
            "401",
            _problem(401, "Unauthenticated", "You did not pass a valid authentication token"),
            _HUNYUAN,
        ),
        Case("401", Answer(401, {"detail": f"unknown key {SERVER_KEY}"}), _OWN),
    ),
    "quota": (
        Case(
            "429, `insufficient_quota`",
            _openai(
                429, "insufficient_quota",
                "You exceeded your current quota, please check your plan and billing details.",
                type="insufficient_quota",
            ),
        ),
        Case(
            "400, `billing_hard_limit_reached`",
            _openai(400, "billing_hard_limit_reached", "Billing hard limit has been reached"),
        ),
        Case(
            "402",
            _problem(402, "Insufficient credit", "You have insufficient credit to run this model."),
            _HUNYUAN,
        ),
    ),
    "rate_limited": (
        Case(
            "429, `rate_limit_exceeded`",
            _openai(
                429, "rate_limit_exceeded",
                "Rate limit reached for gpt-image-2 on input-images per min: Limit 5, Used 5, "
                "Requested 1. Please try again in 12s.",
                type="input-images",
            ),
        ),
        Case(
            "429",
            _problem(
                429, "Too many requests",
                "Request was throttled. Your rate limit resets in ~30s.",
            ),
            _HUNYUAN,
        ),
        Case("429", Answer(429, {"detail": "too many requests"}, {"retry-after": "5"}), _OWN),
    ),
    "transient": (
        Case(
            "503",
            _openai(503, "server_error", "The server is overloaded.", type="server_error"),
        ),
        Case("nothing: the connection broke", Answer(hang_up=True)),
        Case("failed: “(E003)”", _failed("Service is currently unavailable due to high demand. "
                                         "Please try again later. (E003)"), _HUNYUAN),
        Case("503", Answer(503, {"detail": "the engine is starting"}), _OWN),
    ),
    "unsupported": (
        Case(
            "404, `model_not_found`",
            _openai(404, "model_not_found", "The model 'gpt-image-2' does not exist."),
        ),
        Case(
            "404",
            _problem(404, "Not found", "The requested resource could not be found."),
            _HUNYUAN,
        ),
        Case("501", Answer(501, {"detail": "images/generations is off"}), _OWN),
    ),
    "unknown": (
        Case(
            "an error that names no reason",
            Answer(events=({"type": "error", "error": {"message": "Something went wrong."}},)),
            previews=1,
        ),
        Case("failed: “list index out of range”", _failed("list index out of range"), _HUNYUAN),
        Case("200 without a picture", Answer(body={"data": []}), _OWN),
    ),
}  # fmt: skip
"""By class; the order is that of the page."""
