"""The files of a node's logs over HTTP: those of the first at the top, of a later one below it."""

from pathlib import Path

import pytest
from litestar.testing import TestClient

from tumen.trust.folder import DiskFolder
from tumen.web.log_files import log_routes
from tumen.web.service import application_of

FILES = {
    "checkpoint": "text/plain; charset=utf-8",
    "origin.json": "application/json",
    "origin.json.tlog-proof": "text/plain; charset=utf-8",
    "tile/0/000": "application/octet-stream",
    "tile/entries/000.p/7": "application/octet-stream",
}


@pytest.mark.parametrize("below", ["", "2/"])
def test_the_files_of_every_log_are_served_and_nothing_else(below: str, tmp_path: Path) -> None:
    for name in (*FILES, "node.keys", "cosigned"):
        file = tmp_path / below / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{below}{name}", encoding="utf-8")
    with TestClient(application_of(log_routes(DiskFolder(tmp_path)))) as client:
        for name, kind in FILES.items():
            answered = client.get(f"/{below}{name}")
            assert (answered.status_code, answered.text) == (200, f"{below}{name}")
            assert answered.headers["content-type"] == kind
        for name in ("node.keys", "cosigned", "tile/9", "x/checkpoint", "3/checkpoint"):
            assert client.get(f"/{below}{name}").status_code == 404
        for name in ("..%2Fcheckpoint", "-1/checkpoint", "tile/..%2F..%2Fcheckpoint"):
            assert client.get(f"/{name}").status_code == 404
