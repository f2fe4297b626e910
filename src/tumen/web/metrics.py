"""What the running service counts, for Prometheus at ``/metrics``.

The figures are the process's; where several workers serve, each writes its own into a folder and
``exposed`` adds them up ($PROMETHEUS_MULTIPROC_DIR, which ``tumen serve`` sets).
"""

import os
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from tumen.window.ledger.waiting import Waiting

REGISTRY: Final = CollectorRegistry()
CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_COUNTS: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 10_000)

REQUESTS: Final = Counter(
    "tumen_requests", "Requests answered.", ("method", "route", "status"), registry=REGISTRY
)
REQUEST_SECONDS: Final = Histogram(
    "tumen_request_seconds", "Until the answer began.", ("route",), buckets=_SECONDS,
    registry=REGISTRY,
)  # fmt: skip
DOCUMENTS: Final = Counter(
    "tumen_documents", "Documents lodged, by their answers.", ("answer",), registry=REGISTRY
)
GROUP_DOCUMENTS: Final = Histogram(
    "tumen_group_documents", "Documents that went down the road together.", buckets=_COUNTS,
    registry=REGISTRY,
)  # fmt: skip
STAGE_SECONDS: Final = Histogram(
    "tumen_stage_seconds", "Time of a group in a stage of the road.", ("stage",),
    buckets=_SECONDS, registry=REGISTRY,
)  # fmt: skip
WAITING: Final = Gauge(
    "tumen_documents_waiting", "Documents lodged and not answered yet.",
    multiprocess_mode="livesum", registry=REGISTRY,
)  # fmt: skip
QUOTES: Final = Counter("tumen_quotes", "Shipments quoted.", registry=REGISTRY)
QUOTES_TOLD_BEFORE: Final = Counter(
    "tumen_quotes_told_before", "Of these, told as they were told before.", registry=REGISTRY
)
WEBHOOK_TRIES: Final = Counter(
    "tumen_webhook_tries", "Deliveries to webhooks, by what came of them.", ("outcome",),
    registry=REGISTRY,
)  # fmt: skip
SUSPENDED: Final = Gauge(
    "tumen_decisions_suspended", "Whether the decisions of an economy are suspended.",
    ("economy",), multiprocess_mode="livemax", registry=REGISTRY,
)  # fmt: skip
UNPUBLISHED: Final = Counter(
    "tumen_log_publications_failed", "Times the log's files could not be written.",
    registry=REGISTRY,
)  # fmt: skip


QUEUE_WAITING: Final = "tumen_queue_waiting"
QUEUE_OLDEST: Final = "tumen_queue_oldest_seconds"


@cache
def _answered(method: str, route: str, status: int) -> Counter:
    """The figure of some requests: to find it by its labels costs more than to count with it."""
    return REQUESTS.labels(method, route, status)


@cache
def _taken(route: str) -> Histogram:
    return REQUEST_SECONDS.labels(route)


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request that was answered. Methods and routes are those that we know, so few."""
    _answered(method, route, status).inc()
    _taken(route).observe(seconds)


def of_queue(lines: Iterable[Waiting]) -> bytes:
    """What waits for officers, as the store says now: the same whichever worker is asked."""
    registry = CollectorRegistry()
    registry.register(_Queue(lines))
    return generate_latest(registry)


class _Queue(Collector):
    """Figures that are told and not kept: gauges would lie in the workers' folder, told twice.

    Args:
        lines: what waits.
    """

    def __init__(self, lines: Iterable[Waiting]) -> None:
        self._lines = lines

    def collect(self) -> Iterator[Metric]:
        """How many wait, and how long the first of them has."""
        counted = GaugeMetricFamily(
            QUEUE_WAITING, "Declarations that wait for an officer.",
            labels=("economy", "lane", "due"),
        )  # fmt: skip
        oldest = GaugeMetricFamily(
            QUEUE_OLDEST, "How long the one waits that waits longest.", labels=("economy", "lane")
        )
        for each in self._lines:
            oldest.add_metric([each.economy, each.lane], each.oldest_seconds)
            for due, count in each.counts.items():
                counted.add_metric([each.economy, each.lane, due], count)
        yield counted
        yield oldest


def exposed() -> bytes:
    """All figures in the text form of Prometheus, of all workers together."""
    registry = REGISTRY
    if os.environ.get(FOLDER):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
