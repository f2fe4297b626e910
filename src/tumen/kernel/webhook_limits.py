"""The limits of webhooks: how many, how large, how long, and how often they are tried again."""

from typing import Final

WEBHOOKS_MAX: Final = 10
"""Webhooks of one organisation."""

WEBHOOK_ADDRESS_LENGTH_MAX: Final = 2_000
"""Characters of the address of a webhook."""

WEBHOOK_EVENTS_MAX: Final = 100
"""Events of one delivery: some 25 kB."""

WEBHOOK_BATCHES_MAX: Final = 20
"""Deliveries of one webhook that follow each other before others have their turn."""

WEBHOOK_SECONDS_MAX: Final = 15
"""Seconds that one delivery may take, from the first byte to the last."""

WEBHOOK_ANSWER_BYTES_MAX: Final = 4 << 10
"""Bytes of an answer's body that are read; they are not kept."""

WEBHOOK_THREADS: Final = 4
"""Deliveries of one worker process under way at once."""

WEBHOOK_PAUSE_SECONDS: Final = 1
"""Seconds between two looks at what is due."""

WEBHOOK_RETRY_SECONDS_MIN: Final = 5
"""Seconds after which a delivery that failed once is tried again."""

WEBHOOK_RETRY_SECONDS_MAX: Final = 6 * 3_600
"""Seconds between two tries at most, whatever the receiver asks for."""

WEBHOOK_RETRY_GROWTH: Final = 4
"""By how much each pause is longer than the one before."""

WEBHOOK_FAILING_SECONDS_MAX: Final = 3 * 86_400
"""Seconds for which every try may fail before the webhook is disabled."""

WEBHOOK_TURNS_SHOWN: Final = 20
"""Last deliveries that are shown of a webhook."""
