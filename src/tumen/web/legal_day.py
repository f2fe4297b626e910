"""The legal day where a request names none."""

from datetime import date

from tumen.kernel.clock import Clock
from tumen.window.prepare import CHINA_AHEAD_OF_UTC


def today(clock: Clock) -> date:
    """The day in Beijing; Japan and Korea are an hour ahead of it."""
    return (clock.now() + CHINA_AHEAD_OF_UTC).date()
