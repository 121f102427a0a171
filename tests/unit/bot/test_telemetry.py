"""Log lines hide secrets, and the metrics have the names that dashboards rely on."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from adapters.web.links import Links
from bot.redaction import HIDDEN, Redactor
from bot.settings import Settings
from bot.telemetry import Metrics, set_up_logging
from core.session.models import Actor

TOKENS = [
    "xoxb-1234567890-abcdefghij",
    "xoxe.xoxp-1-Mi0yLTEyMzQ1Njc4OTA",
    "xoxe.xoxb-1-Mi0yLTEyMzQ1Njc4OTA",
    "xoxe-1-My0xLTEyMzQ1Njc4OTA",
    "xapp-1-A0123-456-abcdef",
    "sk-proj-abcdefghijklmnop",
    "r8_AbCdEfGhIjKlMnOp",
    "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.abcdefghijklmnopqrstuvwxyz012345678",
]


LINK = Links("s" * 16).make("s0123456789abcdef0123", Actor(id="slack:T1:U1"), 60)


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    yield
    root.handlers[:], level = before
    root.setLevel(level)
    structlog.reset_defaults()


def logged(form: Literal["json", "console"], **settings: SecretStr) -> io.StringIO:
    stream = io.StringIO()
    set_up_logging(Settings(log_format=form, **settings), stream)  # type: ignore[arg-type]
    return stream


@pytest.mark.parametrize("token", TOKENS)
def test_a_token_is_known_by_its_shape(token: str) -> None:
    assert Redactor().clean(f"refused {token}, sorry") == f"refused {HIDDEN}, sorry"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Authorization: Bearer abcdefgh12345", f"Authorization: Bearer {HIDDEN}"),
        ("redis://user:pa55word@host:6379/0", f"redis://{HIDDEN}@host:6379/0"),
        ("redis://:pa55word@host/0", f"redis://{HIDDEN}@host/0"),
        (f"/open/{LINK} failed", f"/open/{HIDDEN} failed"),
        (f"the link {LINK}, and on", f"the link {HIDDEN}, and on"),
        (
            "POST https://hooks.slack.com/commands/T1/77/aB3x: 404",
            f"POST https://hooks.slack.com/{HIDDEN} 404",
        ),
        (
            "'https://files.slack.com/upload/v1/ABC-def_9'",
            f"'https://files.slack.com/upload/v1/{HIDDEN}'",
        ),
    ],
)
def test_what_is_not_secret_beside_it_stays(text: str, clean: str) -> None:
    assert Redactor().clean(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "a red mug on a desk-lamp table",
        "v3 of 0a30ef8f5322a417",
        "https://host/a?b=c",
        "task-12345678",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert Redactor().clean(text) == text


def test_secrets_deep_inside_and_under_telling_names_are_hidden() -> None:
    event = Redactor([SecretStr("hunter2!")])(
        None,
        "",
        {
            "headers": {"Cookie": "id=1", "Accept": "*/*"},
            "args": ("x", ["my hunter2! is", SecretStr("other")]),
            "api_key": "anything",
            "token": None,
            "total_tokens": 5,
            "answer_url": "https://slack.example/x",
        },
    )
    assert event == {
        "headers": {"Cookie": HIDDEN, "Accept": "*/*"},
        "args": ["x", [f"my {HIDDEN} is", HIDDEN]],
        "api_key": HIDDEN,
        "token": None,
        "total_tokens": 5,
        "answer_url": HIDDEN,
    }


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_line_shows_a_configured_secret_not_even_in_a_traceback(
    form: Literal["json", "console"],
) -> None:
    secret = "no-shape-at-all"
    stream = logged(form, slack_signing_secret=SecretStr(secret))
    try:
        raise RuntimeError(f"bad signature {secret}")
    except RuntimeError:
        structlog.get_logger("easel").exception("it_failed", note=f"{secret}!")
        logging.getLogger("library").exception("also %s", secret, extra={"key": secret})
    text = stream.getvalue()
    assert secret not in text
    assert text.count("RuntimeError") >= 2
    assert text.count(HIDDEN) >= 5


def test_json_lines_are_one_object_each_from_us_and_from_libraries() -> None:
    stream = logged("json")
    with structlog.contextvars.bound_contextvars(session="s1"):
        structlog.get_logger("easel.turns").info("turn_done", seconds=1.5)
        logging.getLogger("uvicorn").warning("%d connections", 3)
    ours, theirs = (json.loads(line) for line in stream.getvalue().splitlines())
    assert ours["event"] == "turn_done"
    assert (ours["seconds"], ours["session"], ours["level"]) == (1.5, "s1", "info")
    assert (theirs["event"], theirs["logger"]) == ("3 connections", "uvicorn")
    assert theirs["timestamp"].endswith("Z")


def test_less_severe_lines_and_chatty_libraries_are_left_out() -> None:
    stream = logged("json")
    structlog.get_logger("easel").debug("detail")
    logging.getLogger("httpx").info("GET https://host/?secret")
    assert stream.getvalue() == ""


def test_metrics_have_the_names_and_labels_of_the_contract() -> None:
    metrics = Metrics()
    metrics.turns.labels("web", "edit", "done").inc()
    metrics.turn_seconds.observe(2)
    metrics.ack_seconds.labels("web").observe(0.004)
    metrics.queue_depth.set(3)
    metrics.provider_seconds.labels("studio", "ok").observe(1)
    metrics.provider_cost_usd.labels("gpt-image-2").inc(0.053)
    metrics.duplicates_dropped.inc()
    metrics.redeliveries.inc()
    samples = {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(metrics.render().decode())
        for sample in family.samples
    }
    edit = (("operation", "edit"), ("outcome", "done"), ("platform", "web"))
    assert samples["easel_turns_total", edit] == 1
    assert samples["easel_turn_seconds_count", ()] == 1
    assert samples["easel_ack_seconds_bucket", (("le", "0.005"), ("platform", "web"))] == 1
    assert samples["easel_queue_depth", ()] == 3
    studio = (("model", "studio"), ("outcome", "ok"))
    assert samples["easel_provider_seconds_sum", studio] == 1
    assert samples["easel_provider_cost_usd_total", (("model", "gpt-image-2"),)] == 0.053
    assert samples["easel_duplicates_dropped_total", ()] == 1
    assert samples["easel_redeliveries_total", ()] == 1


def test_two_sets_of_metrics_do_not_mix() -> None:
    first, second = Metrics(), Metrics()
    first.queue_depth.set(1)
    assert b"easel_queue_depth 0.0" in second.render()
