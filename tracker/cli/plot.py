"""`tracker plot`: draws a track as a figure for a paper."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli import completion
from tracker.cli.options import (
    FpsTrue,
    Order,
    Origin,
    Overwrite,
    Place,
    Quiet,
    Scale,
    TableFormat,
    Verbose,
    Window,
    YUp,
)
from tracker.cli.terminal import say_written, set_verbosity

app = typer.Typer(add_completion=False)


@app.command(no_args_is_help=True)
def plot(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="A table of tracks, as track --csv writes it.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="The figure, .png, .svg or .pdf; TABLE.png if not given."),
    ] = None,
    source: Annotated[
        str | None, typer.Option(metavar="CLIP", help="The video; its first frame is drawn beneath the path.")
    ] = None,
    panels: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            autocompletion=completion.panels,
            help="What to draw over time: position, speed, velocity, acceleration, angle, path, size, confidence.",
        ),
    ] = None,
    table_format: TableFormat = None,
    target: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this target, by name or number; may be repeated."),
    ] = None,
    scale: Scale = None,
    origin: Origin = None,
    y_up: YUp = False,
    fps_true: FpsTrue = None,
    window: Window = None,
    order: Order = 3,
    point: Place = "center",
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Draw a track: its path, and position, speed, size and confidence over time.

    Stretches in which the target is OCCLUDED or LOST are shaded. Needs matplotlib (the extra "plot").
    """
    set_verbosity(verbose=verbose, quiet=quiet)
    from tracker.cli.motions import MeasureOptions, read_motions
    from tracker.figures import FIGURE_SUFFIXES, figure_style, save_figure
    from tracker.files import check_output
    from tracker.measure.figure import USUAL_PANELS, parse_panels, track_figure
    from tracker.video.sources import open_source

    path = check_output(
        output or table.with_suffix(".png"),
        overwrite=overwrite,
        source=table,
        inputs=[source] if source else (),
        suffixes=FIGURE_SUFFIXES,
    )
    shown = parse_panels(panels) if panels else USUAL_PANELS
    wanted = MeasureOptions(table_format, scale, origin, y_up, fps_true, window, order, point, tuple(target or ()))
    motions = read_motions(table, wanted)
    image = None
    if source is not None:
        with open_source(source, start=int(min(motion.track.frames[0] for motion in motions))) as frames:
            image = next(iter(frames)).image
    with figure_style("tracker plot"):
        save_figure(track_figure(motions, image=image, panels=shown), path)
    say_written(path, quiet=quiet)
