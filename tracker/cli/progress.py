"""A progress bar on stderr, where someone watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tracker.cli.terminal import someone_watches


@contextmanager
def progress_bar(
    name: str, total: int | None, *, unit: str = "fps", shown: bool = True
) -> Iterator[Callable[[], None]]:
    """Show how far the work has come; yields what is to be called after each piece.

    Args:
        name: what is being worked on.
        total: number of pieces, None where unknown.
        unit: what pieces per second are called.
        shown: False for no bar at all; there is none either where stderr is no terminal.
    """
    if not (shown and someone_watches()):
        yield _nothing
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.0f} {unit}" if task.speed else f"– {unit}", no_wrap=True)

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, speed_estimate_period=3) as progress:
        task = progress.add_task(name, total=total)
        yield lambda: progress.advance(task)


def _nothing() -> None:
    pass
