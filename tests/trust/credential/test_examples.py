"""The examples that are handed out are what we make, and are verified as the page says."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from build_example_credentials import PLACE, files

from tumen.trust.bundle import parse
from tumen.trust.credential.check import Answer, Situation, check, read_status

EXAMPLES = Path(__file__).parents[3] / "examples"
FOLDER = EXAMPLES / "credential"
AT = datetime(2026, 11, 5, tzinfo=UTC)


def situation(at: datetime = AT) -> Situation:
    believed = parse((FOLDER / "trust.bundle").read_bytes()).bundle
    return Situation(believed, at, ((FOLDER / "status-list.vc").read_bytes(),))


def test_the_files_are_what_is_made_today() -> None:
    made = files(EXAMPLES)
    assert {each.name for each in FOLDER.iterdir()} == set(made)
    for name in ("certificate-rcep.vc", "trust.bundle"):
        assert (FOLDER / name).read_bytes() == made[name]
    lists = [read_status(each, situation())[0] for each in (made["status-list.vc"],
             (FOLDER / "status-list.vc").read_bytes())]  # fmt: skip
    assert lists[0] == lists[1], "whatever packed the bits"


def test_the_example_is_valid_and_its_parties_and_key_are_called_made_up() -> None:
    verdict = check((FOLDER / "certificate-rcep.vc").read_bytes(), situation())
    assert (verdict.answer, verdict.code) == (Answer.VALID, "")
    assert verdict.credential is not None
    told = verdict.credential.certificate
    names = (told.exporter.name, told.consignee.name, verdict.credential.issuer.name)
    assert all("made up" in each for each in names)
    assert "key known to all" in names[-1]


def test_its_neighbour_in_the_list_is_revoked_and_it_is_not() -> None:
    listed, _ = read_status((FOLDER / "status-list.vc").read_bytes(), situation())
    assert [listed.is_revoked(PLACE + each) for each in (-1, 0, 1)] == [False, False, True]


def test_the_example_grows_old_and_ends() -> None:
    token = (FOLDER / "certificate-rcep.vc").read_bytes()
    assert check(token, situation(AT + timedelta(days=30))).answer is Answer.STATUS_OLD
    assert check(token, situation(AT + timedelta(days=400))).code == "CREDENTIAL_EXPIRED"
