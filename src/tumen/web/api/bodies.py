"""Bodies of requests that are one JSON value, read as the native shipment is."""

import json
from typing import Any

from tumen.law.native.told import KeyTwice, decoded
from tumen.web.problem import Refusal


def json_of(body: bytes) -> Any:
    """The JSON value of a body; a number with a point is kept as its digits.

    Raises:
        Refusal: it is no JSON, or an object has a field twice.
    """
    try:
        value = decoded(body.decode())
        if b"\\u" in body:  # half a character can be written so, and no answer could repeat it
            json.dumps(value, ensure_ascii=False).encode()
        return value
    except KeyTwice as error:
        raise Refusal("REQUEST_INVALID", f"The field {error.name!r} stands twice.") from error
    except (ValueError, RecursionError) as error:
        raise Refusal("REQUEST_INVALID", "The body is no JSON.") from error
