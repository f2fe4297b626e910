"""Verifies a receipt by its proof and a trust bundle: offline, without keys of its own.

1. The proof is read, and the statement in it.
2. The receipt, where it is given, has the hash that the statement names.
3. Salt and statement give the commitment, that the leaf, and leaf and proof the checkpoint's root.
4. The checkpoint is signed by the log that it names, with a key that the bundle lists for it.
5. Witnesses cosigned it; enough economies of the policy for this type of document count.
6. The log's key was believed at that time, and the bundle is current on the day of verifying.

Whatever the bytes are, the answer is a verdict and never an error. Without a bundle, steps 4 to 6
are not proven. Nothing here says that a statement is true.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import VERIFIED_CHECKPOINTS_MAX
from tumen.trust import merkle, note, proof, quorum, statement
from tumen.trust.bundle import TrustBundle, seconds
from tumen.trust.checkpoint import Checkpoint
from tumen.trust.proof import Proof
from tumen.trust.quorum import Quorum
from tumen.trust.statement import ArtefactStatement, DocumentStatement, EventStatement, Statement
from tumen.trust.verdict import Finding, State, Values, Verdict
from tumen.trust.witnessing import IN_FUTURE, Signed, log_finding, signatures

NOT_KNOWN = frozenset({"LOG_UNKNOWN", "POLICY_MISSING"})
"""Refusals that say no more than that the bundle does not reach so far."""


def verify(
    receipt: bytes | None, proof: bytes, bundle: TrustBundle | None, at: datetime
) -> Verdict:
    """Say what a proof proves of a receipt.

    Args:
        receipt: its bytes; for an artefact those of the artefact; None where only the proof is
            there.
        proof: the ``tlog-proof``.
        bundle: who is believed, itself verified; None where nobody is.
        at: the time of verifying, with its zone.
    """
    return Verifier(bundle, at).verify(receipt, proof)


@dataclass(slots=True)
class Verifier:
    """Verifies many receipts by one bundle at one time.

    The signatures of a checkpoint are checked once: a batch of receipts shares one.
    """

    bundle: TrustBundle | None
    at: datetime
    _signed: dict[bytes, Signed] = field(default_factory=dict)

    def verify(self, receipt: bytes | None, data: bytes) -> Verdict:
        """Say what a proof proves of a receipt; see :func:`verify`."""
        given = None if receipt is None else sha256(receipt).hexdigest()
        try:
            found = proof.parse(data)
            told = statement.parse(found.statement)
            head = note.parse(found.checkpoint)
            checkpoint = Checkpoint.parse(head.text)
        except VerificationError as refused:
            return Verdict((_failed(refused),), given)
        subject = subject_hash(told)
        findings = [_subject_finding(subject, given), _leaf_finding(found, checkpoint)]
        believed, counted = self._believed(head, found.checkpoint, told)
        name = given if subject is None else subject.hex()
        return Verdict((*findings, *believed), name, told, checkpoint, counted)

    def _believed(
        self, head: note.Note, data: bytes, told: Statement
    ) -> tuple[list[Finding], Quorum | None]:
        """Steps 4 to 6."""
        if self.bundle is None:
            return [Finding("BUNDLE_NOT_GIVEN", State.NOT_PROVEN, {})], None
        at = seconds(self.at)
        try:
            signed = self._checked(head, data, at)
            counted = quorum.count(self.bundle.policy(document_type(told)).quorum, signed.cosigned)
        except VerificationError as refused:
            return [_failed(refused), _bundle_finding(self.bundle, self.at)], None
        return [
            log_finding(signed, counted, at),
            *_quorum_findings(counted),
            _bundle_finding(self.bundle, self.at),
        ], counted

    def _checked(self, head: note.Note, data: bytes, at: int) -> Signed:
        assert self.bundle is not None  # noqa: S101 - without one nobody asks
        signed = self._signed.get(data)
        if signed is None:
            signed = signatures(head, self.bundle, at)
            if len(self._signed) >= VERIFIED_CHECKPOINTS_MAX:
                self._signed.clear()
            self._signed[data] = signed
        return signed


def document_type(told: Statement) -> str:
    """The type under which the bundle's policies are looked up."""
    if isinstance(told, DocumentStatement | ArtefactStatement):
        return told.kind or told.TYPE
    return told.TYPE


def subject_hash(told: Statement) -> bytes | None:
    """The hash of the bytes that a holder has: the receipt's, or the artefact's."""
    if isinstance(told, DocumentStatement | EventStatement):
        return told.receipt
    return told.content if isinstance(told, ArtefactStatement) else None


def _failed(refused: VerificationError) -> Finding:
    state = State.NOT_PROVEN if refused.code in NOT_KNOWN else State.FAILED
    return Finding(refused.code, state, {"message": str(refused)})


def _subject_finding(told: bytes | None, given: str | None) -> Finding:
    if told is None and given is None:
        return Finding("NO_RECEIPT", State.NOTED, {})
    if given is None:
        return Finding(
            "RECEIPT_NOT_GIVEN", State.NOT_PROVEN, {"receipt": told.hex() if told else None}
        )
    if told is None or told.hex() != given:
        return Finding("RECEIPT_MISMATCH", State.FAILED, {"receipt": given})
    return Finding("RECEIPT_UNCHANGED", State.PROVEN, {"receipt": given})


def _leaf_finding(found: Proof, checkpoint: Checkpoint) -> Finding:
    try:
        entry = statement.commitment(found.salt, found.statement)
        merkle.verify_inclusion(
            merkle.leaf_hash(entry), found.index, checkpoint.size, found.hashes, checkpoint.root
        )
    except VerificationError as refused:
        return _failed(refused)
    values: Values = {"index": found.index, "size": checkpoint.size, "log": checkpoint.origin}
    return Finding("LEAF_IN_TREE", State.PROVEN, values)


def _quorum_findings(counted: Quorum) -> Iterator[Finding]:
    policy = counted.policy
    values: Values = {
        "k": policy.threshold,
        "n": len(policy.economies),
        "economies": ", ".join(counted.economies),
        "count": len(counted.economies),
        "missing": counted.missing,
        "colluders": policy.colluders_max,
        "time": counted.time,
    }
    if counted.missing:
        yield Finding("QUORUM_PENDING", State.PENDING, values)
    else:
        yield Finding("QUORUM_REACHED", State.PROVEN, values)
    for each in counted.cosigned:
        if each.time is not None and each.code != quorum.COUNTED:
            said: Values = {"witness": each.witness, "economy": each.economy, "time": each.time}
            code = each.code if each.code == IN_FUTURE else f"COSIGNATURE_{each.code}"
            yield Finding(code, State.NOTED, said)


def _bundle_finding(bundle: TrustBundle, at: datetime) -> Finding:
    day = at.astimezone(UTC).date()
    values: Values = {
        "version": bundle.version,
        "issued_on": bundle.issued_on.isoformat(),
        "expires_on": bundle.expires_on.isoformat(),
        "age_days": (day - bundle.issued_on).days,
    }
    try:
        bundle.need_current(day)
    except VerificationError as refused:
        return Finding(refused.code, State.NOT_PROVEN, values)
    return Finding("BUNDLE_CURRENT", State.PROVEN, values)
