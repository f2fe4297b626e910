"""A key file is made once, whole, for its owner alone, and is never shown."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tumen.kernel.errors import OutsideError, PathAbsent, UsageError
from tumen.trust.key_files import load_key, make_key
from tumen.trust.signer import KeyType

# A key of the note tools of Go (golang.org/x/mod/sumdb/note, the example of its documentation).
GO_KEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

MAKE = """
import sys
from pathlib import Path
from tumen.trust.key_files import make_key
from tumen.trust.signer import KeyType
sys.stdin.readline()
print(make_key(Path(sys.argv[1]), "a.example/log", KeyType.NOTE).verifier_key)
"""


def write(file: Path, text: str, mode: int = 0o600) -> Path:
    file.write_text(text)
    file.chmod(mode)
    return file


def test_a_key_that_was_made_is_read_again_as_the_same(tmp_path: Path) -> None:
    for kind in KeyType:
        made = make_key(tmp_path / kind.name, "a.example/log", kind)
        assert load_key(tmp_path / kind.name) == made


def test_a_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        make_key(tmp_path / "deep/er/x.log-key", "x", KeyType.NOTE)
    finally:
        os.umask(old)
    assert (tmp_path / "deep/er/x.log-key").stat().st_mode & 0o777 == 0o600
    assert [each.name for each in (tmp_path / "deep/er").iterdir()] == ["x.log-key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o666])
def test_a_key_file_that_others_can_use_is_not_read(tmp_path: Path, mode: int) -> None:
    file = write(tmp_path / "key", GO_KEY, mode)
    with pytest.raises(UsageError, match="others than its owner") as refused:
        load_key(file)
    assert f"chmod 600 {file}" in refused.value.next_step


def test_a_key_of_the_note_tools_of_go_is_read(tmp_path: Path) -> None:
    for text in (GO_KEY, GO_KEY + "\n"):
        found = load_key(write(tmp_path / "key", text))
        assert found.verifier_key == GO_PUBLIC
        assert found.signer().verifier_key == GO_PUBLIC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        GO_KEY[:-1],
        GO_KEY + "\n\n",
        GO_KEY + "=",
        " " + GO_KEY,
        GO_KEY.removeprefix("PRIVATE+KEY+"),
        GO_KEY.replace("c74f20a3", "c74f20a4"),
        GO_KEY.replace("c74f20a3", "C74F20A3"),
        GO_KEY.replace("Neumann", "Newmann"),
        GO_KEY.replace("+AYEK", "+BYEK"),
        GO_KEY * 20,
    ],
)
def test_a_file_that_is_no_key_is_refused_and_not_shown(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError) as refused:
        load_key(write(tmp_path / "key", text))
    assert "AYEKFALVFGyNhPJEMzD1QIDr" not in f"{refused.value}{refused.value.next_step}"


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(b"PRIVATE+KEY+\xff\xfe")
    file.chmod(0o600)
    with pytest.raises(UsageError):
        load_key(file)


def test_a_key_file_that_is_absent_or_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(PathAbsent):
        load_key(tmp_path / "none")
    with pytest.raises(OutsideError):
        load_key(tmp_path)


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    made = make_key(tmp_path / "key", "a.example/log", KeyType.NOTE)
    assert make_key(tmp_path / "key", "a.example/log", KeyType.NOTE) == made
    for name, kind in (("b.example/log", KeyType.NOTE), ("a.example/log", KeyType.COSIGNATURE)):
        with pytest.raises(UsageError, match="already holds another key"):
            make_key(tmp_path / "key", name, kind)
    assert load_key(tmp_path / "key") == made


def test_a_key_has_one_role(tmp_path: Path) -> None:
    note = make_key(tmp_path / "note", "x", KeyType.NOTE)
    witness = make_key(tmp_path / "witness", "x", KeyType.COSIGNATURE)
    assert note.signer().verifier_key == note.verifier_key
    assert witness.cosigner().verifier_key == witness.verifier_key
    with pytest.raises(UsageError, match="not made to cosign"):
        note.cosigner()
    with pytest.raises(UsageError, match="not made to sign notes"):
        witness.signer()


def test_of_processes_that_make_a_key_at_once_all_get_the_same(tmp_path: Path) -> None:
    file = tmp_path / "new/key"
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", MAKE, str(file)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(4)
    ]  # fmt: skip
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("\n")
        racer.stdin.flush()
    keys = {racer.communicate()[0] for racer in racers}
    assert keys == {f"{load_key(file).verifier_key}\n"}
    assert [each.name for each in file.parent.iterdir()] == ["key"]


def test_the_text_form_of_a_key_shows_no_secret(tmp_path: Path) -> None:
    found = load_key(write(tmp_path / "key", GO_KEY))
    assert "AYEK" not in repr(found)
    assert "PrivateKey" not in repr(found)
