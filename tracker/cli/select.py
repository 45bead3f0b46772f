"""`tracker select`: a box is dragged on one frame and printed, or the frame is written with a grid."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import Overwrite, Verbose
from tracker.cli.terminal import say_written, set_verbosity

if TYPE_CHECKING:
    from tracker.video.base import Frame

app = typer.Typer(add_completion=False)


@app.command(no_args_is_help=True)
def select(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Show this: a video, an image, a camera or stream.")],
    at: Annotated[
        str | None, typer.Option("--at", metavar="WHEN", help="Show this frame: a number, 12.5s or 00:01:02.5.")
    ] = None,
    grid: Annotated[
        Path | None,
        typer.Option(
            "--grid", metavar="FILE.png", help="Open no window; write the picture with a grid, to read the box off."
        ),
    ] = None,
    overwrite: Overwrite = False,
    verbose: Verbose = False,
) -> None:
    """Choose a box on a picture with the mouse and print it as X,Y,W,H, ready for --roi."""
    set_verbosity(verbose=verbose)
    from tracker.files import check_output
    from tracker.output.image_files import IMAGE_SUFFIXES, write_picture

    if grid is not None:
        from tracker.drawing.grid import with_grid

        place = check_output(grid, overwrite=overwrite, source=source, suffixes=IMAGE_SUFFIXES)
        write_picture(place, with_grid(_frame(source, at).image))
        say_written(place, quiet=False)
        return
    from tracker.errors import DisplayError
    from tracker.viewer.select import select_box
    from tracker.viewer.window import Window

    try:
        screen = Window(f"tracker: {source}")
    except DisplayError as error:
        why = str(error).partition(": ")[0]
        raise DisplayError(f"{why}: --grid grid.png writes the picture with a grid, to read the box off") from error
    x, y, width, height = select_box(_frame(source, at), screen).rounded()
    typer.echo(f"{x},{y},{width},{height}")


def _frame(source: str, at: str | None) -> Frame:
    """Return the frame that a box is chosen on.

    Raises:
        SourceError: there is none.
    """
    from tracker.errors import SourceError
    from tracker.video.sources import open_source
    from tracker.video.span import parse_position

    with open_source(source, start=None if at is None else parse_position(at)) as opened:
        frame = next(iter(opened), None)
    if frame is None:
        raise SourceError(f"{source} holds no frame that can be shown: check it with a player")
    return frame
