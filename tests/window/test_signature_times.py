"""The times of a message are those that intake reads, whatever stands between their digits."""

from datetime import UTC, datetime

import pytest

from tumen.trust.xmldsig import canonical
from tumen.window.signatures import times_of

MESSAGE = '<m xmlns="http://www.chinaport.gov.cn/ceb"><appTime>{}</appTime></m>'


@pytest.mark.parametrize(
    "text", ["20261124080000", "2026<!-- no -->1124080000", "2026<?no?>1124080000"]
)
def test_an_unsigned_comment_hides_no_time(text: str) -> None:
    root = canonical.parse(MESSAGE.format(text).encode())
    assert times_of(root) == [datetime(2026, 11, 24, tzinfo=UTC)]
