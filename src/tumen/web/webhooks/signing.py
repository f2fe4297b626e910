"""The signature of a delivery: Standard Webhooks 1.0.0, symmetric (``v1``, HMAC-SHA256).

What is signed is ``{webhook-id}.{webhook-timestamp}.{body}``, byte for byte as it is sent.
"""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Final

PREFIX: Final = "whsec_"


def shown(secret: bytes) -> str:
    """A secret as its owner gets it."""
    return PREFIX + base64.b64encode(secret).decode()


def signature(secret: bytes, message: str, timestamp: int, body: bytes) -> str:
    """The one signature of a delivery."""
    signed = f"{message}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()


def headers(secret: bytes, message: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of a try: the id stays when it is tried again, the time does not."""
    timestamp = int(at.timestamp())
    return {
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, message, timestamp, body),
    }
