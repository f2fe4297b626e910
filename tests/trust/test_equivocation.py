"""Two stories of one log are a portable proof; one story told in parts is none."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.kernel.errors import VerificationError
from tumen.trust.accusation import accusation
from tumen.trust.equivocation import Equivocation
from tumen.trust.merkle import roots
from tumen.trust.signer import signed_note
from tumen.trust.tree import ReadTile
from witnessed_logs import Log

TRUE = Log.of(11)
SIZES = [(old, new) for new in range(2, 12) for old in range(1, new)]


def refused(proof: Equivocation, log: Log = TRUE) -> str:
    with pytest.raises(VerificationError) as caught:
        proof.verify([log.key])
    return caught.value.code


def test_two_trees_of_one_size_are_proof() -> None:
    fork = Log.of(11, mark="fork")
    older, newer = Equivocation(TRUE.note(), fork.note()).verify([TRUE.key])
    assert (older.size, newer.size) == (11, 11)
    assert older.root != newer.root


@pytest.mark.parametrize(("old", "new"), SIZES)
def test_an_older_tree_that_was_rewritten_is_proof(old: int, new: int) -> None:
    rewritten = Log.of(old, mark="rewritten")
    newer = Log.of(new)
    proof = Equivocation(rewritten.note(), newer.note(), tuple(newer.hashes_of_newer(old)))
    proof.verify([TRUE.key])
    assert Equivocation.parse(proof.to_bytes()) == proof


def tiles_of(log: Log) -> ReadTile:
    """The first tile of a small log."""
    return lambda level, index, width: b"".join(log.leaves[:width])


@pytest.mark.parametrize(("old", "new"), SIZES)
def test_the_accusation_is_made_from_the_files_of_the_larger_tree(old: int, new: int) -> None:
    rewritten, newer = Log.of(old, mark="rewritten"), Log.of(new)
    two = [newer.note(), rewritten.note()]
    proof = accusation(two, tiles_of(newer))
    assert proof.hashes == tuple(newer.hashes_of_newer(old))
    assert [head.size for head in proof.verify([TRUE.key])] == [old, new]
    grown = accusation([newer.note(old), newer.note()], tiles_of(newer))
    assert refused(grown) == "EQUIVOCATION_NOT_PROVEN"
    with pytest.raises(VerificationError, match="a copy of the log's files is needed"):
        accusation(two)


def test_two_checkpoints_of_one_size_need_no_files() -> None:
    accusation([TRUE.note(), Log.of(11, mark="fork").note()]).verify([TRUE.key])


@pytest.mark.parametrize(("old", "new"), SIZES)
def test_a_log_that_grew_is_never_accused(old: int, new: int) -> None:
    newer = Log.of(new)
    proof = Equivocation(newer.note(old), newer.note(), tuple(newer.hashes_of_newer(old)))
    assert refused(proof) == "EQUIVOCATION_NOT_PROVEN"
    assert roots(old, new, proof.hashes) == (newer.checkpoint(old).root, newer.checkpoint().root)


@pytest.mark.parametrize(("old", "new"), SIZES)
def test_hashes_of_the_accuser_prove_nothing(old: int, new: int) -> None:
    newer, invented = Log.of(new), Log.of(new, mark="invented")
    proof = Equivocation(newer.note(old), newer.note(), tuple(invented.hashes_of_newer(old)))
    assert refused(proof) == "EQUIVOCATION_NOT_PROVEN"


@pytest.mark.parametrize("hashes", [(), (bytes(32),), (bytes(32),) * 64])
def test_too_few_or_too_many_hashes_prove_nothing(hashes: tuple[bytes, ...]) -> None:
    rewritten = Log.of(5, mark="rewritten")
    assert refused(Equivocation(rewritten.note(), TRUE.note(), hashes)) == "EQUIVOCATION_NOT_PROVEN"


def test_two_logs_may_differ() -> None:
    other = Log.of(11, origin="customs.example.jp/log", mark="other")
    proof = Equivocation(TRUE.note(), other.note())
    with pytest.raises(VerificationError, match="different logs"):
        proof.verify([TRUE.key, other.key])


def test_a_checkpoint_that_the_log_did_not_sign_proves_nothing() -> None:
    thief = Log(origin="thief.example").signer
    forged = signed_note(Log.of(11, mark="fork").checkpoint().text(), [thief])
    assert refused(Equivocation(TRUE.note(), forged)) == "SIGNATURE_MISSING"


def test_an_empty_log_with_another_root_is_proof() -> None:
    text = Log().checkpoint().text().replace("47DEQpj8", "47DERpj8")
    Equivocation(signed_note(text, [TRUE.signer]), TRUE.note()).verify([TRUE.key])
    honest = Equivocation(Log().note(), TRUE.note())
    assert refused(honest) == "EQUIVOCATION_NOT_PROVEN"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'[["type", "tumen.equivocation.v1"], ["older", ""], ["newer", ""], ["hashes", []]]',
        b'{"type": "tumen.equivocation.v2", "older": "", "newer": "", "hashes": []}',
        b'{"type": "tumen.equivocation.v1", "older": "", "newer": "", "hashes": ["AA=="]}',
        b'{"type": "tumen.equivocation.v1", "older": "", "newer": "", "hashes": [7]}',
        b'{"type": "tumen.equivocation.v1", "older": "\\ud800", "newer": "", "hashes": []}',
        b'{"type": "tumen.equivocation.v1", "older": "", "older": "", "newer": "", "hashes": []}',
        b"{" * 100_000,
    ],
)
def test_another_document_is_refused(data: bytes) -> None:
    with pytest.raises(VerificationError) as caught:
        Equivocation.parse(data)
    assert caught.value.code == "EQUIVOCATION_MALFORMED"


@given(st.data())
def test_no_change_of_a_proof_raises_anything_else(data: Any) -> None:
    fork = Equivocation(TRUE.note(), Log.of(11, mark="fork").note()).to_bytes()
    body = bytearray(fork)
    body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        Equivocation.parse(bytes(body)).verify([TRUE.key])
    except VerificationError:
        return
    assert json.loads(bytes(body)) == json.loads(fork)
