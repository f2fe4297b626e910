"""The example of a proxy: what it refuses by itself, it refuses in the words of the service."""

import json
import re
from pathlib import Path

import pytest

from tumen.kernel.access_limits import REQUESTS_A_MINUTE_PUBLIC, SIGN_INS_A_MINUTE
from tumen.kernel.service_limits import REQUEST_BYTES_MAX, SUBMISSION_REQUEST_BYTES_MAX
from tumen.web.problem import REFUSALS

EXAMPLE = Path(__file__).parents[2] / "deploy/nginx.conf"
TEXT = EXAMPLE.read_text(encoding="utf-8")
TOLD = [json.loads(each) for each in re.findall(r"return \d+ '(\{.*\})';", TEXT)]


@pytest.mark.parametrize("told", TOLD, ids=lambda told: str(told["code"]))
def test_a_refusal_of_the_proxy_is_told_as_the_service_tells_it(told: dict[str, object]) -> None:
    kind = REFUSALS[str(told["code"])]
    assert (told["status"], told["title"], told["next_step"]) == (
        kind.status, kind.title, kind.next_step,
    )  # fmt: skip
    assert told["type"] == f"/v1/reference/problems/{told['code']}"


def test_every_status_that_the_proxy_gives_by_itself_is_told_so() -> None:
    places = dict(re.findall(r"error_page ([\d ]+) (?:= )?(@\w+);", TEXT))
    assert set(places.values()) == set(re.findall(r"location (@\w+)", TEXT))
    assert {int(each) for key in places for each in key.split()} == {413, 429, 502, 504}
    assert {told["status"] for told in TOLD} == {413, 429, 503}


def test_the_proxy_takes_bodies_as_large_as_the_service_does() -> None:
    mebibytes = [int(each) << 20 for each in re.findall(r"client_max_body_size (\d+)m;", TEXT)]
    assert mebibytes == [REQUEST_BYTES_MAX, SUBMISSION_REQUEST_BYTES_MAX]


def test_the_proxy_slows_an_address_down_before_the_service_does() -> None:
    a_second = re.search(r"zone=public:10m rate=(\d+)r/s", TEXT)
    a_minute = re.search(r"zone=sign_in:10m rate=(\d+)r/m", TEXT)
    assert a_second is not None
    assert a_minute is not None
    assert int(a_second[1]) * 60 < REQUESTS_A_MINUTE_PUBLIC
    assert int(a_minute[1]) < SIGN_INS_A_MINUTE


def test_the_service_is_told_who_asks_and_by_which_name() -> None:
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in TEXT
    assert "proxy_set_header Host $http_host;" in TEXT
    assert "https://$server_name$request_uri" in TEXT


def test_no_writing_of_a_path_goes_past_the_border_of_metrics() -> None:
    border = re.search(r"location ~ (\^/\(\?:metrics\|readyz\)\S+) \{", TEXT)
    assert border is not None
    for path in ("/metrics", "/metrics/", "/readyz", "/readyz/", "/metrics/x"):
        assert re.search(border[1], path)
    assert not re.search(border[1], "/metricsx")


def test_no_log_of_the_proxy_repeats_what_was_asked_for() -> None:
    told = re.search(r"log_format quiet '([^']*)';", TEXT)
    assert told is not None
    assert not set(re.findall(r"\$\w+", told[1])) & {
        "$request", "$request_uri", "$uri", "$args", "$remote_addr", "$http_referer",
    }  # fmt: skip
    assert re.findall(r"^\s*error_log .*", TEXT, re.MULTILINE) == [
        "error_log /var/log/nginx/tumen-errors.log crit;"
    ]
