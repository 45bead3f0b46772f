"""`tracker segment`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.options import Overwrite, Quiet, Verbose
from tracker.cli.terminal import set_verbosity

app = typer.Typer(add_completion=False)


@app.command(no_args_is_help=True)
def segment(
    source: Annotated[str, typer.Argument(metavar="IMAGE|VIDEO", help="A picture, a video, or a folder of pictures.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="A picture for a picture, a video for a video.")
    ],
    draw: Annotated[
        str, typer.Option(metavar="NAME", help="outlines, flat (a color a region) or filtered.")
    ] = "outlines",
    labels: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The region of each pixel, .npy; pictures only.")
    ] = None,
    hs: Annotated[int, typer.Option(metavar="PX", help="Half the window in place, 1 to 200.")] = 7,
    hr: Annotated[float, typer.Option(metavar="N", help="Radius in color; L goes from 0 to 100.")] = 6.5,
    min_size: Annotated[int, typer.Option(metavar="PX", help="Smallest region, in pixels.")] = 50,
    color: Annotated[str, typer.Option(metavar="NAME", help="luv, lab or bgr.")] = "luv",
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Cut pictures into regions of like color by mean shift in place and color."""
    set_verbosity(verbose=verbose, quiet=quiet)
    from tracker.cli.segmenting import Segmenting, segment_source

    wanted = Segmenting(hs=hs, hr=hr, min_size=min_size, color=color, draw=draw)
    segment_source(source, output, labels, wanted, overwrite=overwrite, quiet=quiet)
