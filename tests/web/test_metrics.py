"""Figures of several workers: each is told once."""

from pathlib import Path

import pytest
from prometheus_client import values

from tumen.web import metrics
from tumen.window.ledger.waiting import Waiting
from tumen.window.service_level import Due

LINES = [Waiting("CN", "red", {Due.OVERDUE: 1, Due.IN_TIME: 2}, 7)]


def test_what_waits_is_told_and_not_kept_among_the_workers_figures(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(metrics.FOLDER, str(tmp_path))
    of_workers = values.MultiProcessValue()  # type: ignore[no-untyped-call]
    monkeypatch.setattr(values, "ValueClass", of_workers)
    told = metrics.of_queue(LINES).decode()
    assert 'tumen_queue_waiting{due="in_time",economy="CN",lane="red"} 2.0' in told
    assert 'tumen_queue_oldest_seconds{economy="CN",lane="red"} 7.0' in told
    assert metrics.QUEUE_WAITING not in metrics.exposed().decode()
