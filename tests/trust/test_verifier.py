"""A receipt is valid by its proof and a bundle, and by nothing that was changed or came late."""

from datetime import timedelta

import pytest
from bundles import ECONOMIES, bundle, member, member_key, secret
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from proving import AT, FACTS, MADE, RECEIPT, Log, a_log, a_statement

from tumen.trust.bundle_model import Policy, Role
from tumen.trust.note import ED25519, Signature, VerifierKey
from tumen.trust.signer import KeyCosigner, KeySigner
from tumen.trust.statement import ArtefactStatement, BatchStatement
from tumen.trust.verdict import Outcome, State
from tumen.trust.verifier import Verifier, verify

BUNDLE = bundle()
LOG = a_log()
PROOF = LOG.proof()
DAY = timedelta(days=1)
ALL_FIVE = bundle(policies=(Policy("any", ECONOMIES, 5, 4),))
"""Under it no cosignature can be spared, so that nothing in the proof is idle."""


def judged(proof=PROOF, receipt=RECEIPT, version=BUNDLE, at=AT):
    return verify(receipt, proof, version, at)


def codes(verdict):
    return {each.code: each.state for each in verdict.findings}


def with_keys(economy, *keys):
    """The bundle, where an economy has other keys of their role."""
    roles = {key.role for key in keys}
    kept = tuple(key for key in member(economy).keys if key.role not in roles)
    changed = replace(member(economy), keys=(*kept, *keys))
    return bundle(members=tuple(changed if e == economy else member(e) for e in ECONOMIES))


def test_a_receipt_with_its_proof_is_valid():
    verdict = judged()
    assert verdict.outcome is Outcome.VALID
    assert codes(verdict) == dict.fromkeys(
        ["RECEIPT_UNCHANGED", "LEAF_IN_TREE", "LOG_SIGNED", "QUORUM_REACHED", "BUNDLE_CURRENT"],
        State.PROVEN,
    )
    assert verdict.checkpoint.origin == "cn.example/log"


def test_without_a_bundle_the_bytes_are_proven_and_nobody_is_believed():
    verdict = judged(version=None)
    assert verdict.outcome is Outcome.NOT_PROVEN
    assert codes(verdict)["LEAF_IN_TREE"] is State.PROVEN


def test_without_the_receipt_only_the_proof_is_judged():
    verdict = judged(receipt=None)
    assert verdict.outcome is Outcome.NOT_PROVEN
    assert codes(verdict)["RECEIPT_NOT_GIVEN"] is State.NOT_PROVEN


def test_what_has_no_receipt_is_proven_by_its_statement():
    proof = Log((BatchStatement(1, FACTS),)).proof()
    assert judged(proof, None).outcome is Outcome.VALID
    assert codes(judged(proof, RECEIPT))["RECEIPT_MISMATCH"] is State.FAILED


def test_an_artefact_is_proven_by_its_own_bytes():
    told = a_statement(b"the bytes of a list").receipt
    proof = Log((ArtefactStatement(1, "status_list", told, FACTS),)).proof()
    assert judged(proof, b"the bytes of a list").outcome is Outcome.VALID
    assert judged(proof, b"other bytes").outcome is Outcome.INVALID


@pytest.mark.parametrize("place", range(len(RECEIPT)))
def test_every_changed_bit_of_a_receipt_is_rejected(place):
    for bit in range(8):
        changed = bytearray(RECEIPT)
        changed[place] ^= 1 << bit
        assert judged(receipt=bytes(changed)).outcome is Outcome.INVALID


def test_every_changed_bit_of_a_proof_is_rejected():
    verifier = Verifier(ALL_FIVE, AT)
    assert verifier.verify(RECEIPT, PROOF).outcome is Outcome.VALID
    accepted = []
    for place in range(len(PROOF)):
        for bit in range(8):
            changed = bytearray(PROOF)
            changed[place] ^= 1 << bit
            if verifier.verify(RECEIPT, bytes(changed)).outcome is Outcome.VALID:
                accepted.append((place, bit))
    assert not accepted


def test_a_changed_bit_in_a_line_of_a_stranger_changes_nothing_that_is_signed():
    stranger = KeySigner("stranger.example/log", secret("XX", Role.LOG)).sign("anything\n")
    proof = LOG.proof(0, stranger)
    begin = proof.index(stranger.encode())
    verifier = Verifier(BUNDLE, AT)
    outcomes = set()
    for place in range(begin + len("— ".encode()), len(proof) - 1):
        changed = bytearray(proof)
        changed[place] ^= 1
        outcomes.add(verifier.verify(RECEIPT, bytes(changed)).outcome)
    assert outcomes <= {Outcome.VALID, Outcome.INVALID}
    assert Outcome.VALID in outcomes


@given(st.binary(max_size=60), st.integers(0, len(PROOF)), st.integers(0, 40))
@settings(max_examples=300)
def test_whatever_the_bytes_are_the_answer_is_a_verdict(inserted, place, removed):
    changed = PROOF[:place] + inserted + PROOF[place + removed :]
    verdict = judged(changed, version=ALL_FIVE)
    assert (verdict.outcome is Outcome.VALID) is (changed == PROOF)
    assert judged(inserted).outcome is Outcome.INVALID


@pytest.mark.parametrize("size", [0, 1, (1 << 20) + 1])
def test_empty_and_huge_proofs_are_invalid(size):
    assert judged(bytes(size)).outcome is Outcome.INVALID
    assert judged(receipt=bytes(size)).outcome is Outcome.INVALID


def test_a_proof_of_another_receipt_is_rejected():
    log = a_log([RECEIPT, b"another"])
    assert judged(log.proof(0)).outcome is Outcome.VALID
    assert judged(log.proof(1), b"another").outcome is Outcome.VALID
    assert codes(judged(log.proof(1)))["RECEIPT_MISMATCH"] is State.FAILED


@pytest.mark.parametrize("number", range(6))
def test_fewer_cosignatures_than_the_quorum_are_pending(number):
    verdict = judged(a_log(cosigners=ECONOMIES[:number]).proof())
    assert verdict.outcome is (Outcome.VALID if number >= 4 else Outcome.PENDING)
    assert verdict.quorum.missing == max(0, 4 - number)


def test_a_log_that_the_bundle_does_not_know_is_not_proven():
    without = bundle(members=tuple(member(e) for e in ECONOMIES[1:]), policies=())
    verdict = judged(version=without)
    assert verdict.outcome is Outcome.NOT_PROVEN
    assert codes(verdict)["LOG_UNKNOWN"] is State.NOT_PROVEN


def test_a_checkpoint_that_only_witnesses_signed_is_rejected():
    verdict = judged(a_log(signs=False).proof())
    assert codes(verdict)["SIGNATURE_MISSING"] is State.FAILED


def test_the_log_of_one_economy_cannot_sign_for_that_of_another():
    text = LOG.text()
    line = KeySigner("jp.example/log", secret("JP", Role.LOG)).sign(text)
    verdict = judged(a_log(signs=False).proof(0, line))
    assert codes(verdict)["SIGNATURE_MISSING"] is State.FAILED


def test_a_key_of_a_log_is_no_witness_and_a_witness_no_log():
    text = LOG.text()
    as_witness = KeyCosigner("cn.example/log", secret("CN", Role.LOG)).cosign(text, MADE)
    as_log = KeySigner("cn.example/witness", secret("CN", Role.WITNESS)).sign(text)
    crossed = a_log(cosigners=ECONOMIES[1:4])
    assert judged(crossed.proof(0, as_witness, as_log)).outcome is Outcome.PENDING
    key = VerifierKey("cn.example/log", ED25519, secret("CN", Role.LOG).public_key)
    relabelled = Signature(
        key.name, key.key_id, secret("CN", Role.WITNESS).sign(text.encode())
    ).line()
    verdict = judged(a_log(signs=False).proof(0, relabelled))
    assert codes(verdict)["SIGNATURE_INVALID"] is State.FAILED


def test_one_signature_in_a_known_name_that_does_not_hold_spoils_the_whole():
    other = a_log([b"other"])
    line = KeyCosigner("ru.example/witness", secret("RU", Role.WITNESS)).cosign(other.text(), MADE)
    verdict = judged(a_log(cosigners=ECONOMIES[:4]).proof(0, line))
    assert verdict.outcome is Outcome.INVALID


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"valid_until": AT - 2 * DAY}, "KEY_EXPIRED"),
        ({"distrusted_after": AT - 2 * DAY}, "KEY_DISTRUSTED"),
        ({"valid_from": AT}, "KEY_NOT_YET_VALID"),
    ],
)
def test_a_key_counts_only_at_the_time_at_which_it_is_believed(change, code):
    """The checkpoint was cosigned a day before AT."""
    log_key = replace(member_key("CN", Role.LOG), **change)
    verdict = judged(version=with_keys("CN", log_key))
    assert verdict.outcome is Outcome.INVALID
    assert codes(verdict)[f"LOG_{code}"] is State.FAILED
    witness_key = replace(member_key("JP", Role.WITNESS), **change)
    verdict = judged(version=with_keys("JP", witness_key))
    assert verdict.outcome is Outcome.VALID
    assert codes(verdict)[f"COSIGNATURE_{code}"] is State.NOTED
    assert "JP" not in verdict.quorum.economies


@pytest.mark.parametrize("change", ["valid_until", "distrusted_after"])
def test_what_was_signed_before_a_key_ended_stays_valid(change):
    log_key = replace(member_key("CN", Role.LOG), **{change: AT - DAY / 2})
    witness_key = replace(member_key("CN", Role.WITNESS), **{change: AT - DAY / 2})
    version = with_keys("CN", log_key, witness_key)
    assert judged(version=version).outcome is Outcome.VALID


def test_without_a_cosignature_nobody_tells_when_an_ended_key_signed():
    log_key = replace(member_key("CN", Role.LOG), distrusted_after=AT - DAY)
    verdict = judged(a_log(cosigners=()).proof(), version=with_keys("CN", log_key))
    assert verdict.outcome is Outcome.NOT_PROVEN


def test_colluders_cannot_set_back_the_time_of_a_distrusted_log():
    """Two of five witnesses write an early time; the quorum was reached only later."""
    early = MADE - 3600
    log = a_log(cosigners=ECONOMIES[2:])
    lines = [
        KeyCosigner(f"{each.lower()}.example/witness", secret(each, Role.WITNESS)).cosign(
            log.text(), early
        )
        for each in ECONOMIES[:2]
    ]
    log_key = replace(member_key("CN", Role.LOG), distrusted_after=AT - DAY - DAY / 48)
    verdict = judged(log.proof(0, *lines), version=with_keys("CN", log_key))
    assert codes(verdict)["LOG_KEY_DISTRUSTED"] is State.FAILED


def test_a_clock_a_day_off_never_makes_a_false_valid():
    ahead = a_log(time=MADE + 2 * 86_400).proof()  # witnesses a day ahead of AT
    verdict = judged(ahead)
    assert verdict.outcome is Outcome.PENDING
    assert codes(verdict)["COSIGNATURE_IN_FUTURE"] is State.NOTED
    behind = judged(at=AT - 2 * DAY)  # our clock before the cosignatures
    assert behind.outcome is Outcome.PENDING
    assert judged(a_log(time=int(AT.timestamp()) + 60).proof()).outcome is Outcome.VALID


def test_an_absurd_time_of_a_witness_is_noted_and_does_not_count():
    verdict = judged(a_log(time=(1 << 63) - 1).proof())
    assert verdict.outcome is Outcome.PENDING


def test_a_bundle_is_relied_on_from_its_issue_to_its_expiry():
    assert judged(at=AT + 400 * DAY).outcome is Outcome.NOT_PROVEN
    assert codes(judged(at=AT + 400 * DAY))["BUNDLE_EXPIRED"] is State.NOT_PROVEN
    early = judged(at=AT - 3 * DAY)
    assert codes(early)["BUNDLE_NOT_YET_ISSUED"] is State.NOT_PROVEN


def test_without_a_policy_for_the_type_nothing_says_what_is_enough():
    verdict = judged(version=bundle(policies=(Policy("event", ECONOMIES, 4, 2),)))
    assert codes(verdict)["POLICY_MISSING"] is State.NOT_PROVEN


def test_a_policy_of_the_type_goes_before_that_of_any():
    strict = bundle(policies=(Policy("any", ECONOMIES, 3, 0), Policy("order", ECONOMIES, 5, 4)))
    verdict = judged(a_log(cosigners=ECONOMIES[:4]).proof(), version=strict)
    assert verdict.outcome is Outcome.PENDING


def test_checkpoints_are_remembered_only_with_their_own_bytes():
    verifier = Verifier(BUNDLE, AT)
    log = a_log([RECEIPT, b"another"])
    assert verifier.verify(RECEIPT, log.proof(0)).outcome is Outcome.VALID
    assert verifier.verify(b"another", log.proof(1)).outcome is Outcome.VALID
    pending = a_log([RECEIPT, b"another"], cosigners=("JP",))
    assert verifier.verify(RECEIPT, pending.proof(0)).outcome is Outcome.PENDING
