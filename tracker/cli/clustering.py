"""The work of `tracker cluster`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import typer

from tracker.cli.cluster_plot import PICTURES, plot_clusters
from tracker.cli.points import TABLES, read_points, write_centers, write_labels
from tracker.cli.terminal import progress_bar
from tracker.files import check_output
from tracker.meanshift.clustering import MeanShift, estimate_bandwidth

_DRAWN = 500  # points for the estimate of the bandwidth; more take time without making it better
_MOST_SHOWN = 20  # clusters


@dataclass(frozen=True, slots=True)
class Clustering:
    """What was asked for; see the options of `tracker cluster`."""

    bandwidth: float | None
    quantile: float
    kernel: str
    every_point: bool
    orphans: bool
    grid: bool
    labels: Path | None
    centers: Path | None
    plot: Path | None

    def model(self, bandwidth: float, progress: Callable[[object], None]) -> MeanShift:
        """Return the estimator for it."""
        return MeanShift(
            bandwidth=bandwidth,
            kernel=self.kernel,
            bin_seeding=not self.every_point,
            cluster_all=not self.orphans,
            mode="grid" if self.grid else "exact",
            progress=progress,
        )


def cluster_file(data: Path, wanted: Clustering, *, overwrite: bool, quiet: bool) -> None:
    """Cluster the points of a file, say what was found, and write what was asked for.

    Raises:
        TrackerError: settings, points or outputs are not possible.
    """
    labels, centers, plot = (
        path and check_output(path, overwrite=overwrite, source=data, suffixes=suffixes)
        for path, suffixes in ((wanted.labels, TABLES), (wanted.centers, TABLES), (wanted.plot, PICTURES))
    )
    points = read_points(data)
    bandwidth = wanted.bandwidth
    if bandwidth is None:
        bandwidth = estimate_bandwidth(points, quantile=wanted.quantile, n_samples=_DRAWN)
    with progress_bar(data.name, None, unit="steps/s", shown=not quiet) as advance:
        model = wanted.model(bandwidth, lambda _: advance()).fit(points)
    _say(model)
    if labels:
        write_labels(labels, points, model.labels_)
    if centers:
        write_centers(centers, model.cluster_centers_, model.cluster_masses_)
    if plot:
        plot_clusters(plot, points, model)


def _say(model: MeanShift) -> None:
    centers = model.cluster_centers_
    typer.echo(f"bandwidth: {model.bandwidth_:.6g}")
    typer.echo(f"number of estimated clusters: {len(centers)}{' (approximate)' if model.approximate_ else ''}")
    for label, center in enumerate(centers[:_MOST_SHOWN]):
        size = int((model.labels_ == label).sum())
        typer.echo(f"{label:4}  {size:9} points  at {' '.join(f'{value:.6g}' for value in center)}")
    if len(centers) > _MOST_SHOWN:
        typer.echo(f"      and {len(centers) - _MOST_SHOWN} more")
    if (orphans := int((model.labels_ < 0).sum())) > 0:
        typer.echo(f"  -1  {orphans:9} orphans")
