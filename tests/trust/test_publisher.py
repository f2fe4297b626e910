"""A published log is whole at every moment, and its checkpoint never goes back or aside."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.trust.growing_log import GrowingLog, assert_whole

from tumen.kernel.errors import LogDamaged, LogNotExtended, LogUnpublished, VerificationError
from tumen.trust import tree
from tumen.trust.folder import DiskFolder
from tumen.trust.published import PublishedLog, head_of
from tumen.trust.publisher import publish
from tumen.trust.tiles import TileName, tiles_between


@pytest.fixture
def folder(tmp_path: Path) -> DiskFolder:
    return DiskFolder(tmp_path / "log")


def files(root: Path) -> dict[str, bytes]:
    """All that a web server would serve."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not path.relative_to(root).as_posix().startswith(".")
    }


def test_the_folder_has_the_files_of_the_tree_and_no_others(
    folder: DiskFolder, tmp_path: Path
) -> None:
    log = GrowingLog()
    for count in (1, 255, 1, 699):
        log.append(count)
        publish(log, folder)
        assert assert_whole(PublishedLog(folder)).size == log.edge.size
    names = {name.path for name in tiles_between(0, 956)}
    # Partial tiles of earlier checkpoints stay until their tile is full.
    earlier = {TileName(1, 0, 1).path}
    assert set(files(tmp_path / "log")) == {"checkpoint"} | names | earlier
    assert files(tmp_path / "log")["checkpoint"] == log.signed


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0, 1, 3, 250, 300, 600]), st.booleans()), max_size=6))
def test_however_often_it_is_published_the_files_are_the_same_or_more_partial_ones(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, bool]]
) -> None:
    root = tmp_path_factory.mktemp("log")
    log, folder = GrowingLog(), DiskFolder(root)
    for count, is_published in steps:
        log.append(count)
        if is_published:
            publish(log, folder)
    publish(log, folder)
    assert_whole(PublishedLog(folder))
    for size in log.sizes:  # every size that a checkpoint was signed for can be read
        edge = tree.edge_at(size, PublishedLog(folder).tile)
        assert edge == tree.edge_at(size, log.tile)
    before = files(root)
    assert publish(log, folder).written == ()
    assert files(root) == before


def test_a_log_without_leaves_is_published_as_a_checkpoint_alone(
    folder: DiskFolder, tmp_path: Path
) -> None:
    log = GrowingLog()
    publish(log, folder)
    assert files(tmp_path / "log") == {"checkpoint": log.signed}
    log.append(3)
    publish(log, folder)
    assert_whole(PublishedLog(folder))


def test_a_smaller_checkpoint_is_not_published_over_a_larger_one(
    folder: DiskFolder, tmp_path: Path
) -> None:
    log, restored = GrowingLog(), GrowingLog()
    log.append(300)
    restored.append(300)
    publish(log, folder)
    log.append(1)
    publish(log, folder)
    before = files(tmp_path / "log")
    with pytest.raises(LogNotExtended, match="301 leaves were shown, and this tree has 300"):
        publish(restored, folder)
    assert files(tmp_path / "log") == before


@pytest.mark.parametrize("more", [0, 1, 500])
def test_another_history_is_not_published_over_the_first(
    folder: DiskFolder, tmp_path: Path, more: int
) -> None:
    log, other = GrowingLog(), GrowingLog(history="other")
    log.append(300)
    publish(log, folder)
    before = files(tmp_path / "log")
    other.append(300 + more)
    with pytest.raises(LogNotExtended, match="the first 300 leaves"):
        publish(other, folder)
    assert files(tmp_path / "log") == before


def test_a_log_of_another_origin_is_not_published_over_the_first(folder: DiskFolder) -> None:
    publish(GrowingLog(), folder)
    with pytest.raises(LogNotExtended, match="log/2"):
        publish(GrowingLog("customs.example/log/2"), folder)


def test_a_published_checkpoint_that_cannot_be_read_stops_publishing(
    folder: DiskFolder, tmp_path: Path
) -> None:
    log = GrowingLog()
    log.append(5)
    publish(log, folder)
    (tmp_path / "log/checkpoint").write_bytes(log.signed[:-9])
    with pytest.raises(LogDamaged, match="cannot be read"):
        publish(log, folder)


def test_tiles_that_do_not_give_the_signed_root_are_not_published(
    folder: DiskFolder, tmp_path: Path
) -> None:
    log = GrowingLog()
    log.append(700)
    publish(log, folder)
    before = files(tmp_path / "log")
    log.append(700)
    log.full[0, 4] = bytes(8_192)
    log.edge = tree.Edge(1_400, (bytes(32 * 120), log.edge.levels[1]))
    with pytest.raises(LogDamaged, match="do not give the root"):
        publish(log, folder)
    assert files(tmp_path / "log") == before


def test_files_that_were_removed_or_changed_are_published_again(
    folder: DiskFolder, tmp_path: Path
) -> None:
    log = GrowingLog()
    log.append(1_000)
    publish(log, folder)
    before = files(tmp_path / "log")
    (tmp_path / "log/tile/0/001").write_bytes(b"changed")
    (tmp_path / "log/tile/entries/000").unlink()
    shutil.rmtree(tmp_path / "log/tile/1")
    mended = publish(log, folder, whole=True)
    assert {name.path for name in mended.written} == {
        "tile/0/001", "tile/entries/000", "tile/1/000.p/3",
    }  # fmt: skip
    assert files(tmp_path / "log") == before


def test_a_tile_that_is_not_there_or_has_another_length_is_refused(
    folder: DiskFolder, tmp_path: Path
) -> None:
    log = GrowingLog()
    log.append(300)
    publish(log, folder)
    published = PublishedLog(folder)
    for code, change in (("TILE_LENGTH_WRONG", b"x"), ("TILE_ABSENT", None)):
        path = tmp_path / "log/tile/0/000"
        path.write_bytes(change) if change else path.unlink()
        with pytest.raises(VerificationError) as refused:
            published.tile(0, 0, 9)
        assert refused.value.code == code


def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_published(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file stands in the way")
    with pytest.raises(LogUnpublished, match="cannot be written"):
        publish(GrowingLog(), DiskFolder(tmp_path / "log"))
    assert (tmp_path / "log").read_text() == "a file stands in the way"


def test_a_store_that_grows_while_it_is_published_does_no_harm(folder: DiskFolder) -> None:
    class Growing(GrowingLog):
        def entries(self, first: int, count: int) -> list[bytes]:
            self.append(10)
            return super().entries(first, count)

    log = Growing()
    log.append(600)
    assert publish(log, folder).checkpoint.size == 600
    assert assert_whole(PublishedLog(folder)).size == 600
    published = publish(log, folder).checkpoint
    assert published.size > 600
    assert (
        assert_whole(PublishedLog(folder)) == published == head_of(folder.read("checkpoint") or b"")
    )
