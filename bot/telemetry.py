"""What Easel tells about itself: log lines (structlog, JSON or for eyes) and Prometheus metrics.

Lines of libraries that use `logging` take the same way, so that they too are redacted.
"""

from __future__ import annotations

import logging
import logging.config
import sys
from collections.abc import Iterator
from typing import TextIO

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from pydantic import SecretStr
from structlog.typing import Processor

from bot.redaction import Redactor
from bot.settings import Settings

_ACK_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3)
_WORK_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320)
_TOO_CHATTY = (
    "discord",
    "docket",
    "httpx",
    "httpx2",
    "httpcore",
    "httpcore2",
    "openai",
    "PIL",
    "asyncio",
)


class Metrics:
    """The metrics of one process, in a registry of their own. Names are a contract."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.turns = Counter(
            "easel_turns_total",
            "Turns that have ended.",
            ("platform", "operation", "outcome"),
            registry=self.registry,
        )
        self.turn_seconds = Histogram(
            "easel_turn_seconds",
            "From the acceptance of a turn to its end.",
            buckets=_WORK_SECONDS,
            registry=self.registry,
        )
        self.ack_seconds = Histogram(
            "easel_ack_seconds",
            "From the arrival of an event to its acknowledgement.",
            ("platform",),
            buckets=_ACK_SECONDS,
            registry=self.registry,
        )
        self.queue_depth = Gauge(
            "easel_queue_depth", "Turns accepted and not ended.", registry=self.registry
        )
        self.provider_seconds = Histogram(
            "easel_provider_seconds",
            "Calls of image models.",
            ("model", "outcome"),
            buckets=_WORK_SECONDS,
            registry=self.registry,
        )
        self.provider_cost_usd = Counter(
            "easel_provider_cost_usd_total",
            "What image models have cost, US dollars.",
            ("model",),
            registry=self.registry,
        )
        self.duplicates_dropped = Counter(
            "easel_duplicates_dropped_total",
            "Events that had been accepted before.",
            registry=self.registry,
        )
        self.redeliveries = Counter(
            "easel_redeliveries_total",
            "Turns taken up again after a worker was lost.",
            registry=self.registry,
        )

    def render(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self.registry)


def set_up_logging(settings: Settings, stream: TextIO | None = None) -> None:
    """Send every log line of this process to `stream` (standard error), redacted."""
    stream = stream or sys.stderr
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before, processors=list(_ending(settings, stream))
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name in _TOO_CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def _ending(settings: Settings, stream: TextIO) -> Iterator[Processor]:
    """The last processors. Tracebacks are made to text first, so that they are redacted too."""
    yield structlog.stdlib.ProcessorFormatter.remove_processors_meta
    yield structlog.processors.format_exc_info
    yield Redactor(_secrets(settings))
    if settings.log_format == "json" or (settings.log_format == "auto" and not stream.isatty()):
        yield structlog.processors.JSONRenderer()
    else:
        yield structlog.dev.ConsoleRenderer(
            colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback
        )


def _secrets(settings: Settings) -> Iterator[SecretStr]:
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            yield value
