"""Trial keys and signed messages for tests; each kind of key is made once a process."""

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache

import pytest

from tumen.trust.xmldsig import gost, sm2
from tumen.trust.xmldsig.algorithms import Algorithm, by_name
from tumen.trust.xmldsig.certificate import Certificate, from_pem
from tumen.trust.xmldsig.chain import TrustAnchors
from tumen.trust.xmldsig.sign import sign
from tumen.trust.xmldsig.signing_key import SigningKey, make_trial_key
from tumen.trust.xmldsig.verify import Result, verify

NAMES = ("sm2", "rsa-sha256", "rsa-sha1")
MESSAGE = """<?xml version="1.0" encoding="UTF-8"?>
<?filed today?>
<m:Message xmlns:m="urn:m" xmlns:unused="urn:unused" version="1.0"  guid='1'>
  <m:goods>茶 &amp; чай<!-- not signed --></m:goods>
  <m:empty/>
  <m:lines>one
two</m:lines>
</m:Message>
""".encode()


def algorithm(name: str) -> Algorithm:
    found = by_name(name)
    assert found is not None
    return found


def needs(name: str) -> None:
    """Skip a test where this system cannot compute an algorithm."""
    if name == "sm2" and not sm2.is_available():
        pytest.skip("this system has no OpenSSL 3 with SM2")
    if name == "gost" and not gost.is_available():
        pytest.skip("this system's openssl has no engine for GOST")
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl command to make trial keys with")


@cache
def pair(kind: str) -> tuple[bytes, bytes]:
    """A trial key and its certificate, as PEM."""
    return make_trial_key(kind)


@cache
def key_of(name: str) -> tuple[SigningKey, Certificate]:
    """The trial key that goes with an algorithm, and its certificate."""
    needs(name)
    key, certificate = pair(algorithm(name).key.value)
    return SigningKey.read(key), Certificate.read(from_pem(certificate, "CERTIFICATE"))


def signed(name: str, message: bytes = MESSAGE) -> bytes:
    """A message that the trial key of an algorithm signed."""
    return sign(message, algorithm(name), *key_of(name))


def check(message: bytes, name: str, at: datetime | None = None) -> Result:
    """What verifying finds, where the trial key of an algorithm is trusted."""
    _, certificate = key_of(name)
    moment = at or certificate.not_before

    def moments(_: object) -> Sequence[datetime]:
        return [moment]

    return verify(message, moments, TrustAnchors((certificate.der,)))


def codes(result: Result) -> list[str]:
    """The codes of what is wrong."""
    return [step.code for step in result.failed]


LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
FAR_AHEAD = datetime(2101, 1, 1, tzinfo=UTC)
