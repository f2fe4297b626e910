"""An officer's acts: what may be done with a declaration that waits for a person. Pure.

An act takes one transition of the one table (:mod:`tumen.window.states`). It can be undone for a
short while, by the same authority, as long as nothing else has happened to the declaration.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from tumen.codelist.spoken import explained
from tumen.kernel.limits import (
    DECISION_UNDO_SECONDS_MAX,
    REASON_LENGTH_MAX,
    REASON_LENGTH_MIN,
    SECURITY_LENGTH_MAX,
)
from tumen.window.states import TRANSITIONS, Act, Status, sources

TOLD: Final = {
    Status.HELD: "OFFICER_HELD",
    Status.EXAMINATION: "OFFICER_EXAMINATION",
    Status.REJECTED: "OFFICER_REJECTED",
}
"""What a filer is told of an act that leaves the goods where they are."""

ZONES: Final = {
    "CN": "Asia/Shanghai",
    "JP": "Asia/Tokyo",
    "KR": "Asia/Seoul",
    "MN": "Asia/Ulaanbaatar",
    "RU": "Europe/Moscow",
}
"""By which clock an authority reads the day; Russia's by that of its capital."""


@dataclass(frozen=True, slots=True)
class Officer:
    """Who acts.

    Attributes:
        authority: the economy whose law is applied.
        organisation: the office.
        mark: by which the office knows the officer; no name.
    """

    authority: str
    organisation: str
    mark: str


@dataclass(frozen=True, slots=True)
class ActAsked:
    """An act that is asked for.

    Attributes:
        declaration: its number, or ``#`` and the number of its document.
        act: what is to be done.
        reason: why, for the filer.
        security: another guarantee, under which goods go whose charge is unknown, or whose own
            guarantee does not suffice.
        seen_event: the last event that the officer saw; None does not ask.
    """

    declaration: str
    act: Act
    reason: str
    security: str | None = None
    seen_event: int | None = None

    @property
    def why(self) -> str:
        """The reason as it is recorded and told: one line, whatever lines it was typed in."""
        return " ".join(self.reason.split())

    @property
    def guarantee(self) -> str | None:
        """The security likewise; None where nothing is named."""
        return " ".join((self.security or "").split()) or None


@dataclass(frozen=True, slots=True)
class LastAct:
    """The act that made a declaration's last event."""

    act: str
    authority: str
    organisation: str
    officer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a declaration stands when an act on it is asked for.

    Attributes:
        document_id: its document.
        authority: the economy it is before.
        status: of its last event.
        event_id: its last event.
        recorded_at: when that was recorded.
        legal_day: the day of that event.
        before: the status before it; None where it was the first.
        last: the act that made it; None where none did.
        is_charge_unknown: whether a charge made on it is unknown.
        has_moved_on: whether its documents or its buyer's allowance changed since.
        open_examinations: what is still to be examined, or was failed.
        is_frozen: whether its buyer holds back what uses the own number.
        is_guarantee_short: whether it waits for a guarantee that does not suffice yet.
    """

    document_id: int
    authority: str
    status: str
    event_id: int
    recorded_at: datetime
    legal_day: date
    before: str | None
    last: LastAct | None
    is_charge_unknown: bool = False
    has_moved_on: bool = False
    open_examinations: tuple[str, ...] = ()
    is_frozen: bool = False
    is_guarantee_short: bool = False


@dataclass(frozen=True, slots=True)
class Objection:
    """What speaks against an act: a violation of the row that asks for it."""

    code: str
    path: str
    value: str | None = None
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class ActJudged:
    """What becomes of an act that was asked for.

    Attributes:
        asked: the act.
        standing: where its declaration stands; None where there is none.
        status: the status it leads to; None where it is refused.
        objections: why it is refused.
        is_repeated: whether it was done before: nothing is recorded again.
    """

    asked: ActAsked
    standing: Standing | None
    status: Status | None = None
    objections: tuple[Objection, ...] = ()
    is_repeated: bool = False

    @property
    def answer(self) -> str:
        """``accepted``, ``rejected`` or ``duplicate``."""
        if self.is_repeated:
            return "duplicate"
        return "rejected" if self.objections else "accepted"


@dataclass(frozen=True, slots=True)
class ActDone:
    """An act with what was recorded of it; event and notice are None where nothing was."""

    judged: ActJudged
    event_id: int | None = None
    receipt: str | None = None


def told(done: ActDone, say: Callable[[str], str] = str) -> dict[str, Any]:
    """What became of an act, as plain data with the words of every objection.

    Args:
        done: what became of it.
        say: translates a sentence of the catalogue; by default it stays English.
    """
    judged, standing = done.judged, done.judged.standing
    return {
        "declaration": judged.asked.declaration,
        "act": str(judged.asked.act),
        "answer": judged.answer,
        "status_before": None if standing is None else standing.status,
        "status": None if judged.status is None else str(judged.status),
        "event": done.event_id,
        "receipt": done.receipt,
        "violations": spoken(judged.objections, say),
    }


def spoken(
    objections: Iterable[Objection], say: Callable[[str], str] = str
) -> list[dict[str, str | None]]:
    """Objections with message and fix, in English where nothing translates them."""
    return [
        {**plain, **dict(zip(("message", "fix"), explained(**plain, say=say), strict=True))}
        for plain in map(asdict, objections)
    ]


def judge(
    asked: Sequence[ActAsked],
    standings: Sequence[Standing | None],
    officer: Officer,
    now: datetime,
) -> list[ActJudged]:
    """Judge acts, each by itself; a declaration is named once.

    Args:
        asked: the acts.
        standings: where their declarations stand, in the same order; None where there is none.
        officer: who acts.
        now: the recorded time.
    """
    named: set[int] = set()
    judged = []
    for ask, found in zip(asked, standings, strict=True):
        standing = found if found is not None and found.authority == officer.authority else None
        if standing is not None and standing.document_id in named:
            again = Objection("DECISION_TWICE", "declaration", ask.declaration)
            judged.append(ActJudged(ask, standing, objections=(again,)))
            continue
        if standing is not None:
            named.add(standing.document_id)
        judged.append(_judged(ask, standing, officer, now))
    return judged


def _judged(ask: ActAsked, standing: Standing | None, officer: Officer, now: datetime) -> ActJudged:
    if standing is None:
        unknown = Objection("DECISION_TARGET_UNKNOWN", "declaration", ask.declaration)
        return ActJudged(ask, None, objections=(unknown,))
    if _is_repeated(ask, standing, officer):
        return ActJudged(ask, standing, Status(standing.status), is_repeated=True)
    against = tuple(_objections(ask, standing, now))
    status = None if against else _leads_to(ask, standing)
    return ActJudged(ask, standing, status, against)


def _is_repeated(ask: ActAsked, standing: Standing, officer: Officer) -> bool:
    """Whether the declaration's last event is this very act: a request that was sent twice."""
    own = (ask.act, officer.authority, officer.organisation, officer.mark, ask.why)
    last = standing.last
    return last is not None and own == (
        last.act, last.authority, last.organisation, last.officer, last.reason
    )  # fmt: skip


def _leads_to(ask: ActAsked, standing: Standing) -> Status | None:
    on = f"undo_to_{standing.before}" if ask.act is Act.UNDO else ask.act
    return TRANSITIONS.get((standing.status, on))


def _objections(ask: ActAsked, standing: Standing, now: datetime) -> Iterator[Objection]:
    yield from _against_words(ask)
    if ask.seen_event not in (None, standing.event_id):
        last = str(standing.event_id)
        yield Objection("DECISION_STALE", "seen_event", last, str(ask.seen_event))
    elif ask.act is Act.UNDO:
        yield from _against_undoing(standing, now)
    elif _leads_to(ask, standing) is None:
        allowed = " or ".join(sources(ask.act))
        yield Objection("DECISION_NOT_OPEN", "act", standing.status, allowed)
    elif ask.act is Act.RELEASE:
        yield from _against_release(ask, standing)


def _against_words(ask: ActAsked) -> Iterator[Objection]:
    """What speaks against the texts, which a filer and other officers read as they are."""
    yield from against_reason(ask.why)
    yield from against_text(ask.guarantee or "", "security", SECURITY_LENGTH_MAX)


def against_reason(why: str) -> Iterator[Objection]:
    """What speaks against a reason: that there is hardly one, or what nobody sees."""
    if not REASON_LENGTH_MIN <= len(why) <= REASON_LENGTH_MAX:
        length = f"{REASON_LENGTH_MIN}–{REASON_LENGTH_MAX}"
        yield Objection("DECISION_REASON_MISSING", "reason", None, length)
    elif not why.isprintable():
        yield Objection("CONTROL_CHARACTER", "reason")


def against_text(text: str, path: str, length_max: int) -> Iterator[Objection]:
    """What speaks against a text that may be left out."""
    if len(text) > length_max:
        yield Objection("TEXT_TOO_LONG", path, None, str(length_max))
    elif not text.isprintable():
        yield Objection("CONTROL_CHARACTER", path)


def _against_release(ask: ActAsked, standing: Standing) -> Iterator[Objection]:
    if standing.is_charge_unknown and ask.guarantee is None:
        yield Objection("DECISION_CHARGE_UNKNOWN", "security")
    if standing.open_examinations:
        told = ", ".join(standing.open_examinations)
        yield Objection("DECISION_EXAMINATION_OPEN", "act", told)
    if standing.is_frozen:
        yield Objection("DECISION_ALLOWANCE_FROZEN", "act")
    if standing.is_guarantee_short and ask.guarantee is None:
        yield Objection("DECISION_GUARANTEE_SHORT", "security")


def _against_undoing(standing: Standing, now: datetime) -> Iterator[Objection]:
    last = standing.last
    is_own = last is not None and last.authority == standing.authority and last.act != Act.UNDO
    if not is_own or (standing.status, f"undo_to_{standing.before}") not in TRANSITIONS:
        yield Objection("UNDO_NOTHING", "act")
        return
    seconds = int((now - standing.recorded_at).total_seconds())
    if seconds > DECISION_UNDO_SECONDS_MAX:
        expected = str(DECISION_UNDO_SECONDS_MAX)
        yield Objection("UNDO_TOO_LATE", "act", str(seconds), expected)
    if standing.status == Status.REJECTED and standing.has_moved_on:
        yield Objection("UNDO_MOVED_ON", "act")


def legal_day(standing: Standing, now: datetime) -> date:
    """The day of an act for the law: the authority's own, never before that of the last event."""
    return max(standing.legal_day, now.astimezone(ZoneInfo(ZONES[standing.authority])).date())
