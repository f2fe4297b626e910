"""The files of a log have the paths and bytes of C2SP tlog-tiles, and are read back strictly."""

from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.kernel.errors import VerificationError
from tumen.trust.tiles import (
    TileName,
    entry_bundle,
    read_entry_bundle,
    read_hash_tile,
    tiles_between,
)

names = st.builds(
    TileName,
    st.none() | st.integers(0, 7),
    st.integers(0, 2**55) | st.sampled_from([0, 999, 1_000, 999_999, 1_000_000]),
    st.integers(1, 256),
)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (TileName(0, 0), "tile/0/000"),
        (TileName(0, 1_234_067), "tile/0/x001/x234/067"),
        (TileName(2, 999), "tile/2/999"),
        (TileName(2, 1_000), "tile/2/x001/000"),
        (TileName(1, 1, 17), "tile/1/001.p/17"),
        (TileName(None, 273, 112), "tile/entries/273.p/112"),
    ],
)
def test_a_path_is_that_of_the_specification(name: TileName, path: str) -> None:
    assert name.path == path


@given(names)
def test_a_path_is_read_back_as_the_name_it_was(name: TileName) -> None:
    assert TileName.parse(name.path) == name


@pytest.mark.parametrize(
    "path",
    [
        "", "tile/0", "tile/00/000", "tile/8/000", "tile/64/000", "tile/-1/000", "tile/0/0",
        "tile/0/0000", "tile/0/1000", "tile/0/x000/001", "tile/0/001/001", "tile/0/x001",
        "tile/0/000.p/0", "tile/0/000.p/01", "tile/0/000.p/256", "tile/0/000.p/", "tile/0/000/",
        "/tile/0/000", "tile/0/000\n", "tile/0/../checkpoint", "tile/0/００１", "checkpoint",
        "tile/0/x" + "999/x" * 8 + "999/999",
    ],
)  # fmt: skip
def test_every_other_form_of_a_path_is_refused(path: str) -> None:
    with pytest.raises(VerificationError) as refused:
        TileName.parse(path)
    assert refused.value.code == "TILE_PATH_MALFORMED"


@given(st.text() | st.text("tile/0x9.pentrs", max_size=20))
def test_any_text_is_a_path_or_is_refused(path: str) -> None:
    with suppress(VerificationError):
        assert TileName.parse(path).path == path


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_an_entry_bundle_is_read_back_as_its_entries(entries: list[bytes]) -> None:
    assert read_entry_bundle(entry_bundle(entries), len(entries)) == entries


def test_an_entry_stands_behind_its_length_in_two_bytes() -> None:
    assert entry_bundle([b"ab", b"", bytes(258)]) == b"\0\2ab\0\0\1\2" + bytes(258)


@given(st.lists(st.binary(max_size=5), min_size=2, max_size=9), st.data())
def test_a_bundle_with_a_byte_less_or_more_is_refused(
    entries: list[bytes], data: st.DataObject
) -> None:
    bundle = entry_bundle(entries)
    cut = data.draw(st.integers(0, len(bundle) - 1))
    for wrong in (bundle[:cut], bundle + b"\0"):
        with pytest.raises(VerificationError):
            read_entry_bundle(wrong, len(entries))


@given(st.binary(max_size=600), st.integers(1, 256))
def test_any_bytes_are_a_bundle_or_are_refused(data: bytes, width: int) -> None:
    with suppress(VerificationError):
        assert entry_bundle(read_entry_bundle(data, width)) == data


def test_too_long_an_entry_is_no_entry() -> None:
    with pytest.raises(ValueError, match="65,535"):
        entry_bundle([bytes(65_536)])
    assert len(entry_bundle([bytes(65_535)])) == 65_537


def test_a_hash_tile_has_exactly_its_width() -> None:
    assert read_hash_tile(bytes(64), 2) == bytes(64)
    for wrong in (63, 65, 96):
        with pytest.raises(VerificationError):
            read_hash_tile(bytes(wrong), 2)


def test_seventy_thousand_leaves_have_the_tiles_of_the_example() -> None:
    tiles = list(tiles_between(0, 70_000))
    assert len(tiles) == len(set(tiles))
    assert sum(tile.level == 0 and tile.is_full for tile in tiles) == 273
    assert [tile for tile in tiles if tile.level is not None and not tile.is_full] == [
        TileName(0, 273, 112),
        TileName(1, 1, 17),
        TileName(2, 0, 1),
    ]
    assert TileName(None, 273, 112) in tiles


@given(st.lists(st.integers(0, 140_000), min_size=2, max_size=6).map(sorted))
def test_the_tiles_of_every_step_are_together_those_of_the_whole(sizes: list[int]) -> None:
    full = [
        tile
        for older, newer in pairwise([0, *sizes])
        for tile in tiles_between(older, newer)
        if tile.is_full
    ]
    assert len(full) == len(set(full))
    assert set(full) == {tile for tile in tiles_between(0, sizes[-1]) if tile.is_full}
    assert not list(tiles_between(sizes[-1], sizes[-1]))
