"""What the steps of a signature are called, and what each failure means, in plain words."""

from collections.abc import Mapping
from typing import Final

from tumen.trust.xmldsig.verify import Outcome, Part

PARTS: Final[Mapping[Part, str]] = {
    Part.BLOCK: "The signature block can be read",
    Part.ALGORITHM: "The algorithm is accepted",
    Part.CANONICAL_FORM: "The canonical form asked for is the one accepted",
    Part.DIGEST: "The digest is that of the message",
    Part.CERTIFICATE: "The certificate can be relied on",
    Part.SIGNATURE: "The signature was made by the certificate's key",
}

OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.VALID: "The signature is valid. Who may sign for whom is not said by it.",
    Outcome.NOT_ANCHORED: (
        "The signature is right, but nothing says whose key it is: name the folder of the\n"
        "certificates that you trust with --certificates."
    ),
    Outcome.INVALID: "The signature is NOT valid.",
    Outcome.NOT_CHECKED: (
        "The signature was not established: it is a placeholder, or a step cannot be checked here."
    ),
}

FORMS: Final[Mapping[str, str]] = {
    "line_ends": "other line ends; a parser reads each line end as LF",
    "no_last_space": "without the white space before the end of the root, which belongs to it",
    "comments_kept": "with comments; the canonical form named leaves them out",
    "exclusive": "exclusive C14N; the one named is inclusive and keeps unused namespaces",
    "signature_left_in": "with the signature block; it has to be taken out before",
    "no_space_between": "without white space between elements: the message was indented afterwards",
    "as_written": "the text as it stands in the file, not its canonical form",
    "own_namespaces_only": "SignedInfo without the namespaces that it inherits from the root",
    "other_namespaces": "SignedInfo with namespaces that the message's root does not declare",
    "message_itself": "the message; the signature must be over SignedInfo",
}
"""The other forms over which a digest or a signature may be."""

WORDS: Final[Mapping[str, str]] = {
    "SIGNATURE_ABSENT": "There is no signature in the message.",
    "SIGNATURE_TWICE": "There is more than one signature; there may be one.",
    "SIGNATURE_PLACE": "The signature does not stand directly below the root.",
    "SIGNATURE_BLOCK": "The block has not the form of the specification.",
    "XML_MALFORMED": "The message is no well-formed XML.",
    "XML_DTD": "The message has a document type, which is refused.",
    "MESSAGE_NOT_UTF8": "The message is not in UTF-8.",
    "ALGORITHM_REFUSED": "This algorithm is not accepted.",
    "DIGEST_METHOD_REFUSED": "This digest does not go with the signature's algorithm.",
    "CANONICAL_METHOD_REFUSED": "Only C14N 1.0 without comments is accepted.",
    "CANONICAL_FORM_ABSENT": "A namespace is a relative address: there is no canonical form.",
    "REFERENCE_REFUSED": 'The reference must be to the whole message: URI="".',
    "TRANSFORM_REFUSED": "The enveloped signature transform must stand there, and no other.",
    "DIGEST_OF_OTHER_FORM": "The digest was made over another form of the message.",
    "SIGNATURE_OF_OTHER_FORM": "The signature was made over other bytes than SignedInfo's.",
    "DIGEST_WRONG": "The message was changed after signing, or digested in another form.",
    "CERTIFICATE_ABSENT": "There is no certificate in the message.",
    "CERTIFICATE_UNREADABLE": "The certificate cannot be read.",
    "CERTIFICATE_BROKEN": "The certificate signs itself, and that signature is wrong.",
    "CERTIFICATE_NOT_YET_VALID": "The certificate was not valid yet when the message was written.",
    "CERTIFICATE_EXPIRED": "The certificate had expired when the message was written.",
    "CERTIFICATE_NOT_TRUSTED": "Neither the certificate nor its issuer is among those trusted.",
    "CERTIFICATE_NOT_ISSUED": "The issuer it names is trusted, but did not sign it.",
    "CERTIFICATE_ISSUER_EXPIRED": "Its issuer's certificate was not valid at that time.",
    "CERTIFICATE_CHAIN_INCOMPLETE": "Its issuer is known, but nothing leads on to one trusted.",
    "CERTIFICATE_CHAIN_TOO_LONG": "An issuer does not allow so many others below it.",
    "CERTIFICATE_REVOKED": "The certificate, or an issuer's, was revoked.",
    "REVOCATION_LIST_ABSENT": "There is no list of revoked certificates by its issuer.",
    "REVOCATION_LIST_BROKEN": "The list of revoked certificates is not signed by its issuer.",
    "REVOCATION_LIST_OLD": "The list of revoked certificates ended before the message was written.",
    "CERTIFICATE_NOT_ANCHORED": "No certificates are named that could vouch for it.",
    "KEY_OF_OTHER_ALGORITHM": "The certificate's key is of another kind than the signature.",
    "KEY_TOO_SHORT": "The certificate's key is too short.",
    "KEY_USE_REFUSED": "The certificate's key is not meant for signing documents.",
    "TIME_UNKNOWN": "The message does not say when it was written (appTime).",
    "SIGNATURE_WRONG": "Another key made the signature, or SignedInfo was changed afterwards.",
    "ALGORITHM_UNAVAILABLE": "This system cannot compute the algorithm.",
    "NOT_REACHED": "A step before it has failed.",
}
"""What each code of a step means."""
