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

QUESTION_LENGTH_MAX: Final = 4_000
"""Characters of one message to the help desk, or of one answer."""

QUESTION_BYTES_MAX: Final = 32 << 10
"""Bytes of a form or a request that brings one."""

QUESTIONS_A_MINUTE: Final = 30
"""Messages to the help desk, and looks at a ticket, a minute from one address of the public."""

TICKETS_OPEN_MAX: Final = 10_000
"""Questions of the public that may be open at once: more than people can answer helps nobody."""

TICKET_MESSAGES_MAX: Final = 50
"""Messages of one ticket."""

TICKETS_LISTED_MAX: Final = 100
"""Tickets of one list."""

TICKET_DAYS_KEPT: Final = 90
"""Days after the end of a ticket for which its words can be read."""

ANSWER_HOURS_MAX: Final = 720
"""Hours within which a node may mean to answer a question first."""

SUGGESTIONS_MAX: Final = 5
"""Answers of the help desk that are shown before a question is sent."""

SUGGESTION_WORDS_MAX: Final = 120
"""Words of a question by which they are looked for."""
