"""Every maximum of the service, by name; those of what it serves are in ``limits.py``."""

from typing import Final

POOL_THREADS: Final = 4
"""Threads, each with a connection, of one pool of a worker process."""

POOL_WAITING_MAX: Final = 256
"""Requests that may wait for a thread of a pool; the next one is refused with Retry-After."""

READING_SECONDS_MAX: Final = 20
"""Seconds for which one statement of who only reads may take the database."""

SURVEY_THREADS: Final = 2
"""Questions about the whole node that are asked at once."""

VERIFYING_THREADS: Final = 2
"""Files of strangers that are verified at once."""

REQUEST_BYTES_MAX: Final = 1 << 20
"""Bytes of a request's body where its route names no other limit."""

SUBMISSION_DOCUMENTS_MAX: Final = 10_000
"""Documents of one submission."""

SUBMISSION_REQUEST_BYTES_MAX: Final = 32 << 20
"""Bytes of a submission as it comes over the wire."""

SUBMISSION_BYTES_MAX: Final = 64 << 20
"""Bytes of a submission once it is decompressed."""

SUBMISSION_LOST_SECONDS: Final = 900
"""After so long a submission that is answered later and has no end was lost with its process."""

GROUP_DOCUMENTS_MAX: Final = 2_048
"""Documents of several submissions that go down the road together; a larger one goes alone."""

AHEAD_DOCUMENTS_MIN: Final = 512
"""Documents of a group from which the next one goes while it is under way."""

GROUP_RETURN_MICROSECONDS: Final = 600
"""How long a group waits for each of those who were just answered and may ask again: about what
the loop takes for an answer and the next request."""

GROUP_WAIT_MILLISECONDS_MAX: Final = 40
"""How long it waits in all; a batch of some takes longer."""

LINES_WRITTEN_MILLISECONDS: Final = 50
"""How often the lines that tell of requests are written: one by one they would hold up answers."""

LODGED_WAITING_MAX: Final = 50_000
"""Documents that may wait for the road in one worker process; more is refused, not lost."""

LODGED_BYTES_WAITING_MAX: Final = 256 << 20
"""Bytes that may wait for the road in one worker process."""

LODGED_BY_SENDER_MAX: Final = 20_000
"""Documents of one sender that may wait: one who floods the service fills only its own share."""

LODGED_BYTES_BY_SENDER_MAX: Final = SUBMISSION_BYTES_MAX
"""Bytes of one sender that may wait: one submission of the largest, so that others have room."""

REFERENCE_SECONDS_MAX: Final = 300
"""How long what documents are judged by may be kept before it is asked for again."""

HEADER_BYTES_MAX: Final = 64 << 10
"""Bytes of the head of a request."""

HEADER_SECONDS_MAX: Final = 15
"""How long the head of a request may take to arrive."""

CONNECTIONS_WAITING_MAX: Final = 1_024
"""Connections that may wait to be taken by a worker process."""

BODY_SECONDS_MAX: Final = 60
"""How long the body of a request may take to arrive."""

READ_IN_LINE_BYTES_MAX: Final = 64 << 10
"""Bytes of a submission up to which it is read by the loop itself: a thread would cost more."""

PRECHECK_DOCUMENTS_MAX: Final = 100
"""Documents of one request whose match is foreseen: it holds up what is lodged meanwhile."""

PRECHECK_THREADS: Final = 2
"""Prechecks that may wait for the sequencer at once, each with a connection."""

PRECHECKS_WAITING_MAX: Final = 16
"""Prechecks that may wait for one of those threads."""

PRECHECKS_BY_SENDER_MAX: Final = 2
"""Prechecks of one sender under way."""

QUOTES_PER_REQUEST_MAX: Final = 1_000
"""Shipments of one request for quotes."""

QUOTES_WAITING_MAX: Final = 4_000
"""Shipments that may wait for a quote in one worker process."""

QUOTES_REMEMBERED_BYTES_MAX: Final = 32 << 20
"""Bytes of answers to quotes that a worker process remembers, for who asks the very same again."""

QUOTE_REMEMBERED_BYTES_MAX: Final = 64 << 10
"""Bytes of one of them; longer ones are computed anew."""

QUOTING_PROCESSES: Final = 1
"""Processes that quote beside one worker process of the service."""

ROAD_PROCESSES: Final = 2
"""Processes that go the road beside one worker process: one prepares while the other records."""
