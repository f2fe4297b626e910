"""What `tumen verify` understands of a command line that it reads itself."""

from pathlib import Path

import pytest

from tumen.cli.verify_options import HELP, NAMES, read_options
from tumen.kernel.errors import UsageError
from tumen.kernel.limits import STATUS_AGE_DAYS_MAX


def test_options_stand_before_between_and_behind_the_files(monkeypatch):
    monkeypatch.delenv("TUMEN_TRUST", raising=False)
    said = read_options(
        ["--trust", "b", "1", "--status=s", "2", "--max-status-age", "3", "--status", "t", "--json"]
    )
    assert said.files == (Path("1"), Path("2"))
    assert said.statuses == (Path("s"), Path("t"))
    assert (said.trust, said.status_age_days_max, said.is_json) == (Path("b"), 3, True)


def test_the_bundle_may_be_named_by_the_environment(monkeypatch):
    monkeypatch.setenv("TUMEN_TRUST", "kept")
    assert read_options(["1"]).trust == Path("kept")
    assert read_options(["1", "--trust", "given"]).trust == Path("given")
    assert read_options(["1"]).status_age_days_max == STATUS_AGE_DAYS_MAX


@pytest.mark.parametrize(
    "said", [[], ["1", "--jsons"], ["1", "--trust"], ["1", "--max-status-age", "-1"], ["-x", "1"]]
)
def test_what_it_does_not_understand_is_refused_with_what_to_do(said):
    with pytest.raises(UsageError) as told:
        read_options(said)
    assert "tumen verify" in told.value.next_step or "--max-status-age" in told.value.next_step


def test_the_help_tells_every_option():
    assert all(f"--{each.rstrip('=')} " in HELP for each in NAMES)
