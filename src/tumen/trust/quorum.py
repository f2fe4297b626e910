"""Which cosignatures are enough: k of n economies, and what that withstands.

Each honest economy cosigns one view of a log, each colluding one may cosign both. So two views
of one log cannot both reach k while no more than f of the n collude, if 2k > n + f. The log's
own economy is one of the f. That no key stands under two names, the bundle's rules see to.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from tumen.kernel.errors import VerificationError

COUNTED: Final = "COUNTED"
OUTSIDE_POLICY: Final = "OUTSIDE_POLICY"
ECONOMY_COUNTED_ONCE: Final = "ECONOMY_COUNTED_ONCE"


@dataclass(frozen=True, slots=True)
class Policy:
    """How many of which economies must have cosigned.

    Attributes:
        threshold: k.
        economies: the n that may count, each once whichever of its witnesses cosigned.
    """

    threshold: int
    economies: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(set(self.economies)) != len(self.economies):
            raise VerificationError("POLICY_INVALID", "an economy stands twice in a policy")
        if not 1 <= self.threshold <= len(self.economies):
            raise VerificationError("POLICY_INVALID", "a policy asks for none, or more than all")

    def withstands(self, colluders: int) -> bool:
        """Whether two views of a log cannot both reach the threshold with so many colluding."""
        return 2 * self.threshold > len(self.economies) + colluders

    @property
    def colluders_max(self) -> int | None:
        """The most colluding economies it withstands, the log's own among them; None for none.

        >>> [Policy(k, ("CN", "JP", "KR", "MN", "RU")).colluders_max for k in (2, 3, 4, 5)]
        [None, 0, 2, 4]
        """
        most = 2 * self.threshold - len(self.economies) - 1
        return most if most >= 0 else None

    @property
    def absent_max(self) -> int:
        """How many economies may be out of reach while the threshold can still be reached."""
        return len(self.economies) - self.threshold


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A cosignature that was looked at, and whether it counts.

    Attributes:
        witness: the name of the key.
        economy: whose witness it is.
        time: the witness's own time in POSIX seconds; None where there is no cosignature.
        code: ``COUNTED``, or why it does not count.
    """

    witness: str
    economy: str
    time: int | None
    code: str = COUNTED


@dataclass(frozen=True, slots=True)
class Quorum:
    """What the cosignatures of one checkpoint amount to.

    Attributes:
        policy: what was asked for.
        cosigned: every witness looked at, with its code.
    """

    policy: Policy
    cosigned: tuple[Cosigned, ...]

    @property
    def economies(self) -> tuple[str, ...]:
        """The economies that count, in the order of the policy."""
        counted = {each.economy for each in self.cosigned if each.code == COUNTED}
        return tuple(each for each in self.policy.economies if each in counted)

    @property
    def missing(self) -> int:
        """How many economies are missing; none where the quorum is reached."""
        return max(0, self.policy.threshold - len(self.economies))

    @property
    def time(self) -> int | None:
        """When the quorum was reached; while it is pending, the last cosignature's time.

        Of the times counted it is the k-th, not the first: so many cannot all have been set back
        by colluders.
        """
        times = sorted(
            each.time for each in self.cosigned if each.code == COUNTED and each.time is not None
        )
        return times[min(self.policy.threshold, len(times)) - 1] if times else None


def count(policy: Policy, looked_at: Iterable[Cosigned]) -> Quorum:
    """Count each economy once, by the earliest of its cosignatures that may count."""
    cosigned = sorted(looked_at, key=lambda each: (each.time is None, each.time or 0))
    seen: set[str] = set()
    counted = []
    for each in cosigned:
        code = _code(policy, each, seen)
        if code == COUNTED:
            seen.add(each.economy)
        counted.append(replace(each, code=code))
    return Quorum(policy, tuple(counted))


def _code(policy: Policy, each: Cosigned, seen: set[str]) -> str:
    if each.code != COUNTED:
        return each.code
    if each.economy not in policy.economies:
        return OUTSIDE_POLICY
    return ECONOMY_COUNTED_ONCE if each.economy in seen else COUNTED
