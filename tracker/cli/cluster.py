"""`tracker cluster`: mean-shift clustering of the points in a file, as text, tables and a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.cli import completion
from tracker.cli.options import Overwrite, Quiet, Verbose
from tracker.cli.terminal import progress_bar, say_written, set_verbosity
from tracker.errors import DataError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tracker.meanshift.clustering import MeanShift

app = typer.Typer(add_completion=False)

_PICTURES = (".png", ".svg", ".pdf")
_ESTIMATED_FROM = 500  # points; more of them cost time and hardly change the estimate of the bandwidth
_MOST_EQUAL = (
    10_000  # points, many of them equal, of which all are taken for the estimate: its time grows with the square
)
_MOST_LISTED = 20  # clusters
_MOST_DRAWN = 20_000  # points; more of them only hide each other
_COLORS = ("#4c78a8", "#f58518", "#54a24b", "#b279a2", "#e45756", "#72b7b2", "#eeca3b", "#9d755d", "#ff9da6")
_ORPHAN = "#bbbbbb"


@app.command(no_args_is_help=True)
def cluster(
    data: Annotated[
        Path,
        typer.Argument(metavar="DATA", help="Read the points from this file: .npy, or text with one point a line."),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write the labels to this file: .csv (with the points) or .npy."
        ),
    ] = None,
    centers: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the centers to this file: .csv or .npy.")
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw the clusters to this file: .png, .svg or .pdf (needs matplotlib)."),
    ] = None,
    bandwidth: Annotated[
        float | None,
        typer.Option(
            metavar="N", help="Set the radius of the ball in units of the data; it is estimated if not given."
        ),
    ] = None,
    quantile: Annotated[
        float, typer.Option(metavar="Q", help="Estimate the bandwidth from this quantile of the distances, 0 to 1.")
    ] = 0.2,
    kernel: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            autocompletion=completion.kernels,
            help="Weight the points by this kernel: flat, epanechnikov or gaussian.",
        ),
    ] = "flat",
    every_point: Annotated[bool, typer.Option("--every-point", help="Start from every point, not from bins.")] = False,
    orphans: Annotated[
        bool, typer.Option("--orphans", help="Label points that are far from every center with -1.")
    ] = False,
    grid: Annotated[
        bool, typer.Option("--grid", help="Approximate: let all points in a cell of a fine grid move as one.")
    ] = False,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Cluster points by mean shift; the number of clusters is found from the data."""
    set_verbosity(verbose=verbose, quiet=quiet)
    from tracker.files import check_distinct, check_output
    from tracker.formats.points import TABLES, read_points, write_centers, write_labels
    from tracker.meanshift.clustering import MeanShift, estimate_bandwidth

    output, centers, plot = (
        path and check_output(path, overwrite=overwrite, source=data, suffixes=suffixes)
        for path, suffixes in ((output, TABLES), (centers, TABLES), (plot, _PICTURES))
    )
    check_distinct(output, centers, plot)
    points = read_points(data)
    if bandwidth is None:
        bandwidth = _bandwidth(points, estimate_bandwidth(points, quantile=quantile, n_samples=_ESTIMATED_FROM))
    with progress_bar(data.name, None, unit="steps/s", shown=not quiet) as advance:
        model = MeanShift(
            bandwidth=bandwidth,
            kernel=kernel,
            bin_seeding=not every_point,
            cluster_all=not orphans,
            mode="grid" if grid else "exact",
            progress=lambda _: advance(),
        ).fit(points)
    _print_clusters(model)
    if output:
        write_labels(output, points, model.labels_)
    if centers:
        write_centers(centers, model.cluster_centers_, model.cluster_masses_)
    if plot:
        _draw_clusters(plot, points, model)
    say_written(output, centers, plot, quiet=quiet)


def _bandwidth(points: NDArray[Any], estimate: float) -> float | None:
    """Return an estimated bandwidth; None where that is 0 and `MeanShift` finds a better one in little time.

    Raises:
        DataError: it is 0, as many points are equal, and they are too many.
    """
    if estimate > 0:
        return estimate
    if len(points) > _MOST_EQUAL:
        raise DataError("so many points are equal that their distances give no bandwidth: give --bandwidth")
    return None


def _print_clusters(model: MeanShift) -> None:
    centers = model.cluster_centers_
    typer.echo(f"bandwidth: {model.bandwidth_:.6g}")
    typer.echo(f"number of estimated clusters: {len(centers)}{' (approximate)' if model.approximate_ else ''}")
    for label, center in enumerate(centers[:_MOST_LISTED]):
        size = int((model.labels_ == label).sum())
        typer.echo(f"{label:4}  {size:9} points  at {' '.join(f'{value:.6g}' for value in center)}")
    if len(centers) > _MOST_LISTED:
        typer.echo(f"      and {len(centers) - _MOST_LISTED} more")
    if (orphans := int((model.labels_ < 0).sum())) > 0:
        typer.echo(f"  -1  {orphans:9} orphans")


def _draw_clusters(path: Path, points: NDArray[np.float64], model: MeanShift) -> None:
    """Draw the first two coordinates of the points, one color per cluster, and the centers.

    Points on a line are drawn over their index. Of many points a random part is drawn.

    Raises:
        ConfigError: matplotlib is not installed.
        OutputError: the file cannot be written.
    """
    import numpy as np

    from tracker.errors import ConfigError, OutputError
    from tracker.files import reason

    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ConfigError("--plot needs matplotlib: pip install 'meanshift-tracker[plot]'") from error
    figure = Figure(figsize=(7, 6), dpi=120, layout="constrained")
    axes = figure.subplots()
    drawn = np.random.default_rng(0).permutation(len(points))[:_MOST_DRAWN]
    labels, centers = model.labels_[drawn], model.cluster_centers_
    flat = points.shape[1] == 1
    across, up = (drawn, points[drawn, 0]) if flat else (points[drawn, 0], points[drawn, 1])
    colors = np.array([*_COLORS, _ORPHAN])[np.where(labels < 0, len(_COLORS), labels % len(_COLORS))]
    axes.scatter(across, up, s=max(2.0, min(16.0, 30_000 / len(drawn))), c=colors, linewidths=0, alpha=0.7)
    places = [(len(points) / 2, center[0]) if flat else (center[0], center[1]) for center in centers]
    for label, place in enumerate(places):
        axes.plot(*place, "o", markerfacecolor=_COLORS[label % len(_COLORS)], markeredgecolor="black", markersize=12)
    axes.set_title(f"Estimated number of clusters: {len(centers)}")
    axes.set_xlabel("index" if flat else "x0")
    axes.set_ylabel("x0" if flat else "x1")
    axes.spines[["top", "right"]].set_visible(False)
    if not flat:
        axes.set_aspect("equal", adjustable="datalim")
    try:
        figure.savefig(path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {reason(error)}; choose another place") from error
