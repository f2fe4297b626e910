"""Every maximum of what persons may do here, by name: passes, disputes, questions."""

from typing import Final

PASS_DAYS: Final = 365
"""Days for which a pass of a person is believed; then the person is identified again."""

PASS_COOKIE_SECONDS: Final = 1_800
"""Seconds for which a browser keeps a pass: it may be a machine that others use too."""

PERSON_NUMBER_LENGTH_MAX: Final = 60
"""Characters of a person's number as an officer types it."""

USES_MAX: Final = 500
"""Uses of a person's allowance that one page or answer tells."""

DISPUTES_OPEN_MAX: Final = 50
"""Disputes of one person that may be open at once."""

DISPUTES_LISTED_MAX: Final = 100
"""Disputes of one page for officers."""
