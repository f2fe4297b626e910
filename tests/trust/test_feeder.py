"""The feeder against real witnesses, lost replies, restored copies and liars."""

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.kernel.limits import FEED_ANSWER_BYTES_MAX, FEED_TRIES_MAX
from tumen.trust import cosignature
from tumen.trust.feeder import Fed, Feeding, Known
from tumen.trust.note import VerifierKey
from tumen.trust.signer import KeySigner
from tumen.trust.witness import Answer, Witness
from witnessed_logs import START, Log, MemoryState, SteppedClock, cosigner, witness

LOG = Log.of(9)
NAME = "witness.example.kr"
KEY = VerifierKey.parse(cosigner(NAME).verifier_key)
NOW = int(START.timestamp())

Post = Callable[[bytes], Answer | None]


def fed(post: Post, log: Log = LOG, known: Known | None = None, now: int = NOW) -> Fed:
    """Drive a dialogue to its end, without waiting."""
    feeding = Feeding(log.note(), KEY, log.prove, known)
    step = feeding.begin()
    for _ in range(FEED_TRIES_MAX + 1):
        following = feeding.answered(post(step.body), now)
        if isinstance(following, Fed):
            return following
        step = following
    raise AssertionError("it never ends")


def codes(result: Fed) -> list[str]:
    return [each.code for each in result.faults]


def at(size: int, log: Log = LOG) -> Witness:
    one = witness(NAME, log)
    if size:
        assert one.add_checkpoint(log.request(0, size)).status == 200
    return one


@pytest.mark.parametrize("known", [None, Known(4, NOW)])
@pytest.mark.parametrize("stands", [0, 4, 6, 9])
def test_it_brings_a_cosignature_home_wherever_the_witness_stands(
    stands: int, known: Known | None
) -> None:
    result = fed(at(stands).add_checkpoint, known=known if stands >= 4 else None)
    assert result.signature is not None
    assert cosignature.verify(KEY, LOG.checkpoint().text(), result.signature) == NOW
    assert result.faults == ()


def test_a_reply_that_was_lost_is_asked_for_again() -> None:
    one, lost = at(4), []

    def post(body: bytes) -> Answer | None:
        answer = one.add_checkpoint(body)
        if answer.status == 200 and not lost:
            lost.append(answer)
            return None
        return answer

    result = fed(post)
    assert lost
    assert result.signature is not None


def test_it_asks_a_silent_witness_a_bounded_number_of_times_and_waits_longer_each_time() -> None:
    feeding = Feeding(LOG.note(), KEY, LOG.prove)
    step, waits = feeding.begin(), []
    while True:
        following = feeding.answered(None, NOW)
        if isinstance(following, Fed):
            break
        waits.append(following.wait_seconds)
        step = following
    assert waits == [1, 2, 4, 8]
    assert step.body == LOG.request(0)
    assert codes(following) == ["WITNESS_UNREACHABLE"]


def test_a_busy_witness_is_asked_again() -> None:
    one, answers = at(0), [Answer(503, b""), Answer(429, b"")]
    result = fed(lambda body: answers.pop() if answers else one.add_checkpoint(body))
    assert result.signature is not None


def test_a_witness_restored_from_an_old_copy_is_found_out_and_brought_up_again() -> None:
    one = at(4)
    old_copy = list(cast(MemoryState, one.state).written)
    first = fed(one.add_checkpoint)
    cast(MemoryState, one.state).written[:] = old_copy
    longer = LOG.grown(3)
    result = fed(one.add_checkpoint, longer, Known(9, first.seconds))
    assert codes(result) == ["WITNESS_WENT_BACK"]
    assert result.signature is not None


def test_a_log_that_is_older_than_what_the_witness_saw_hears_of_it() -> None:
    result = fed(at(9).add_checkpoint, Log(LOG.origin, LOG.leaves[:5]))
    assert codes(result) == ["WITNESS_AHEAD"]
    assert result.signature is None


@pytest.mark.parametrize("size", [4, 9])
def test_a_fork_is_told_as_a_fork(size: int) -> None:
    fork = Log.of(9, mark="fork")
    assert codes(fed(at(size).add_checkpoint, fork)) == ["LOG_FORKED"]


def test_a_witness_that_does_not_know_the_log_says_so() -> None:
    assert codes(fed(witness(NAME).add_checkpoint)) == ["LOG_NOT_WITNESSED"]


def test_a_refusal_is_told_without_what_could_fool_a_terminal() -> None:
    result = fed(lambda _: Answer(403, "no\x1b[2J\u202eabc\nmore".encode()))
    assert codes(result) == ["WITNESS_REFUSED"]
    assert all(" " <= each <= "~" for each in result.faults[0].message)


def test_a_clock_a_day_ahead_gives_nothing_that_counts() -> None:
    one = at(0)
    cast(SteppedClock, one.clock).step(24 * 3600)
    result = fed(one.add_checkpoint)
    assert codes(result) == ["COSIGNATURE_FROM_FUTURE"]
    assert result.signature is None


def test_a_clock_a_day_behind_is_told() -> None:
    result = fed(at(0).add_checkpoint, known=Known(0, NOW + 1))
    assert codes(result) == ["WITNESS_CLOCK_WENT_BACK"]
    assert result.signature is not None


TEXT = LOG.checkpoint().text()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "NOTE_MALFORMED"),
        (b"thanks\n", "NOTE_MALFORMED"),
        (cosigner("other.example").cosign(TEXT, NOW).encode(), "COSIGNATURE_MISSING"),
        (cosigner(NAME).cosign(LOG.checkpoint(8).text(), NOW).encode(), "SIGNATURE_INVALID"),
        (
            replace(cosigner(NAME), secret=cosigner("x.example").secret).cosign(TEXT, NOW).encode(),
            "COSIGNATURE_MISSING",
        ),
        (KeySigner(NAME, cosigner(NAME).secret).sign(TEXT).encode(), "COSIGNATURE_MISSING"),
        (b"x" * (FEED_ANSWER_BYTES_MAX + 1), "WITNESS_NONSENSE"),
        (b"a\n\n" + cosigner(NAME).cosign("a\n", NOW).encode(), "SIGNATURE_INVALID"),
    ],
)
def test_a_cosignature_that_was_not_verified_counts_for_nothing(body: bytes, code: str) -> None:
    result = fed(lambda _: Answer(200, body))
    assert codes(result) == [code]
    assert result.signature is None


def test_lines_of_other_keys_are_ignored() -> None:
    other = cosigner("other.example").cosign(TEXT, NOW)
    result = fed(lambda _: Answer(200, (other + cosigner(NAME).cosign(TEXT, NOW)).encode()))
    assert result.signature is not None
    assert result.signature.name == NAME


@pytest.mark.parametrize("body", [b"", b"04\n", b"x\n", b"4\n4\n", b"-1\n", b"\xff\n"])
def test_a_conflict_that_names_no_size_ends_the_dialogue(body: bytes) -> None:
    assert codes(fed(lambda _: Answer(409, body, "text/x.tlog.size"))) == ["WITNESS_NONSENSE"]


def test_a_witness_that_always_names_another_size_is_left() -> None:
    sizes = iter([1, 2, 3, 4, 5, 6, 7, 8])
    answer = fed(lambda _: Answer(409, f"{next(sizes)}\n".encode(), "text/x.tlog.size"))
    assert codes(answer) == ["WITNESS_BUSY"]


@given(
    st.lists(
        st.builds(
            Answer,
            st.sampled_from([200, 400, 404, 409, 422, 500]),
            st.one_of(st.binary(max_size=200), st.integers(0, 12).map(lambda n: b"%d\n" % n)),
            st.sampled_from(["text/plain", "text/x.tlog.size"]),
        ),
        min_size=FEED_TRIES_MAX,
        max_size=FEED_TRIES_MAX,
    )
)
def test_no_answers_make_it_believe_or_fail(answers: list[Answer]) -> None:
    left = iter(answers)
    result = fed(lambda _: next(left))
    assert result.signature is None
    assert result.faults
