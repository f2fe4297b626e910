"""The tree is that of RFC 6962, and its proofs hold only for what they were made for."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trees import consistency, inclusion, naive_root

from tumen.trust.merkle import (
    EMPTY_ROOT,
    VerificationError,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [leaf_hash(bytes([number])) for number in range(33)]
entries = st.lists(st.binary(max_size=3), max_size=70)


@given(entries)
def test_the_root_is_that_of_the_recursive_definition(entries):
    assert root_of([leaf_hash(each) for each in entries]) == naive_root(entries)


def test_a_leaf_is_never_taken_for_a_node():
    left, right = LEAVES[:2]
    assert leaf_hash(left + right) != node_hash(left, right)
    assert leaf_hash(b"") == sha256(b"\x00").digest()


@given(entries.filter(bool), st.data())
def test_an_inclusion_proof_holds_at_its_place(entries, data):
    index = data.draw(st.integers(0, len(entries) - 1))
    proof = inclusion(entries, index)
    verify_inclusion(leaf_hash(entries[index]), index, len(entries), proof, naive_root(entries))


@pytest.mark.parametrize("size", range(1, 18))
def test_an_inclusion_proof_holds_at_no_other_place(size):
    entries = [bytes([number]) for number in range(size)]
    root = naive_root(entries)
    for index in range(size):
        proof = inclusion(entries, index)
        for other in set(range(size + 2)) - {index}:
            with pytest.raises(VerificationError):
                verify_inclusion(leaf_hash(entries[index]), other, size, proof, root)
        for wrong in ([*proof, LEAVES[0]], proof[1:], proof[:-1], [LEAVES[0], *proof]):
            if wrong != proof:
                with pytest.raises(VerificationError):
                    verify_inclusion(leaf_hash(entries[index]), index, size, wrong, root)


@pytest.mark.parametrize("newer", range(18))
def test_a_consistency_proof_holds_for_every_older_tree(newer):
    entries = [bytes([number]) for number in range(newer)]
    root = naive_root(entries)
    for older in range(newer + 1):
        proof = consistency(entries, older)
        verify_consistency(older, newer, proof, naive_root(entries[:older]), root)


@pytest.mark.parametrize("newer", range(1, 18))
def test_a_consistency_proof_holds_for_no_other_history(newer):
    entries = [bytes([number]) for number in range(newer)]
    root = naive_root(entries)
    for older in range(1, newer + 1):
        proof = consistency(entries, older)
        forged = naive_root([*entries[: older - 1], b"forged"])
        with pytest.raises(VerificationError):
            verify_consistency(older, newer, proof, forged, root)
        with pytest.raises(VerificationError):
            verify_consistency(older, newer, proof, naive_root(entries[:older]), forged)
        with pytest.raises(VerificationError):
            verify_consistency(older, newer, [*proof, LEAVES[0]], naive_root(entries[:older]), root)


@pytest.mark.parametrize("length", [0, 1, 31, 33, 64])
def test_a_hash_of_another_length_is_refused_everywhere(length):
    short, good = bytes(length), LEAVES[0]
    for leaf, proof, root in ((short, [], short), (good, [], short), (good, [short], good)):
        with pytest.raises(VerificationError) as refused:
            verify_inclusion(leaf, 0, 1 + len(proof), proof, root)
        assert refused.value.code == "HASH_LENGTH_WRONG"
    with pytest.raises(VerificationError):
        verify_consistency(1, 1, [], short, short)


def test_an_empty_tree_has_one_root_and_begins_every_other():
    verify_consistency(0, 5, [], EMPTY_ROOT, root_of(LEAVES[:5]))
    with pytest.raises(VerificationError):
        verify_consistency(0, 5, [], LEAVES[0], root_of(LEAVES[:5]))
    with pytest.raises(VerificationError):
        verify_consistency(0, 5, [LEAVES[0]], EMPTY_ROOT, root_of(LEAVES[:5]))


def test_a_log_never_shrinks_and_has_no_negative_place():
    with pytest.raises(VerificationError) as refused:
        verify_consistency(5, 4, [], root_of(LEAVES[:5]), root_of(LEAVES[:4]))
    assert refused.value.code == "SIZES_BACKWARDS"
    with pytest.raises(VerificationError):
        verify_inclusion(LEAVES[0], -1, 1, [], LEAVES[0])
    with pytest.raises(VerificationError):
        verify_inclusion(LEAVES[0], 0, 1 << 63, [], LEAVES[0])
