"""The progress bar of long work, on standard error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tumen.documents.formats.sources import Source
from tumen.window.recording import Outcome


@contextmanager
def shown_progress(sources: list[Source], console: Console) -> Iterator[Callable[[Outcome], None]]:
    """A bar over the sources, with the count of documents; gives what each outcome is told to.

    A source counts once a later one is met, for a batch may hold only a part of it, and a small
    batch many.
    """
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
        places = {source.name: place for place, source in enumerate(sources)}
        passed = count = 0

        def advance(outcome: Outcome) -> None:
            nonlocal passed, count
            count += outcome.answers.height
            met = (places.get(name, 0) for name in outcome.answers["source"].unique())
            passed = max(passed, *met, 0)
            progress.update(task, completed=passed, documents=count)

        yield advance
        progress.update(task, completed=len(sources))
