"""GOST signatures, where the system's openssl has its engine; the engine itself signs here."""

import subprocess
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

import pytest
from signing import MESSAGE, algorithm, needs

from tumen.trust.xmldsig import gost
from tumen.trust.xmldsig.algorithms import Algorithm, Key
from tumen.trust.xmldsig.certificate import Certificate, from_pem
from tumen.trust.xmldsig.sign import sign
from tumen.trust.xmldsig.verify import Outcome, verify

ENGINE = ("-engine", "gost")


@dataclass
class EngineSigner:
    folder: Path
    public_key: bytes
    kind: Key = Key.GOST

    def sign(self, _: Algorithm, data: bytes) -> bytes:
        command = ("openssl", "dgst", *ENGINE, "-md_gost12_256", "-sign", self.folder / "key")
        return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def test_what_the_engine_signed_verifies_and_a_changed_one_does_not(tmp_path: Path) -> None:
    needs("gost")
    made = subprocess.run(
        ("openssl", "req", "-x509", *ENGINE, "-newkey", "gost2012_256", "-pkeyopt", "paramset:A",
         "-nodes", "-keyout", tmp_path / "key", "-subj", "/CN=TEST", "-md_gost12_256"),
        capture_output=True, check=True,
    )  # fmt: skip
    certificate = Certificate.read(from_pem(made.stdout, "CERTIFICATE"))
    signer = EngineSigner(tmp_path, certificate.public_key)
    message = sign(MESSAGE, algorithm("gost"), signer, certificate)
    trusted = (certificate,)
    assert verify(message, lambda _: [certificate.not_before], trusted).outcome is Outcome.VALID
    changed = message.replace("чай".encode(), "чая".encode())
    assert verify(changed, lambda _: [certificate.not_before], trusted).outcome is Outcome.INVALID


def test_without_the_engine_it_is_never_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    gost.is_available.cache_clear()
    try:
        named = algorithm("gost")
        block = (
            '<m><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>'
            '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"'
            f'/><ds:SignatureMethod Algorithm="{named.method}"/><ds:Reference URI="">'
            "<ds:Transforms><ds:Transform "
            'Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/></ds:Transforms>'
            f'<ds:DigestMethod Algorithm="{named.digest_method}"/>'
            f"<ds:DigestValue>{b64encode(bytes(32)).decode()}</ds:DigestValue></ds:Reference>"
            f"</ds:SignedInfo><ds:SignatureValue>{b64encode(bytes(64)).decode()}"
            "</ds:SignatureValue></ds:Signature></m>"
        )
        told = {step.code for step in verify(block.encode(), lambda _: []).steps}
    finally:
        gost.is_available.cache_clear()
    assert {"ALGORITHM_UNAVAILABLE", "CERTIFICATE_ABSENT"} <= told
