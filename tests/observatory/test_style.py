"""The colours of the pictures stay apart for the colour-blind, and can be read as text."""

from itertools import combinations
from typing import Final

import pytest

from tumen.observatory.publication.style import COLOURS, SHAPES

Triple = tuple[float, float, float]

SIGHT: Final[dict[str, tuple[Triple, Triple, Triple]]] = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""How linear colours are seen: Machado, Oliveira and Fernandes (2009), severity 1."""

TO_XYZ: Final = (
    (0.4124 / 0.95047, 0.3576 / 0.95047, 0.1805 / 0.95047),
    (0.2126, 0.7152, 0.0722),
    (0.0193 / 1.08883, 0.1192 / 1.08883, 0.9505 / 1.08883),
)
"""From linear sRGB to CIE XYZ, as parts of white."""

APART_LEAST: Final = 20
"""CIE 1976 difference that two marks of a picture have at least."""

CONTRAST_LEAST: Final = 3
"""WCAG 2.2: of marks, and of what stands beside a mark in its colour."""


def linear(colour: str) -> Triple:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return red, green, blue


def times(matrix: tuple[Triple, Triple, Triple], colour: Triple) -> Triple:
    found = [sum(a * b for a, b in zip(row, colour, strict=True)) for row in matrix]
    first, second, third = (min(1.0, max(0.0, part)) for part in found)
    return first, second, third


def lab(colour: Triple) -> Triple:
    x, y, z = (
        part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116
        for part in times(TO_XYZ, colour)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(one: str, other: str, sight: str) -> float:
    seen = [lab(times(SIGHT[sight], linear(colour))) for colour in (one, other)]
    return sum((a - b) ** 2 for a, b in zip(*seen, strict=True)) ** 0.5


@pytest.mark.parametrize("sight", SIGHT)
def test_any_two_colours_are_apart_for_everybody(sight: str) -> None:
    close = [
        (one, other)
        for one, other in combinations(COLOURS, 2)
        if difference(one, other, sight) < APART_LEAST
    ]
    assert not close


def test_this_test_tells_red_from_green_apart_only_for_those_who_can() -> None:
    assert difference("#D55E00", "#B8860B", "all colours") > APART_LEAST
    assert difference("#D55E00", "#B8860B", "deuteranopia") < APART_LEAST


def test_every_colour_can_be_read_on_white() -> None:
    light = [sum(a * b for a, b in zip(TO_XYZ[1], linear(each), strict=True)) for each in COLOURS]
    assert min(1.05 / (each + 0.05) for each in light) > CONTRAST_LEAST


def test_every_colour_has_a_shape_of_its_own() -> None:
    assert len(set(SHAPES)) == len(set(COLOURS)) == len(COLOURS)
