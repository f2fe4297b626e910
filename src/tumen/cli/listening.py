"""What a command that serves says once it listens."""

import sys
from collections.abc import Callable

import typer


def saying(*lines: str) -> Callable[[], None]:
    """Says some lines; a file that takes them shows them while it serves."""

    def say() -> None:
        typer.echo("\n".join(lines))
        sys.stdout.flush()

    return say
