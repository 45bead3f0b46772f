"""`tracker cluster`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.options import Overwrite, Quiet, Verbose
from tracker.cli.terminal import set_verbosity

app = typer.Typer(add_completion=False)


@app.command(no_args_is_help=True)
def cluster(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="Points: .npy, or text with one point a line.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Labels: .csv (with the points) or .npy.")
    ] = None,
    centers: Annotated[Path | None, typer.Option(metavar="FILE", help="Centres: .csv or .npy.")] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A picture, .png, .svg or .pdf (needs matplotlib).")
    ] = None,
    bandwidth: Annotated[
        float | None,
        typer.Option(metavar="N", help="Radius of the ball, in units of the data; estimated if not given."),
    ] = None,
    quantile: Annotated[float, typer.Option(metavar="Q", help="Of the distances, for the estimate, 0 to 1.")] = 0.2,
    kernel: Annotated[str, typer.Option(metavar="NAME", help="flat, epanechnikov or gaussian.")] = "flat",
    every_point: Annotated[bool, typer.Option("--every-point", help="Start from every point, not from bins.")] = False,
    orphans: Annotated[bool, typer.Option("--orphans", help="Label what is far from every centre -1.")] = False,
    grid: Annotated[
        bool, typer.Option("--grid", help="Approximate: let the points of a fine grid's cell go as one.")
    ] = (False),
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Cluster points by mean shift: the number of clusters is found, not asked for."""
    set_verbosity(verbose=verbose, quiet=quiet)
    from tracker.cli.clustering import Clustering, cluster_file

    wanted = Clustering(
        bandwidth=bandwidth,
        quantile=quantile,
        kernel=kernel,
        every_point=every_point,
        orphans=orphans,
        grid=grid,
        labels=output,
        centers=centers,
        plot=plot,
    )
    cluster_file(data, wanted, overwrite=overwrite, quiet=quiet)
