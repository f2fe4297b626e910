"""The limits of access: keys, passwords, sessions, and how often one may ask."""

import re
from typing import Final

MARK_LENGTH_MAX: Final = 40
"""Characters of the mark of an organisation, and of a login."""

MARK: Final = re.compile(rf"[a-z0-9](?:[a-z0-9._-]{{0,{MARK_LENGTH_MAX - 2}}}[a-z0-9])?")
"""What such a mark looks like."""

NAME_LENGTH_MAX: Final = 200
"""Characters of the name of an organisation, and of the label of a key."""

KEYS_IN_FORCE_MAX: Final = 50
"""Keys that one organisation may have in force."""

KEY_DAYS_DEFAULT: Final = 180
"""Days for which a key is in force where nothing else is said."""

KEY_DAYS_MAX: Final = 366
"""Days for which a key may be in force: what is never renewed is never looked at."""

KEY_OVERLAP_DAYS_MAX: Final = 30
"""Days for which a key that was rotated may live on beside the new one."""

PASSWORD_LENGTH_MIN: Final = 12
"""Characters of a password."""

PASSWORD_BYTES_MAX: Final = 1_024
"""Bytes of a password that is given to be hashed."""

SESSION_HOURS_MAX: Final = 12
"""Hours after which who signed in signs in again."""

SIGN_IN_FAILURES_MAX: Final = 10
"""Failures to sign in as one login from one address within the window; then it waits there, right
password or not."""

SIGN_IN_FAILURES_ANYWHERE_MAX: Final = 100
"""Failures to sign in as one login from everywhere within the window; then it waits wherever it was
not signed in to before."""

SIGN_IN_WINDOW_SECONDS: Final = 900
"""Seconds of that window."""

TOTP_STEPS_APART_MAX: Final = 1
"""Steps of 30 seconds by which a code may be early or late."""

CALLER_REMEMBERED_SECONDS: Final = 5
"""Seconds for which a process remembers whose a key or session is: so long one that was ended may
still be let in."""

CALLERS_REMEMBERED_MAX: Final = 10_000
"""Keys and sessions that a process remembers."""

REQUESTS_A_MINUTE_PUBLIC: Final = 6_000
"""Requests a minute that one address of the public may make of one process."""

REQUESTS_A_MINUTE_KNOWN: Final = 600_000
"""Requests a minute that one organisation may make of one process."""

SIGN_INS_A_MINUTE: Final = 30
"""Tries to sign in a minute from one address, of one process."""

WRONG_SECRETS_A_MINUTE: Final = 600
"""Keys and tokens a minute from one address that turn out to be none, before it waits."""

IDENTITY_SECONDS_MAX: Final = 10
"""Seconds that an issuer of identities may take for one answer."""

IDENTITY_ANSWER_BYTES_MAX: Final = 256 << 10
"""Bytes of an answer of an issuer of identities."""

IDENTITY_WAIT_SECONDS_MAX: Final = 600
"""Seconds within which somebody comes back from an issuer of identities."""

SIGN_IN_BYTES_MAX: Final = 4 << 10
"""Bytes of a form or a request by which somebody signs in or asks for a key."""

EXPORT_THREADS: Final = 2
"""Exports of organisations' own data that are written at once, each with a connection."""

EXPORTS_WAITING_MAX: Final = 8
"""Exports that may wait for one of those threads."""

EXPORTS_BY_SENDER_MAX: Final = 1
"""Exports that one organisation may have under way in one process."""

EXPORT_PIECE_BYTES: Final = 64 << 10
"""Bytes of an export that are handed on at once."""

EXPORT_PIECES_MAX: Final = 8
"""Pieces of an export that wait for who reads it."""

EXPORT_SLOW_SECONDS: Final = 60
"""Seconds within which the next piece is taken; an export that nobody reads is given up."""

ASKERS_COUNTED_MAX: Final = 50_000
"""Callers whose requests a process counts; the one that was quiet longest is forgotten first."""
