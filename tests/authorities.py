"""Made-up authorities for tests: certificates of issuers and signers, and lists of the revoked.

Every issuer has the one trial RSA key of the process: keys take long to make, and whose a key is
does not matter here.
"""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_der_private_key
from cryptography.x509.oid import NameOID
from signing import key_of

from tumen.trust.xmldsig import libcrypto
from tumen.trust.xmldsig.certificate import from_pem

NAME = "rsa-sha256"
FROM, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
AT = datetime(2026, 11, 20, tzinfo=UTC)
KEY_USES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
    *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)


def secret() -> rsa.RSAPrivateKey:
    key = load_der_private_key(key_of(NAME)[0].secret, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def uses(*wanted: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{each: each in wanted for each in KEY_USES})


def certificate(name: str, issuer: str, number: int, **changed: Any) -> bytes:
    """A certificate as DER: of an authority unless it is said to be of none."""
    told: dict[str, Any] = {"from": FROM, "until": UNTIL, "authority": True, "length": None}
    told |= {"uses": ("key_cert_sign", "crl_sign"), "key": None} | changed
    built = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer))
        .public_key(secret().public_key())
        .serial_number(number)
        .not_valid_before(told["from"])
        .not_valid_after(told["until"])
        .add_extension(x509.BasicConstraints(told["authority"], told["length"]), critical=True)
        .add_extension(uses(*told["uses"]), critical=True)
    )
    return built.sign(told["key"] or secret(), SHA256()).public_bytes(Encoding.DER)


def signer(issuer: str, number: int = 9) -> bytes:
    """The certificate of who signs messages."""
    return certificate("signer", issuer, number, authority=False, uses=("digital_signature",))


@dataclass(frozen=True)
class Entry:
    """A revoked certificate."""

    number: int
    on: datetime = datetime(2026, 11, 1, tzinfo=UTC)
    reason: x509.ReasonFlags | None = None


def revoked(issuer: str, *entries: Entry, **changed: Any) -> bytes:
    """The list of an issuer, as DER."""
    told: dict[str, Any] = {"until": UNTIL, "extensions": (), "key": None} | changed
    built = x509.CertificateRevocationListBuilder().issuer_name(named(issuer))
    built = built.last_update(FROM).next_update(told["until"])
    for each in entries:
        built = built.add_revoked_certificate(_entry(each))
    extensions: Sequence[x509.ExtensionType] = told["extensions"]
    for extension in extensions:
        built = built.add_extension(extension, critical=True)
    return built.sign(told["key"] or secret(), SHA256()).public_bytes(Encoding.DER)


def _entry(entry: Entry) -> x509.RevokedCertificate:
    built = x509.RevokedCertificateBuilder().serial_number(entry.number).revocation_date(entry.on)
    if entry.reason is not None:
        built = built.add_extension(x509.CRLReason(entry.reason), critical=False)
    return built.build()


SM2 = ("-sm3", "-sigopt", f"distid:{libcrypto.IDENTIFIER.decode()}")
REVOKED_IN_SM2 = "R\t271230000000Z\t261101000000Z,keyCompromise\t09\tunknown\t/CN=signer\n"
SETTINGS = "[ca]\ndefault_ca=x\n[x]\ndatabase=index\ndefault_md=sm3\ndefault_crl_days=20\n"


def sm2_authority(folder: Path) -> tuple[bytes, bytes, bytes]:
    """An SM2 authority by the openssl command: its certificate, a signer's, and the list on it."""

    def run(command: str, *arguments: str) -> None:
        told = ["openssl", *command.split(), *arguments]
        subprocess.run(told, cwd=folder, check=True, capture_output=True)

    (folder / "uses").write_text("keyUsage=critical,digitalSignature\n")
    (folder / "index").write_text(REVOKED_IN_SM2)
    (folder / "settings").write_text(SETTINGS)
    for name in ("ca", "signer"):
        run(f"genpkey -algorithm SM2 -out {name}.key")
    issues = "keyUsage=critical,keyCertSign,cRLSign"
    run("req -x509 -new -key ca.key -days 30 -subj /CN=ca -out ca.pem -addext", issues, *SM2)
    run("req -new -key signer.key -subj /CN=signer -out signer.csr", *SM2)
    issued = "x509 -req -in signer.csr -CA ca.pem -CAkey ca.key -days 20 -set_serial 9 -out s.pem"
    run(f"{issued} -extfile uses -vfyopt {SM2[-1]}", *SM2)
    run("ca -gencrl -config settings -keyfile ca.key -cert ca.pem -out ca.crl -md sm3", *SM2[1:])
    ca, of_signer = ((folder / name).read_bytes() for name in ("ca.pem", "s.pem"))
    listed = (folder / "ca.crl").read_bytes()
    return (
        from_pem(ca, "CERTIFICATE"),
        from_pem(of_signer, "CERTIFICATE"),
        from_pem(listed, "X509 CRL"),
    )
