"""Every answer of C2SP tlog-witness, and that nothing makes a witness go back."""

import base64
import re
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.kernel.limits import COSIGNATURE_REPEAT_SECONDS, WITNESS_REQUEST_BYTES_MAX
from tumen.trust.pace import Pace
from tumen.trust.signer import KeySigner, signed_note
from tumen.trust.witness import AddCheckpoint, Cosigned, Witness
from witnessed_logs import Log, MemoryState, SteppedClock, cosigner, witness

LOG = Log.of(9)
NAME = "witness.example.kr"


def at(size: int, log: Log = LOG) -> Witness:
    """A witness that cosigned a log up to a size."""
    fresh = witness(NAME, log)
    if size:
        assert fresh.add_checkpoint(log.request(0, size)).status == 200
    return fresh


def clock_of(one: Witness) -> SteppedClock:
    return cast(SteppedClock, one.clock)


def written(one: Witness) -> list[Cosigned]:
    return cast(MemoryState, one.state).written


def test_a_first_checkpoint_is_cosigned_without_a_proof() -> None:
    answer = witness(NAME, LOG).add_checkpoint(LOG.request(0))
    assert answer.status == 200
    assert re.fullmatch(rb"\xe2\x80\x94 witness\.example\.kr [A-Za-z0-9+/]+=*\n", answer.body)


def test_a_larger_checkpoint_is_cosigned_with_its_proof() -> None:
    for old in range(1, LOG.size):
        assert at(old).add_checkpoint(LOG.request(old)).status == 200


def test_the_cosignature_is_of_the_time_and_the_text() -> None:
    one = at(4)
    clock_of(one).step(100)
    answer = one.add_checkpoint(LOG.request(4))
    seconds = int(clock_of(one).now().timestamp())
    assert answer.body.decode() == cosigner(NAME).cosign(LOG.checkpoint().text(), seconds)


def test_it_is_written_down_before_it_is_cosigned() -> None:
    one = witness(NAME, LOG)
    one.add_checkpoint(LOG.request(0))
    (row,) = written(one)
    assert (row.number, row.checkpoint, row.note) == (1, LOG.checkpoint(), LOG.note())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n\n",
        b"old 0",
        b"old 0\n",
        b"old 0\n\n",
        b"old 0\r\n\r\n" + LOG.note(),
        b"old 00\n\n" + LOG.note(),
        b"old +0\n\n" + LOG.note(),
        b"old 0 \n\n" + LOG.note(),
        b"old -1\n\n" + LOG.note(),
        b"old 99999999999999999999\n\n" + LOG.note(),
        "old ٣\n\n".encode() + LOG.note(),
        b"Old 0\n\n" + LOG.note(),
        b"old 0\n" + LOG.note(),
        b"\nold 0\n\n" + LOG.note(),
        b"old 4\nAAAA\n\n" + LOG.note(),
        b"old 4\n" + base64.b64encode(bytes(32))[:-1] + b"\n\n" + LOG.note(),
        b"old 4\n" + base64.b64encode(bytes(32)) + b" \n\n" + LOG.note(),
        b"old 0\n\n" + LOG.note() + b"x",
        b"old 0\n\n" + LOG.note()[:-1],
        b"old 0\n\n\n" + LOG.note(),
        b"old 0\n\n" + LOG.checkpoint().text().encode(),
        b"old 0\n\n" + b"x" * WITNESS_REQUEST_BYTES_MAX,
        b"old 4\n" + (base64.b64encode(bytes(32)) + b"\n") * 64 + b"\n" + LOG.note(),
        b"old 0\n\n" + signed_note(f"{LOG.origin}\n09\n", [LOG.signer]),
    ],
)
def test_what_is_no_request_is_answered_400(body: bytes) -> None:
    assert witness(NAME, LOG).add_checkpoint(body).status == 400


def test_63_hashes_may_be_sent_and_are_judged_as_a_proof() -> None:
    hashes = (bytes(32),) * 63
    assert at(4).add_checkpoint(AddCheckpoint(4, hashes, LOG.note()).to_bytes()).status == 422


def test_an_old_size_above_the_checkpoint_is_answered_400() -> None:
    body = AddCheckpoint(10, (), LOG.note()).to_bytes()
    assert at(4).add_checkpoint(body).status == 400


def test_an_unknown_log_is_answered_404() -> None:
    other = Log.of(3, origin="customs.example.jp/log")
    assert at(4).add_checkpoint(other.request(0)).status == 404


def test_a_known_log_signed_by_another_key_is_answered_403() -> None:
    thief = KeySigner(LOG.origin, Log(origin="thief.example").signer.secret)
    forged = signed_note(LOG.checkpoint().text(), [thief])
    body = AddCheckpoint(0, (), forged).to_bytes()
    assert witness(NAME, LOG).add_checkpoint(body).status == 403


def test_a_broken_signature_of_the_log_is_answered_403() -> None:
    head, body = LOG.note().decode().rsplit(" ", 1)
    raw = bytearray(base64.b64decode(body))
    raw[-1] ^= 1
    forged = f"{head} {base64.b64encode(raw).decode()}\n".encode()
    answer = witness(NAME, LOG).add_checkpoint(AddCheckpoint(0, (), forged).to_bytes())
    assert answer.status == 403


def test_signatures_of_unknown_keys_are_ignored() -> None:
    stranger = Log(origin="stranger.example").signer
    body = AddCheckpoint(0, (), signed_note(LOG.checkpoint().text(), [stranger, LOG.signer]))
    assert witness(NAME, LOG).add_checkpoint(body.to_bytes()).status == 200


@pytest.mark.parametrize("old", [0, 3, 5, 9])
def test_another_old_size_is_answered_409_with_the_size_of_the_witness(old: int) -> None:
    answer = at(4).add_checkpoint(LOG.request(old))
    assert (answer.status, answer.body) == (409, b"4\n")
    assert answer.content_type == "text/x.tlog.size"


def test_a_witness_that_cosigned_nothing_answers_409_with_zero() -> None:
    answer = at(0).add_checkpoint(LOG.request(4))
    assert (answer.status, answer.body) == (409, b"0\n")


def test_another_tree_of_the_same_size_is_answered_409() -> None:
    fork = Log.of(9, mark="fork")
    answer = at(9).add_checkpoint(AddCheckpoint(9, (), fork.note()).to_bytes())
    assert (answer.status, answer.body, answer.content_type) == (409, b"9\n", "text/x.tlog.size")


@pytest.mark.parametrize("old", [1, 2, 3, 4, 5, 8])
def test_a_tree_that_does_not_extend_it_is_answered_422(old: int) -> None:
    one = at(old)
    fork = Log.of(9, mark="fork")
    assert one.add_checkpoint(fork.request(old)).status == 422
    assert len(written(one)) == 1


@pytest.mark.parametrize(("old", "size"), [(0, 9), (9, 9)])
def test_a_proof_where_none_belongs_is_answered_422(old: int, size: int) -> None:
    body = AddCheckpoint(old, (bytes(32),), LOG.note(size)).to_bytes()
    assert at(old).add_checkpoint(body).status == 422


def test_an_empty_log_is_cosigned_and_another_root_of_nothing_is_not() -> None:
    empty = Log()
    assert witness(NAME, empty).add_checkpoint(empty.request(0)).status == 200
    text = empty.checkpoint().text().replace("\n47DEQ", "\n47DER")
    forged = AddCheckpoint(0, (), signed_note(text, [empty.signer])).to_bytes()
    assert witness(NAME, empty).add_checkpoint(forged).status == 409


def test_the_same_again_is_cosigned_again_in_the_same_words() -> None:
    one = witness(NAME, LOG)
    first = one.add_checkpoint(LOG.request(0))
    clock_of(one).step(COSIGNATURE_REPEAT_SECONDS - 1)
    assert one.add_checkpoint(LOG.request(9)) == first
    assert len(written(one)) == 1


def test_the_same_after_a_while_is_cosigned_with_a_new_time() -> None:
    one = witness(NAME, LOG)
    first = one.add_checkpoint(LOG.request(0))
    clock_of(one).step(COSIGNATURE_REPEAT_SECONDS)
    again = one.add_checkpoint(LOG.request(9))
    assert again.status == 200
    assert again.body != first.body
    assert [row.number for row in written(one)] == [1, 2]


def test_a_clock_that_went_back_cosigns_nothing() -> None:
    one = at(4)
    clock_of(one).step(-24 * 3600)
    assert one.add_checkpoint(LOG.request(4)).status == 503
    assert one.add_checkpoint(LOG.request(4, 4)).status == 503
    assert len(written(one)) == 1


def test_two_logs_do_not_disturb_each_other() -> None:
    other = Log.of(3, origin="customs.example.jp/log")
    one = witness(NAME, LOG, other)
    assert one.add_checkpoint(LOG.request(0, 4)).status == 200
    assert one.add_checkpoint(other.request(0)).status == 200
    assert one.add_checkpoint(LOG.request(4)).status == 200


def test_the_race_of_the_specification_never_rolls_back() -> None:
    """Request A (size 6) is judged, then B (size 9) overtakes it before A is written down."""

    class Overtaken(MemoryState):
        def advance(self, cosigned: Cosigned) -> bool:
            if cosigned.checkpoint.size == 6:
                other = Witness(cosigner(NAME), rival, SteppedClock())
                assert other.add_checkpoint(LOG.request(4, 9)).status == 200
            return super().advance(cosigned)

    state = Overtaken({LOG.origin: LOG.key})
    rival = MemoryState(state.logs, state.written)
    one = Witness(cosigner(NAME), state, SteppedClock())
    assert one.add_checkpoint(LOG.request(0, 4)).status == 200
    answer = one.add_checkpoint(LOG.request(4, 6))
    assert (answer.status, answer.body) == (409, b"9\n")
    assert [row.checkpoint.size for row in state.written] == [4, 9]


def test_a_witness_that_is_always_overtaken_says_so() -> None:
    class Busy(MemoryState):
        def advance(self, cosigned: Cosigned) -> bool:
            return False

    one = Witness(cosigner(NAME), Busy({LOG.origin: LOG.key}), SteppedClock())
    assert one.add_checkpoint(LOG.request(0)).status == 503


def test_a_request_is_read_as_it_was_written() -> None:
    request = AddCheckpoint(4, tuple(LOG.prove(4, 9)), LOG.note())
    assert AddCheckpoint.parse(request.to_bytes()) == request


KNOWN = {200, 400, 403, 404, 409, 422}


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail(body: bytes) -> None:
    assert at(4).add_checkpoint(body).status == 400


@given(st.data())
def test_no_change_of_an_honest_request_makes_it_fail(data: Any) -> None:
    body = bytearray(LOG.request(4))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(body) - 1))
        match data.draw(st.sampled_from(("change", "cut", "insert", "repeat"))):
            case "change":
                body[place] = data.draw(st.integers(0, 255))
            case "cut":
                del body[place:]
                break
            case "insert":
                body[place:place] = data.draw(st.binary(max_size=5))
            case _:
                body[place:place] = body[: data.draw(st.integers(0, 80))]
        if not body:
            break
    one = at(4)
    answer = one.add_checkpoint(bytes(body))
    assert answer.status in KNOWN
    assert [row.checkpoint.size for row in written(one)] in ([4], [4, 9])


def test_a_log_that_shows_too_many_new_checkpoints_waits_and_no_other_does() -> None:
    busy, other = Log.of(40), Log.of(3, origin="customs.example.jp/log")
    one = replace(witness(NAME, busy, other), pace=Pace(5))
    for size in range(5):
        assert one.add_checkpoint(busy.request(size, size + 1)).status == 200
    clock_of(one).step(20)
    refused = one.add_checkpoint(busy.request(5, 6))
    assert (refused.status, refused.wait_seconds) == (429, 40)
    assert len(written(one)) == 5
    assert one.add_checkpoint(other.request(0)).status == 200
    clock_of(one).step(40)
    assert one.add_checkpoint(busy.request(5, 6)).status == 200


def test_who_repeats_what_a_log_showed_uses_up_none_of_its_turns() -> None:
    one = replace(witness(NAME, LOG), pace=Pace(2))
    assert one.add_checkpoint(LOG.request(0, 4)).status == 200
    for _ in range(9):
        assert one.add_checkpoint(LOG.request(4, 4)).status == 200
        assert one.add_checkpoint(LOG.request(0, 4)).status == 409
    assert one.add_checkpoint(LOG.request(4)).status == 200
