"""`tracker select`: a box is dragged on one frame and printed."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.options import Verbose
from tracker.cli.terminal import set_verbosity

app = typer.Typer(add_completion=False)


@app.command(no_args_is_help=True)
def select(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Show this: a video, an image, a camera or stream.")],
    at: Annotated[
        str | None, typer.Option("--at", metavar="WHEN", help="Show this frame: a number, 12.5s or 00:01:02.5.")
    ] = None,
    verbose: Verbose = False,
) -> None:
    """Choose a box on a picture with the mouse and print it as X,Y,W,H, ready for --roi."""
    set_verbosity(verbose=verbose)
    from tracker.errors import SourceError
    from tracker.video.sources import open_source
    from tracker.video.span import parse_position
    from tracker.viewer.select import select_box
    from tracker.viewer.window import Window

    screen = Window(f"tracker: {source}")
    with open_source(source, start=None if at is None else parse_position(at)) as opened:
        frame = next(iter(opened), None)
    if frame is None:
        raise SourceError(f"{source} holds no frame that can be shown: check it with a player")
    x, y, width, height = select_box(frame, screen).rounded()
    typer.echo(f"{x},{y},{width},{height}")
