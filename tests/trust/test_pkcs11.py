"""A key in a token signs as one in a file does, and never leaves the token."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tumen.kernel.errors import OutsideError, UsageError
from tumen.trust.pkcs11 import KeyPlace, open_key

MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)
MODULE = next((each for each in MODULES if Path(each).exists()), "")
needs_token = pytest.mark.skipif(
    not MODULE or find_spec("pkcs11") is None,
    reason="needs the software token SoftHSM 2 (Debian: softhsm2) and the extra tumen[pkcs11]",
)

# In a process of its own: a token's library reads its settings once in the life of a process.
SIGN = """
import sys
from tumen.trust import note
from tumen.trust.pkcs11 import KeyPlace, make_token_key, open_key
from tumen.trust.signer import KeyCosigner, KeySigner, signed_note
place = KeyPlace.parse(sys.argv[1])
made = make_token_key(place)
assert make_token_key(place).public_key == made.public_key
found = open_key(place)
assert found.public_key == made.public_key
signer = KeySigner(place.name, found)
key = note.VerifierKey.parse(signer.verifier_key)
assert note.parse(signed_note("text\\n", [signer])).verified_by([key]) == (key,)
line = KeyCosigner(place.name, found).cosign("text\\n", 5)
key.verify(b"cosignature/v1\\ntime 5\\ntext\\n", note.Signature.parse(line[:-1]).value[8:])
import pkcs11
for secret in (pkcs11.Attribute.VALUE,):
    try:
        print(found._key[secret])
    except pkcs11.exceptions.PKCS11Error as error:
        print(type(error).__name__)
print(repr(signer))
"""


def place(folder: Path, name: str = "mn.example%2Flog") -> str:
    pin = folder / "pin"
    return f"pkcs11:token=tumen;object={name}?module-path={MODULE}&pin-source={pin}"


@pytest.fixture
def token(tmp_path: Path) -> dict[str, str]:
    """The environment of a fresh software token."""
    (tmp_path / "tokens").mkdir()
    settings = tmp_path / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {tmp_path}/tokens\nlog.level = ERROR\n")
    environment = {**os.environ, "SOFTHSM2_CONF": str(settings)}
    init = ["softhsm2-util", "--init-token", "--free", "--label", "tumen"]
    subprocess.run(
        [*init, "--so-pin", "1234", "--pin", "5678"],
        env=environment, check=True, capture_output=True,
    )  # fmt: skip
    write_pin(tmp_path, "5678\n")
    return environment


def write_pin(folder: Path, pin: str, mode: int = 0o600) -> None:
    (folder / "pin").write_text(pin)
    (folder / "pin").chmod(mode)


def sign(folder: Path, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", SIGN, place(folder)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@needs_token
def test_a_key_of_a_token_signs_notes_and_cosignatures(
    tmp_path: Path, token: dict[str, str]
) -> None:
    done = sign(tmp_path, token)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] in {"AttributeSensitive", "AttributeTypeInvalid"}
    assert "5678" not in done.stdout


@needs_token
def test_a_wrong_pin_is_told_and_not_shown(tmp_path: Path, token: dict[str, str]) -> None:
    write_pin(tmp_path, "9999")
    done = sign(tmp_path, token)
    assert "The token tumen cannot be used: PinIncorrect" in done.stderr
    assert "9999" not in done.stderr


def unheld(folder: Path) -> str:
    """The address of a key whose library is not on this machine."""
    return f"pkcs11:token=t;object=x?module-path=/none.so&pin-source={folder}/pin"


@pytest.mark.skipif(find_spec("pkcs11") is None, reason="needs the extra tumen[pkcs11]")
def test_a_pin_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    write_pin(tmp_path, "5678", 0o644)
    with pytest.raises(UsageError, match="others than its owner"):
        open_key(KeyPlace.parse(unheld(tmp_path)))


@pytest.mark.skipif(find_spec("pkcs11") is None, reason="needs the extra tumen[pkcs11]")
def test_a_token_whose_library_is_absent_is_told(tmp_path: Path) -> None:
    write_pin(tmp_path, "5678")
    with pytest.raises(OutsideError, match="The token t cannot be used"):
        open_key(KeyPlace.parse(unheld(tmp_path)))


def test_an_address_of_a_key_is_read_with_its_escapes() -> None:
    found = KeyPlace.parse(
        "pkcs11:token=a%20b;object=mn.example%2Flog?module-path=/m.so&pin-source=file:/p"
    )
    assert found == KeyPlace("/m.so", "a b", "mn.example/log", Path("/p"))


@pytest.mark.parametrize(
    "address",
    [
        "pkcs11:",
        "pkcs11:token=t;object=x",
        "pkcs11:object=x?module-path=/m&pin-source=/p",
        "pkcs11:token=t;object=x?module-path=/m&pin-source=/p&pin-value=1",
    ],
)
def test_an_address_that_lacks_a_part_or_holds_the_pin_is_refused(address: str) -> None:
    with pytest.raises(UsageError):
        KeyPlace.parse(address)
