"""What becomes of a correction, a return or a revocation that is asked for, and of an answer to it.

1. Words, reference and standing are looked at: all that speaks against it is told at once.
2. What is stated is put in the place of what was declared, and the law is asked again.
3. A filer's correction takes effect at once where more is due, or nothing changes; what gives money
   or allowance back waits for an officer, and so does what comes after the time of the law.
4. One transition of the one table follows.

Pure: all that is recorded is given as an :class:`~tumen.window.affair.Affair`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from tumen.kernel.limits import BASIS_LENGTH_MAX, SHIPMENT_REFERENCE_LENGTH_MAX
from tumen.law.quoting import Books
from tumen.window.acts import Objection, against_reason, against_text, legal_day
from tumen.window.affair import Affair, AftercareJudged, Known
from tumen.window.aftercare_asked import (
    DONE,
    NOTHING_CHANGED,
    OF_FILERS,
    REFUSED,
    TRANSITION_OF,
    WAITING,
    AftercareAsked,
    AftercareEntry,
    AftercareStep,
    Asker,
    Reassessed,
    Stated,
)
from tumen.window.correction import corrected_list, corrected_shipment
from tumen.window.goods_returns import back_by, in_time_to_apply, returned
from tumen.window.positive_list import PositiveList
from tumen.window.reassessment import of_list, of_shipment
from tumen.window.states import TRANSITIONS, Status, sources
from tumen.window.time_limits import Claim, time_limit


@dataclass(frozen=True, slots=True)
class Bench:
    """What judging needs beside the declaration.

    Attributes:
        asker: who asks.
        books: imported tariffs and rates.
        listed: the positive list.
        now: the recorded time.
    """

    asker: Asker
    books: Books
    listed: PositiveList
    now: datetime


@dataclass(frozen=True, slots=True)
class _Found:
    """What one step comes to: the entry with what it changes, or why not."""

    entry: AftercareEntry | None = None
    changed: Reassessed = NOTHING_CHANGED
    doubts: tuple[str, ...] = ()
    against: tuple[Objection, ...] = ()
    is_full: bool = False


def judge(
    asked: AftercareAsked, affair: Affair | None, known: Known | None, bench: Bench
) -> AftercareJudged:
    """Judge what is asked for.

    Args:
        asked: what.
        affair: the declaration; None where there is none.
        known: what is recorded under the same reference of the same asker.
        bench: who asks, and what the law needs.
    """
    if affair is None or not _is_of(affair, bench.asker):
        unknown = Objection("AFTERCARE_TARGET_UNKNOWN", "declaration", asked.declaration)
        return AftercareJudged(asked, None, objections=(unknown,))
    if known is not None:
        return _again(asked, affair, known)
    against = [*_against_words(asked), *_against_standing(asked, affair, bench.asker)]
    if against:
        return AftercareJudged(asked, affair, objections=tuple(against))
    found = _STEPS[asked.step](asked, affair, bench)
    if found.against:
        return AftercareJudged(asked, affair, changed=found.changed, objections=found.against)
    on = _on(found)
    status = TRANSITIONS.get((affair.standing.status, on))
    if status is None:
        allowed = " or ".join(sources(on))
        closed = Objection("DECISION_NOT_OPEN", "declaration", affair.standing.status, allowed)
        return AftercareJudged(asked, affair, objections=(closed,))
    return AftercareJudged(asked, affair, found.entry, status, found.changed, doubts=found.doubts)


def _is_of(affair: Affair, asker: Asker) -> bool:
    if asker.officer is not None:
        return affair.standing.authority == asker.authority
    return affair.sender == asker.organisation


def _again(asked: AftercareAsked, affair: Affair, known: Known) -> AftercareJudged:
    """The same request again is told what it came to; another under its reference is refused."""
    if known.content_hash == asked.content_hash:
        return AftercareJudged(asked, affair, known.entry, affair.standing.status, known=known)
    used = Objection("AFTERCARE_REFERENCE_USED", "reference", asked.reference)
    return AftercareJudged(asked, affair, objections=(used,))


def _on(found: _Found) -> str:
    if found.entry is AftercareEntry.RETURN:
        return "full_return" if found.is_full else "part_return"
    return TRANSITION_OF[AftercareEntry(str(found.entry))]


# --- what speaks against all of them -----------------------------------------------------------


def _against_words(asked: AftercareAsked) -> Iterator[Objection]:
    yield from against_reason(asked.why)
    yield from against_text(asked.ground or "", "basis", BASIS_LENGTH_MAX)
    reference = asked.reference or ""
    if asked.step in OF_FILERS and not (
        0 < len(reference) <= SHIPMENT_REFERENCE_LENGTH_MAX
        and reference.isprintable()
        and reference == reference.strip()
    ):
        length = f"1–{SHIPMENT_REFERENCE_LENGTH_MAX}"
        yield Objection("AFTERCARE_REFERENCE", "reference", None, length)


def _against_standing(asked: AftercareAsked, affair: Affair, asker: Asker) -> Iterator[Objection]:
    standing, step = affair.standing, asked.step
    is_officer = asker.officer is not None
    if (step in (AftercareStep.RETURN, AftercareStep.REVOKE) and is_officer) or not (
        step in OF_FILERS or is_officer
    ):
        yield Objection("AFTERCARE_NOT_YOURS", "step", str(step))
    elif asked.seen_event not in (None, standing.event_id):
        last = str(standing.event_id)
        yield Objection("DECISION_STALE", "seen_event", last, str(asked.seen_event))
    elif step in (AftercareStep.RETURN, AftercareStep.REVOKE) and affair.is_list:
        message = "CEB 625" if step is AftercareStep.RETURN else "CEB 623"
        yield Objection("AFTERCARE_BY_MESSAGE", "step", str(step), message)
    elif step in (AftercareStep.GRANT, AftercareStep.REFUSE) and affair.application is None:
        yield Objection("APPLICATION_NONE", "declaration", asked.declaration)
    elif step in (AftercareStep.CORRECT, AftercareStep.RETURN) and affair.application is not None:
        yield Objection("APPLICATION_OPEN", "declaration", str(affair.application.event_id))


# --- the steps ---------------------------------------------------------------------------------


def _correct(asked: AftercareAsked, affair: Affair, bench: Bench) -> _Found:
    status, is_officer = affair.standing.status, bench.asker.officer is not None
    is_closed = status == Status.EXAMINATION and not is_officer
    if is_closed or (status, "correction") not in TRANSITIONS:
        allowed = " or ".join(sources("correction"))
        return _refused(Objection("CORRECTION_NOT_OPEN", "declaration", status, allowed))
    changed = _reassessed(affair, asked.stated, bench)
    if changed.objections:
        return _Found(against=changed.objections)
    doubts, is_late = _limits(affair, changed, bench.now)
    if is_officer:
        missing = _without_basis(asked, changed)
        return _Found(AftercareEntry.CORRECTION, changed, doubts, missing)
    waits = status == Status.RELEASED and (changed.gives_back or is_late)
    made = WAITING[AftercareStep.CORRECT] if waits else DONE[AftercareStep.CORRECT]
    return _Found(made, changed, doubts)


def _reassessed(affair: Affair, stated: Stated, bench: Bench) -> Reassessed:
    """What the law says of what is stated, or why it cannot be asked."""
    if affair.is_returned:
        return _cannot(Objection("CORRECTION_RETURNED", "items"))
    if affair.goods is not None:
        goods, against = corrected_list(affair.goods, stated)
        if against:
            return Reassessed(objections=against)
        return of_list(goods, affair.charged, affair.taken, bench.listed)
    if affair.native is None:
        return _cannot(Objection("AFTERCARE_ERASED", "declaration"))
    native, against = corrected_shipment(affair.native, stated)
    if against:
        return Reassessed(objections=against)
    return of_shipment(native, affair.charged, bench.books, legal_day(affair.standing, bench.now))


def _cannot(objection: Objection) -> Reassessed:
    return Reassessed(objections=(objection,))


def _refused(*objections: Objection) -> _Found:
    return _Found(against=objections)


def _limits(affair: Affair, changed: Reassessed, now: datetime) -> tuple[tuple[str, ...], bool]:
    """What the correction rests on, and whether it comes after the time of the law."""
    doubts, is_late = changed.doubts, False
    if affair.released_on is not None and affair.standing.status == Status.RELEASED:
        claim = Claim.REFUND if changed.gives_back else Claim.SUPPLEMENT
        day = legal_day(affair.standing, now)
        limit = time_limit(affair.standing.authority, claim, affair.released_on, day)
        doubts, is_late = (*doubts, *limit.doubts), limit.is_over
    return tuple(dict.fromkeys(doubts)), is_late


def _without_basis(asked: AftercareAsked, changed: Reassessed) -> tuple[Objection, ...]:
    """An officer gives nothing back without naming the act of law that allows it."""
    if changed.gives_back and asked.ground is None:
        return (Objection("AFTERCARE_BASIS_MISSING", "basis"),)
    return ()


def _return(asked: AftercareAsked, affair: Affair, bench: Bench) -> _Found:
    """Goods of a shipment come back: by the law of the regime, or else an officer must grant it."""
    if affair.released_on is None or (affair.standing.status, "part_return") not in TRANSITIONS:
        return _refused(Objection("NOT_RETURNABLE", "declaration", affair.standing.status))
    found = returned(affair, asked.stated)
    if found.against:
        return _refused(*found.against)
    if not affair.is_cbec:
        return _Found(AftercareEntry.RETURN_ASKED)
    day = legal_day(affair.standing, bench.now)
    against, doubts = in_time_to_apply(affair.released_on, day)
    refund = found.refund
    return _Found(
        AftercareEntry.RETURN, refund, doubts, (*against, *refund.objections), found.is_full
    )


def _revoke(_asked: AftercareAsked, affair: Affair, _bench: Bench) -> _Found:
    status = affair.standing.status
    if status not in sources("revocation"):
        return _refused(Objection("NOT_REVOCABLE", "declaration", status))
    return _Found(AftercareEntry.REVOCATION, _taken_off(affair))


def _taken_off(affair: Affair) -> Reassessed:
    """All that is charged on goods that are not released after all, where it is known."""
    return returned(affair, None).refund


def _grant(asked: AftercareAsked, affair: Affair, bench: Bench) -> _Found:
    application = affair.application
    assert application is not None  # noqa: S101 - without one it is refused before
    if application.step is AftercareStep.CORRECT:
        changed = _reassessed(affair, application.stated, bench)
        doubts, _ = _limits(affair, changed, bench.now)
        against = changed.objections or _without_basis(asked, changed)
        return _Found(AftercareEntry.CORRECTION, changed, doubts, against)
    found = returned(affair, application.stated)
    refund = found.refund if asked.ground is not None else NOTHING_CHANGED
    return _Found(
        AftercareEntry.RETURN, refund, (), (*found.against, *refund.objections), found.is_full
    )


def _refuse(_asked: AftercareAsked, affair: Affair, _bench: Bench) -> _Found:
    assert affair.application is not None  # noqa: S101 - without one it is refused before
    return _Found(REFUSED[affair.application.step])


def _goods_back(asked: AftercareAsked, affair: Affair, bench: Bench) -> _Found:
    """Returned goods are where they were supervised; after the days of the law they are not."""
    if not affair.open_returns or affair.released_on is None:
        return _refused(Objection("RETURN_NONE", "declaration", asked.declaration))
    today = legal_day(affair.standing, bench.now)
    day = asked.happened_on or today
    first = min(each.asked_on for each in affair.open_returns)
    if not first <= day <= today:
        span = f"{first} – {today}"
        return _refused(Objection("GOODS_BACK_DAY", "happened_on", str(day), span))
    last, doubts = _last_day(affair)
    if last is not None and day > last:
        return _refused(Objection("GOODS_BACK_TOO_LATE", "happened_on", str(day), str(last)))
    return _Found(AftercareEntry.GOODS_BACK, doubts=doubts)


def _lapse(asked: AftercareAsked, affair: Affair, bench: Bench) -> _Found:
    """Returned goods were not back in time: what was not collected is due after all."""
    if not affair.open_returns:
        return _refused(Objection("RETURN_NONE", "declaration", asked.declaration))
    last, doubts = _last_day(affair)
    if last is None:
        return _refused(Objection("LAPSE_LAW_UNKNOWN", "declaration", asked.declaration))
    today = legal_day(affair.standing, bench.now)
    if today <= last:
        return _refused(Objection("LAPSE_TOO_EARLY", "declaration", str(today), str(last)))
    return _Found(AftercareEntry.RETURN_LAPSED, doubts=doubts)


def _last_day(affair: Affair) -> tuple[date | None, tuple[str, ...]]:
    """The last day on which returned goods may be back; None where no law that is held says it."""
    if not affair.is_cbec or affair.released_on is None:
        return None, ()
    return back_by(affair.released_on, max(each.asked_on for each in affair.open_returns))


_STEPS: Final[Mapping[AftercareStep, Callable[[AftercareAsked, Affair, Bench], _Found]]] = {
    AftercareStep.CORRECT: _correct,
    AftercareStep.RETURN: _return,
    AftercareStep.REVOKE: _revoke,
    AftercareStep.GRANT: _grant,
    AftercareStep.REFUSE: _refuse,
    AftercareStep.GOODS_BACK: _goods_back,
    AftercareStep.LAPSE: _lapse,
}
