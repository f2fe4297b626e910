"""Makes the proof that a log told two stories: from its files, and a checkpoint of the other story.

Whoever copied the log's tiles has all that is needed; the log itself is not asked. What is made
here is believed by nobody before :mod:`.equivocation` has verified it.
"""

from collections.abc import Sequence

from tumen.kernel.errors import VerificationError
from tumen.trust.equivocation import Equivocation
from tumen.trust.published import head_of
from tumen.trust.tree import ReadTile, consistency, edge_at, root


def accusation(two: Sequence[bytes], read_tile: ReadTile | None = None) -> Equivocation:
    """The proof by two signed checkpoints of one log, in either order.

    Args:
        two: the checkpoints.
        read_tile: the tiles of the tree that the larger one is the head of; needless where both
            are of one size.

    Raises:
        VerificationError: a checkpoint cannot be read, or the tiles are not there.
    """
    older, newer = sorted(two, key=lambda signed: head_of(signed).size)
    size1, size2 = head_of(older).size, head_of(newer).size
    if size1 in (0, size2):
        return Equivocation(older, newer)
    if read_tile is None:
        raise VerificationError(
            "EQUIVOCATION_FILES_NEEDED",
            f"the checkpoints are of {size1} and {size2} leaves: a copy of the log's files is"
            " needed, as they were published with the larger one",
        )
    hashes = consistency(size1, size2, read_tile)
    if size1 & (size1 - 1) == 0:  # RFC 6962 leaves out the older root, which is the point here
        hashes = [root(edge_at(size1, read_tile)), *hashes]
    return Equivocation(older, newer, tuple(hashes))
