"""The progress bar of long work, on standard error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tumen.documents.formats.sources import Source
from tumen.window.recording import Outcome


@contextmanager
def shown_progress(sources: list[Source], console: Console) -> Iterator[Callable[[Outcome], None]]:
    """A bar over the sources, with the count of documents; gives what each outcome is told to."""
    progress = Progress(
        TextColumn("clearing"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("files · {task.fields[documents]:,} documents"),
        TimeElapsedColumn(),
        console=console,
        transient=not console.is_terminal,
        disable=console.quiet,
    )
    with progress:
        task = progress.add_task("", total=len(sources), documents=0)
        seen: set[str] = set()
        count = 0

        def advance(outcome: Outcome) -> None:
            nonlocal count
            count += outcome.answers.height
            seen.update(outcome.answers["source"].unique())
            progress.update(task, completed=len(seen), documents=count)

        yield advance
