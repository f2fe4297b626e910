"""What the command line of `tumen verify` may say, read without a library for command lines.

The one that the other commands use costs more time than verifying a receipt does, and whoever
reads the verifier would have to trust it too.
"""

import getopt
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tumen.kernel.errors import UsageError
from tumen.kernel.limits import STATUS_AGE_DAYS_MAX

USAGE: Final = "Usage: tumen verify [OPTIONS] FILE..."
HELP: Final = f"""\
{USAGE}

  Verify receipts and credentials offline: say what is proven and what is not.

  Exits with 0 only when every one is valid.

Arguments:
  FILE...  Receipts and credentials with their proofs: receipts.ndjson, *.xml,
           *.vc, proofs.ndjson, *.tlog-proof, or a folder of them. A proof
           that is not named is looked for beside its receipt.  [required]

Options:
  --trust FILE           The trust bundle that says who is believed.
                         [env var: TUMEN_TRUST]
  --status FILE          A status list of a credential's issuer; may be given
                         several times.
  --max-status-age DAYS  Days until a status list is old.  [default: {STATUS_AGE_DAYS_MAX}]
  --json                 The same as one JSON object.
  --help                 Show this message and exit."""

NAMES: Final = ("trust=", "status=", "max-status-age=", "json", "help")
"""Every option; one that ends with "=" takes a value."""


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for.

    Attributes:
        files: receipts, credentials and proofs, or folders of them.
        trust: the trust bundle.
        statuses: status lists of issuers.
        status_age_days_max: until a status list is old.
        is_json: whether to answer as one JSON object.
        is_help: whether only to say what there is.
    """

    files: tuple[Path, ...]
    trust: Path | None
    statuses: tuple[Path, ...]
    status_age_days_max: int
    is_json: bool
    is_help: bool


def read_options(arguments: Sequence[str]) -> Options:
    """What the arguments say, options before, between or behind the files.

    Raises:
        UsageError: there is no such option, a value is missing or wrong, or no file is named.
    """
    try:
        pairs, files = getopt.gnu_getopt([*arguments], "", NAMES)
    except getopt.GetoptError as error:
        raise UsageError(f"{error}.", next_step="See `tumen verify --help`.") from error
    said = dict(pairs)
    if not files and "--help" not in said:
        raise UsageError("No file is named.", next_step=USAGE)
    trust = said.get("--trust") or os.environ.get("TUMEN_TRUST")
    return Options(
        files=tuple(map(Path, files)),
        trust=Path(trust) if trust else None,
        statuses=tuple(Path(value) for name, value in pairs if name == "--status"),
        status_age_days_max=_days(said.get("--max-status-age", str(STATUS_AGE_DAYS_MAX))),
        is_json="--json" in said,
        is_help="--help" in said,
    )


def _days(text: str) -> int:
    try:
        days = int(text)
    except ValueError:
        days = -1
    if days < 0:
        raise UsageError(
            f"--max-status-age is a number of days, not {text!r}.",
            next_step="Write whole days, such as --max-status-age 7.",
        )
    return days
