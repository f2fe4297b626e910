"""Diagnosis: of which other form of a message a digest or a signature is that does not fit.

Filers fail here most: what they signed is nearly the canonical form. If one of the usual other
forms fits, it can be named, and with it what is to be changed. Nothing is accepted for it.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from lxml import etree

from tumen.kernel.limits import MESSAGE_DIAGNOSED_BYTES_MAX
from tumen.trust.xmldsig import canonical
from tumen.trust.xmldsig.canonical import DS

_DECLARATION: Final = re.compile(rb"^\s*<\?xml[^>]*\?>\s*")
_RETURN: Final = b"&#xD;"
_WIDE: Final = {
    None: "http://www.chinaport.gov.cn/ceb",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}


def form_digested(
    root: Any, message: bytes, digest: Callable[[bytes], bytes], stated: bytes
) -> str:
    """The name of the form of which a stated digest is; empty where it is of none known."""
    if len(message) > MESSAGE_DIAGNOSED_BYTES_MAX:
        return ""
    forms = _forms_of_message(root, message)
    return next((name for name, form in forms if digest(form) == stated), "")


def form_signed(root: Any, message: bytes, is_over: Callable[[bytes], bool]) -> str:
    """The name of the form over which a signature is; empty where it is over none known."""
    if len(message) > MESSAGE_DIAGNOSED_BYTES_MAX:
        return ""
    return next((name for name, form in _forms_of_info(root, message) if is_over(form)), "")


def _forms_of_message(root: Any, message: bytes) -> Iterator[tuple[str, bytes]]:
    whole = canonical.message_bytes(root)
    yield from _line_ends(whole)
    last = whole.rfind(b"</")
    yield "no_last_space", whole[:last].rstrip() + whole[last:]
    yield "comments_kept", canonical.message_bytes(root, comments=True)
    yield "exclusive", canonical.message_bytes(root, exclusive=True)
    yield "signature_left_in", canonical.canonical(root)
    compact = canonical.canonical(_compact(canonical.unsigned(root)))
    yield "no_space_between", compact
    begin, end = _written(message, b"Signature")
    cut = message[:begin] + message[end:]
    bare = _DECLARATION.sub(b"", cut)
    yield "as_written", cut
    yield "as_written", bare
    yield "as_written", bare.rstrip()
    yield "as_written", message


def _forms_of_info(root: Any, message: bytes) -> Iterator[tuple[str, bytes]]:
    info = canonical.signature_of(root).find(f"{DS}SignedInfo")
    whole = canonical.part_bytes(info)
    yield from _line_ends(whole)
    yield "own_namespaces_only", canonical.part_bytes(info, exclusive=True)
    yield "other_namespaces", canonical.part_bytes(_under(info))
    yield "no_space_between", canonical.canonical(_compact(_alone(info)))
    begin, end = _written(message, b"SignedInfo")
    yield "as_written", message[begin:end]
    yield "message_itself", canonical.message_bytes(root)


def _written(message: bytes, name: bytes) -> tuple[int, int]:
    """Where the last element of a name begins and ends in the text; at its end if nowhere.

    It is looked for from the end, once: a pattern over a hostile message could take hours.
    """
    closed = message.rfind(name + b">")
    opened = message.rfind(b"</", 0, closed)
    tag = b"<" + message[opened + 2 : closed] + name
    begin = max(message.rfind(tag + mark, 0, opened) for mark in (b" ", b">", b"\n", b"\t", b"\r"))
    if min(closed, opened, begin) < 0:
        return len(message), len(message)
    return begin, closed + len(name) + 1


def _line_ends(form: bytes) -> Iterator[tuple[str, bytes]]:
    """A parser reads every line end as LF: a form with another was not made by parsing."""
    yield "line_ends", form.replace(b"\n", b"\r\n")
    yield "line_ends", form.replace(b"\n", _RETURN + b"\n")
    yield "line_ends", form.replace(_RETURN, b"")


def _alone(info: Any) -> Any:
    return etree.fromstring(canonical.part_bytes(info))


def _under(info: Any) -> Any:
    """``SignedInfo`` below an element with the namespaces that signing programs like to write."""
    prefixes = {prefix or "ceb": address for prefix, address in _WIDE.items()}
    holder = etree.Element("holder", nsmap=prefixes)
    holder.append(_alone(info))
    return holder[0]


def _compact(root: Any) -> Any:
    """A tree without texts that are white space alone."""
    for node in root.iter():
        if len(node) and node.text is not None and not node.text.strip():
            node.text = None
        if node is not root and node.tail is not None and not node.tail.strip():
            node.tail = None
    return root
