"""The pages of `tumen trust`: who is believed, for what, until when, and what it withstands."""

from datetime import date, datetime
from typing import Any

import msgspec
from rich.console import Console

from tumen.cli.law_page import say, table_of
from tumen.trust.bundle import SignedBundle, usable_keys
from tumen.trust.bundle_model import MemberKey, Policy, Role, TrustBundle, seconds

HOW_TO_COLLECT = (
    "Send them the file. Each looks at it with `tumen trust show FILE`, signs it with "
    "`tumen trust sign FILE`, and sends it back; then `tumen trust check FILE --take`."
)
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def print_bundle(console: Console, signed: SignedBundle, now: datetime) -> None:
    """Print a version: its age, its members with their keys, its policies in words."""
    bundle = signed.bundle
    say(console, f"Trust bundle, version {bundle.version}", 0)
    say(console, _age(bundle, now.date()), 0)
    say(console, f"signed by {', '.join(each.name for each in signed.note.signatures)}", 0)
    say(console, f"SHA-256 {bundle.digest}", 0)
    for member in bundle.members:
        table = table_of(f"{member.economy}  {member.name}", "role", "key", "state")
        for key in member.keys:
            table.add_row(key.role, key.key_id, state(key, now))
        console.print(table)
    console.print()
    for policy in bundle.policies:
        say(console, f"{policy.document_type}: {words(policy)}", 0)
    if not bundle.policies:
        say(console, "No policy: nothing says yet how many witnesses are enough.", 0)


def print_fingerprints(console: Console, bundle: TrustBundle) -> None:
    """Print by what others believe this version, to be told by another way than the file."""
    say(console, "\nOthers believe this bundle by the fingerprint of a bundle key:", 0)
    for member, key in bundle.keys(Role.BUNDLE):
        say(console, f"{member.economy}  {key.fingerprint}", 2)
    say(console, "Tell it by another way than the file: on paper, by telephone.", 0)


def _age(bundle: TrustBundle, day: date) -> str:
    issued, left = (day - bundle.issued_on).days, (bundle.expires_on - day).days
    age = "today" if issued == 0 else f"{issued} days ago"
    end = f"expires in {left} days" if left >= 0 else f"EXPIRED {-left} days ago"
    return f"issued {bundle.issued_on} ({age}), {end} ({bundle.expires_on})"


def state(key: MemberKey, now: datetime) -> str:
    """Whether a key counts now, and its times."""
    if key.distrusted_after is not None:
        return f"DISTRUSTED after {key.distrusted_after:%Y-%m-%d %H:%M} UTC"
    if seconds(now) < seconds(key.valid_from):
        return f"from {key.valid_from:%Y-%m-%d %H:%M} UTC"
    if key.valid_until is None:
        return f"since {key.valid_from:%Y-%m-%d}"
    ended = "ended" if seconds(now) >= seconds(key.valid_until) else "until"
    return f"{ended} {key.valid_until:%Y-%m-%d %H:%M} UTC"


def words(policy: Policy) -> str:
    """A policy with its arithmetic, as a person says it.

    >>> words(Policy("any", ("CN", "JP", "KR"), 3, 1))
    '3 of 3 economies (CN JP KR): bears one colluder, since 3 > (3 + 1) / 2; two at most. The \
log’s own economy counts as one. All must be within reach.'
    >>> words(Policy("any", ("CN", "JP", "KR"), 2, 0))
    '2 of 3 economies (CN JP KR): bears no colluder, since 2 > (3 + 0) / 2; none at most. The \
log’s own economy counts as one. One may be out of reach.'
    """
    n, quorum = len(policy.economies), policy.quorum
    bears = f"{_number(policy.f, 'no')} colluder{'s' if policy.f > 1 else ''}"
    most = _number(quorum.colluders_max or 0, "none")
    absent = _number(quorum.absent_max, "none").capitalize()
    reach = f"{absent} may be out of reach." if quorum.absent_max else "All must be within reach."
    return (
        f"{policy.k} of {n} economies ({' '.join(policy.economies)}): bears {bears}, since "
        f"{policy.k} > ({n} + {policy.f}) / 2; {most} at most. The log’s own economy counts as "
        f"one. {reach}"
    )


def _number(count: int, zero: str) -> str:
    return (zero, *NUMBERS)[count] if count <= len(NUMBERS) else str(count)


def as_json(signed: SignedBundle, now: datetime) -> str:
    """A version as JSON, with what follows from it."""
    bundle = signed.bundle
    found: dict[str, Any] = {
        **msgspec.to_builtins(bundle),
        "sha256": bundle.digest,
        "signed_by": [each.name for each in signed.note.signatures],
        "is_expired": now.date() > bundle.expires_on,
        "keys": [
            {
                "economy": member.economy,
                "role": str(key.role),
                "key_id": key.key_id,
                "fingerprint": key.fingerprint,
                "state": state(key, now),
            }
            for member, key in bundle.all_keys()
        ],
    }
    return msgspec.json.encode(found).decode()


def print_waiting(console: Console, previous: TrustBundle, file: str, version: TrustBundle) -> None:
    """Print that a version was written and still needs signatures of others."""
    owners = ", ".join(sorted(set(usable_keys(previous, version).values())))
    say(console, f"Version {version.version} is written to {file}; it is NOT in use yet.", 0)
    say(console, f"More economies must sign it, of: {owners}.", 0)
    say(console, HOW_TO_COLLECT, 0)
