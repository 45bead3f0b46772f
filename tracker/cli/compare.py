"""`tracker compare`."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.options import Overwrite, Quiet, Verbose
from tracker.cli.terminal import set_verbosity

app = typer.Typer(add_completion=False)


@app.command(no_args_is_help=True)
def compare(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A video, folder of images, or synth: scene.")],
    roi: Annotated[
        str | None, typer.Option(metavar="X,Y,W,H", help="The target in the first frame: pixels, or percent.")
    ] = None,
    truth: Annotated[
        str | None, typer.Option(metavar="FILE", help="Start from the first row of this file, score against all of it.")
    ] = None,
    trackers: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,NAME", help="Presets, meanshift, camshift, csrt, kcf, mil; all there are if not given."
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="OUT.mp4", help="One video with all boxes.")
    ] = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Run several trackers over one video, side by side: a table, and one video with all boxes."""
    set_verbosity(verbose=verbose, quiet=quiet)
    from tracker.cli.comparing import Comparison, run

    names = None if trackers is None else [name.strip() for name in trackers.split(",") if name.strip()]
    run(Comparison.of(source, roi, truth, names, output, overwrite=overwrite), quiet=quiet)
