"""Verification of a message's signature: every step told, the first failure does not hide others.

1. **Block**: the message can be read; it has one signature below its root, in the strict form.
2. **Algorithm**: it is one of ours; digest and key are those that go with it.
3. **Canonical form**: C14N 1.0 over the whole message without its signature, nothing else.
4. **Digest**: that of the canonical bytes is the one that ``SignedInfo`` states.
5. **Certificate**: it can be read, its key may sign, it was valid when the message was written,
   and issuers lead from it to one that the node trusts, if the node names whom it trusts, none
   of them revoked, if the node keeps lists of that.
6. **Signature**: over the canonical bytes of ``SignedInfo``, by the key of the certificate.

A step that cannot be computed here is told as such; a message is then not called valid.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from tumen.kernel.errors import VerificationError
from tumen.trust.xmldsig import canonical
from tumen.trust.xmldsig.block import Block
from tumen.trust.xmldsig.certificate import Certificate
from tumen.trust.xmldsig.chain import Fault, TrustAnchors
from tumen.trust.xmldsig.diagnosis import form_digested, form_signed

Moments = Callable[[Any], Sequence[datetime]]
"""Tells from the root of a message when it says that it was written."""


class Part(StrEnum):
    """What is checked, in the order in which it is told."""

    BLOCK = "block"
    ALGORITHM = "algorithm"
    CANONICAL_FORM = "canonical_form"
    DIGEST = "digest"
    CERTIFICATE = "certificate"
    SIGNATURE = "signature"


class State(StrEnum):
    """What became of a step."""

    RIGHT = "right"
    WRONG = "wrong"
    OPEN = "open"
    """It could not be checked here, or nothing says by what to check it."""


class Outcome(StrEnum):
    """What a message's signature is worth."""

    VALID = "valid"
    """Everything is right, and the node trusts the certificate or its issuer."""
    NOT_ANCHORED = "not_anchored"
    """Everything that can be computed is right; nobody vouches for whose key it is."""
    INVALID = "invalid"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Step:
    """One step, and what became of it.

    Attributes:
        part: what was checked.
        state: right, wrong, or open.
        code: why it is not right; empty where it is.
        detail: what was found.
    """

    part: Part
    state: State
    code: str = ""
    detail: str = ""


@dataclass(slots=True)
class Result:
    """All that verifying found out; nothing in it is to be relied on but ``outcome``.

    Attributes:
        steps: what was checked.
        block: what the signature says of itself; None where it cannot be read.
        certificate: the signer's; None where it cannot be read.
        canonical: the bytes that the digest is over.
        signed: the bytes that the signature is over.
        digest: the digest of the canonical bytes, by the algorithm that is named.
    """

    steps: list[Step] = field(default_factory=list)
    block: Block | None = None
    certificate: Certificate | None = None
    canonical: bytes | None = None
    signed: bytes | None = None
    digest: bytes | None = None

    @property
    def outcome(self) -> Outcome:
        """What the signature is worth."""
        states = {step.state for step in self.steps}
        if self.block is not None and self.block.is_placeholder:
            return Outcome.NOT_CHECKED
        if State.WRONG in states or not self.steps:
            return Outcome.INVALID
        open_codes = {step.code for step in self.steps if step.state is State.OPEN}
        if not open_codes:
            return Outcome.VALID
        is_sound = open_codes == {"CERTIFICATE_NOT_ANCHORED"}
        return Outcome.NOT_ANCHORED if is_sound else Outcome.NOT_CHECKED

    @property
    def failed(self) -> list[Step]:
        """The steps that are wrong."""
        return [step for step in self.steps if step.state is State.WRONG]

    def note(
        self, part: Part, code: str = "", detail: str = "", state: State | None = None
    ) -> None:
        """Tell a step: right without a code, wrong with one, unless said otherwise.

        What turns out wrong later, such as the form of what was signed, is no longer right.
        """
        told = state or (State.WRONG if code else State.RIGHT)
        if told is State.WRONG:
            self.steps = [
                step for step in self.steps if step.part is not part or step.state is State.WRONG
            ]
        self.steps.append(Step(part, told, code, detail))


def verify(message: bytes, moments: Moments, trusted: TrustAnchors | None = None) -> Result:
    """Verify the signature of a message.

    Args:
        message: the bytes of the message, as they are processed.
        moments: tells when the message was written; the certificate must be valid then.
        trusted: who vouches for signers; None where the node names nobody.
    """
    result = Result()
    try:
        root = canonical.parse(message)
        result.block = Block.read(canonical.signature_of(root))
    except VerificationError as error:
        result.note(Part.BLOCK, error.code, str(error))
        return result
    result.note(Part.BLOCK)
    _algorithm(result, result.block)
    _canonical_form(result, result.block, root)
    _digest(result, result.block, root, message)
    _certificate(result, result.block, moments(root), trusted)
    _signature(result, result.block, root, message)
    return result


def _algorithm(result: Result, block: Block) -> None:
    named = block.algorithm
    if named is None:
        result.note(Part.ALGORITHM, "ALGORITHM_REFUSED", block.method)
    elif block.digest_method != named.digest_method:
        detail = f"{block.digest_method}, not {named.digest_method}"
        result.note(Part.ALGORITHM, "DIGEST_METHOD_REFUSED", detail)
    else:
        result.note(Part.ALGORITHM, detail=named.name)


def _canonical_form(result: Result, block: Block, root: Any) -> None:
    """The bytes that are signed; what the block asks for beyond the one form is refused."""
    for code, detail in block.refused:
        result.note(Part.CANONICAL_FORM, code, detail)
    try:
        result.signed = canonical.part_bytes(block.signed_info)
        result.canonical = canonical.message_bytes(root)
    except VerificationError as error:
        result.note(Part.CANONICAL_FORM, error.code, str(error))
        return
    if not block.refused:
        result.note(Part.CANONICAL_FORM)


def _digest(result: Result, block: Block, root: Any, message: bytes) -> None:
    named = block.algorithm
    if named is None or result.canonical is None:
        result.note(Part.DIGEST, "NOT_REACHED", state=State.OPEN)
        return
    try:
        result.digest = named.digest(result.canonical)
        if result.digest == block.digest:
            result.note(Part.DIGEST)
            return
        form = form_digested(root, message, named.digest, block.digest)
    except VerificationError as error:
        result.note(Part.DIGEST, error.code, str(error), State.OPEN)
        return
    if form:
        result.note(Part.CANONICAL_FORM, "DIGEST_OF_OTHER_FORM", form)
    result.note(Part.DIGEST, "DIGEST_WRONG")


def _certificate(
    result: Result,
    block: Block,
    moments: Sequence[datetime],
    trusted: TrustAnchors | None,
) -> None:
    if block.certificate is None:
        result.note(Part.CERTIFICATE, "CERTIFICATE_ABSENT")
        return
    try:
        certificate = Certificate.read(block.certificate)
        result.certificate = certificate
        fault = _use_fault(certificate, block) or _time_fault(certificate, moments)
        fault = fault or _own_fault(certificate)
        if fault is None and trusted is not None:
            fault = trusted.fault(certificate, moments)
    except VerificationError as error:
        is_open = error.code == "ALGORITHM_UNAVAILABLE"
        fault = Fault(error.code, str(error), is_open)
    if fault is None and trusted is None:
        fault = Fault("CERTIFICATE_NOT_ANCHORED", is_open=True)
    if fault is None:
        result.note(Part.CERTIFICATE)
    else:
        state = State.OPEN if fault.is_open else State.WRONG
        result.note(Part.CERTIFICATE, fault.code, fault.detail, state)


def _use_fault(certificate: Certificate, block: Block) -> Fault | None:
    """Why the key of a certificate cannot have made a signature of the algorithm named."""
    named = block.algorithm
    if named is not None and certificate.key is not named.key:
        detail = f"{certificate.key} key, {named.name} signature"
        return Fault("KEY_OF_OTHER_ALGORITHM", detail)
    if named is not None and certificate.bits < named.bits_min:
        return Fault("KEY_TOO_SHORT", f"{certificate.bits} bits, at least {named.bits_min}")
    return None if certificate.is_signer else Fault("KEY_USE_REFUSED")


def _time_fault(certificate: Certificate, moments: Sequence[datetime]) -> Fault | None:
    """Why a certificate was not valid when the message was written; None where it was."""
    validity = f"{certificate.not_before:%Y-%m-%d} to {certificate.not_after:%Y-%m-%d}"
    if not moments:
        return Fault("TIME_UNKNOWN", validity, is_open=True)
    if min(moments) < certificate.not_before:
        detail = f"{min(moments):%Y-%m-%d} is not in {validity}"
        return Fault("CERTIFICATE_NOT_YET_VALID", detail)
    if max(moments) > certificate.not_after:
        return Fault("CERTIFICATE_EXPIRED", f"{max(moments):%Y-%m-%d} is not in {validity}")
    return None


def _own_fault(certificate: Certificate) -> Fault | None:
    """Whether a certificate that names itself as its issuer was signed by somebody else."""
    is_own = certificate.parsed.issuer == certificate.parsed.subject
    if is_own and not certificate.is_issued_by(certificate):
        return Fault("CERTIFICATE_BROKEN")
    return None


def _signature(result: Result, block: Block, root: Any, message: bytes) -> None:
    named, certificate, signed = block.algorithm, result.certificate, result.signed
    if named is None or certificate is None or signed is None or certificate.key is not named.key:
        result.note(Part.SIGNATURE, "NOT_REACHED", state=State.OPEN)
        return

    def is_over(signed: bytes) -> bool:
        return certificate.verifies(named, signed, block.value)

    try:
        if is_over(signed):
            result.note(Part.SIGNATURE)
            return
        form = form_signed(root, message, is_over)
    except VerificationError as error:
        result.note(Part.SIGNATURE, error.code, str(error), State.OPEN)
        return
    if form:
        result.note(Part.CANONICAL_FORM, "SIGNATURE_OF_OTHER_FORM", form)
    result.note(Part.SIGNATURE, "SIGNATURE_WRONG")
