"""A node signs on only where its tree goes on from all that was shown of it."""

from pathlib import Path

import pytest
from tests.trust.growing_log import KEY, GrowingLog

from tumen.kernel.errors import LogDamaged, LogNotExtended
from tumen.trust.continuity import Tree, keep_cosigned, need_continuity, shown_before
from tumen.trust.folder import DiskFolder
from tumen.trust.published import head_of
from tumen.trust.publisher import publish


def tree_of(log: GrowingLog) -> Tree:
    return Tree(log.origin, log.edge.size, log.tile)


def grown(*counts: int, history: str = "") -> GrowingLog:
    log = GrowingLog(history=history)
    for count in counts:
        log.append(count)
    return log


def test_a_tree_signs_on_from_itself_and_from_every_earlier_size() -> None:
    shown = [head_of(grown(size).signed) for size in (0, 1, 255, 256, 257, 700)]
    need_continuity(tree_of(grown(700)), shown)
    need_continuity(tree_of(grown(700)), [])


def test_a_restored_tree_does_not_sign_on() -> None:
    with pytest.raises(LogNotExtended, match="went back"):
        need_continuity(tree_of(grown(699)), [head_of(grown(700).signed)])


def test_a_restored_tree_that_grew_again_does_not_sign_on() -> None:
    restored = grown(400)
    restored.history = "after the restore"
    restored.append(400)
    need_continuity(tree_of(restored), [head_of(grown(400).signed)])
    with pytest.raises(LogNotExtended, match="not the ones that were shown"):
        need_continuity(tree_of(restored), [head_of(grown(700).signed)])


def test_one_checkpoint_that_does_not_fit_is_enough() -> None:
    shown = [head_of(grown(3).signed), head_of(grown(2, history="other").signed)]
    with pytest.raises(LogNotExtended):
        need_continuity(tree_of(grown(9)), shown)


def test_what_was_shown_is_what_was_published_and_what_came_back_cosigned(tmp_path: Path) -> None:
    folder = DiskFolder(tmp_path / "log")
    assert shown_before(folder, [KEY]) == []
    log = grown(5)
    publish(log, folder)
    newer = grown(5, 4).signed
    assert keep_cosigned(folder, newer)
    assert not keep_cosigned(folder, log.signed)
    assert shown_before(folder, [KEY]) == [head_of(log.signed), head_of(newer)]


@pytest.mark.parametrize("path", ["checkpoint", "cosigned"])
def test_a_file_that_this_log_did_not_sign_is_told_and_nothing_concluded(
    tmp_path: Path, path: str
) -> None:
    folder = DiskFolder(tmp_path)
    signed = grown(5).signed
    for wrong in (signed.replace(b"\n5\n", b"\n6\n"), b"", signed[:-5]):
        (tmp_path / path).write_bytes(wrong)
        with pytest.raises(LogDamaged, match=path):
            shown_before(folder, [KEY])
