"""The beginning of every command, and the end of one that fails: errors become exits.

`verify` goes past the application: its library costs more time than verifying a receipt, and
what people are to trust should be as little as can be.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

from tumen.kernel.errors import OutsideError, TumenError, VerificationError

QUICK: Final = {"verify": "tumen.cli.verify"}
"""Commands whose module has a ``run`` that reads the arguments itself."""

EXIT_OUTSIDE: Final = 1
EXIT_USAGE: Final = 2
EXIT_INTERRUPTED: Final = 130
INTERRUPTED: Final = (
    "INTERRUPTED: stopped from the keyboard; what was recorded stays.\n"
    "Run the same command again: it goes on where it stopped."
)


def main() -> None:
    """Run the command line: exit 0 when it ran, 2 for wrong use, 1 when the outside failed.

    An interruption from the keyboard exits with 130.
    """
    try:
        _run(sys.argv[1:])
    except KeyboardInterrupt:
        _end(INTERRUPTED, EXIT_INTERRUPTED)
    except SystemExit as ended:
        if ended.code == EXIT_INTERRUPTED:
            _end(INTERRUPTED, EXIT_INTERRUPTED)
        raise
    except TumenError as error:
        is_outside = isinstance(error, OutsideError | VerificationError)
        _end(
            f"{error.code}: {error}\n{error.next_step}",
            EXIT_OUTSIDE if is_outside else EXIT_USAGE,
        )
    except BrokenPipeError:  # who read us has gone: there is nobody to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_OUTSIDE)
    except OSError as error:
        _end(f"OUTSIDE: {error}\n{OutsideError.next_step}", EXIT_OUTSIDE)


def _run(arguments: Sequence[str]) -> None:
    module = QUICK.get(arguments[0]) if arguments else None
    if module is not None:
        sys.exit(import_module(module).run(arguments[1:]))
    import_module("tumen.cli.app").application()


def _end(told: str, code: int) -> None:
    sys.stderr.write(f"{told}\n")
    sys.exit(code)
