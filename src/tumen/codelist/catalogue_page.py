"""The catalogue of violations as a page of the documentation: docs/violations.md."""

from typing import Final

from tumen.codelist.violations import GENERAL_CEB_CODE, Layer, Violation, all_violations

TITLES: Final = {
    Layer.FORMAT: "Format: the document cannot be read as what it claims to be",
    Layer.BUSINESS: "Business: a single document contradicts itself or the code lists",
    Layer.STORE: "Store: the document does not fit those recorded before",
    Layer.MATCH: "Match: declaration, order, payment and waybill differ",
    Layer.LAW: "Law: what the law says of a matched declaration",
    Layer.SCREEN: "Screen: why goods wait for a person",
    Layer.CERTIFICATE: "Certificate: what a certificate of origin must fulfil",
    Layer.DECISION: "Decision: what speaks against an officer's act, and what is told of one",
}

OPENING: Final = """\
# Violations

<!-- Made by `python tools/build_codelists.py --page` from the catalogue; do not edit. -->

Every violation has a stable code, the field it concerns, the value that stood there (never a
personal one) and what would have been right. A *warning* is told and refuses nothing. The last
column names the codes of the official CEB table that a receipt prints. Where it is empty, a
receipt prints the general code of the document's kind in the layers format, business and store
({general}), and status 100 in the others.
"""


def _ceb(entry: Violation) -> str:
    return "<br>".join(f"{kind} {code}" for kind, code in entry.ceb.items())


def _line(entry: Violation) -> str:
    name = f"`{entry.code}`" + (" (warning)" if entry.severity == "warning" else "")
    cells = (name, entry.message, entry.fix, _ceb(entry))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def page() -> str:
    """The whole page as Markdown."""
    general = ", ".join(f"{kind} {code}" for kind, code in GENERAL_CEB_CODE.items())
    parts = [OPENING.format(general=general)]
    for layer, title in TITLES.items():
        lines = [_line(entry) for entry in all_violations() if entry.layer is layer]
        if lines:
            head = "| code | what is wrong | what mends it | CEB |\n|---|---|---|---|"
            parts.append(f"\n## {title}\n\n{head}\n" + "\n".join(lines) + "\n")
    return "".join(parts)
