"""A checkpoint is read in one form only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.kernel.errors import VerificationError
from tumen.kernel.limits import TREE_SIZE_MAX
from tumen.trust.checkpoint import Checkpoint

# The example of C2SP tlog-checkpoint.
PUBLISHED = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def test_the_published_example_is_read_and_written_alike():
    read = Checkpoint.parse(PUBLISHED)
    assert (read.origin, read.size) == ("example.com/behind-the-sofa", 20852163)
    assert read.text() == PUBLISHED


def test_further_lines_are_kept_because_they_are_signed():
    assert Checkpoint.parse(PUBLISHED + "more\n").extensions == ("more",)
    assert Checkpoint.parse(PUBLISHED + "more\n").text() == PUBLISHED + "more\n"


@pytest.mark.parametrize(
    "broken",
    [
        "",
        PUBLISHED[:-1],
        PUBLISHED + "\n",
        PUBLISHED + "more",
        "\n" + PUBLISHED,
        PUBLISHED.replace("20852163", "020852163"),
        PUBLISHED.replace("20852163", "+20852163"),
        PUBLISHED.replace("20852163", "2085216३"),
        PUBLISHED.replace("20852163", "-1"),
        PUBLISHED.replace("20852163", str(TREE_SIZE_MAX + 1)),
        PUBLISHED.replace("20852163", "9" * 5000),
        PUBLISHED.replace("q2I=", "q2J="),
        PUBLISHED.replace("q2I=", "q2I"),
        PUBLISHED.replace("CsUY", ""),
        PUBLISHED.replace("example.com", "x" * 300),
        PUBLISHED.replace("\n", "\r\n"),
    ],
)
def test_every_other_form_of_a_checkpoint_is_refused(broken):
    with pytest.raises(VerificationError):
        Checkpoint.parse(broken)


@given(st.text(max_size=120) | st.text("a0\n1=", max_size=60))
def test_a_text_is_a_checkpoint_or_refused_and_nothing_else(text):
    try:
        read = Checkpoint.parse(text)
    except VerificationError:
        return
    assert read.text() == text
