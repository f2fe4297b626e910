"""A witness over HTTP tells a log that shows too many checkpoints when to come again."""

from dataclasses import replace

from litestar.testing import TestClient

from tumen.trust.pace import Pace
from tumen.web.service import application_of
from tumen.web.witness import witness_route
from witnessed_logs import Log, witness

LOG = Log.of(3)


def test_one_too_many_is_answered_429_with_the_seconds_to_wait() -> None:
    one = replace(witness("witness.example.kr", LOG), pace=Pace(1))
    with TestClient(application_of([witness_route(one)])) as client:
        assert client.post("/add-checkpoint", content=LOG.request(0, 2)).status_code == 200
        refused = client.post("/add-checkpoint", content=LOG.request(2))
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
        assert client.post("/add-checkpoint", content=LOG.request(2, 2)).status_code == 200
