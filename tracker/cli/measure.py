"""`tracker measure`: turns a track into position, velocity, acceleration and path in units of length."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
from tracker.cli.terminal import counted, say_written, set_verbosity

if TYPE_CHECKING:
    from tracker.measure import Motion

app = typer.Typer(add_completion=False)


@app.command(no_args_is_help=True)
def measure(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="A table of a track, as track --csv writes it.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE|-", help="Write one CSV row a frame; - is stdout."),
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
    """Turn a track into position, velocity, acceleration, path length and angle, in units of length.

    Derivatives are those of a polynomial fitted to a window of frames (Savitzky-Golay); frames in which the target is
    not TRACKING are gaps.
    """
    set_verbosity(verbose=verbose, quiet=quiet)
    from tracker.cli.motions import MeasureOptions, read_motions
    from tracker.files import STDOUT, check_output
    from tracker.measure.table import motion_csv, write_motion

    to_stdout = output is not None and str(output) == STDOUT
    path = check_output(output, overwrite=overwrite, source=table) if output and not to_stdout else None
    wanted = MeasureOptions(table_format, scale, origin, y_up, fps_true, window, order, point, tuple(target or ()))
    motions = read_motions(table, wanted)
    if to_stdout:
        typer.echo(motion_csv(motions), nl=False)
    if path:
        write_motion(motions, path)
    if not quiet:
        for motion in motions:
            typer.echo("\n".join(_lines(motion)), err=to_stdout)
    say_written(path, quiet=quiet)


def _lines(motion: Motion) -> list[str]:
    from tracker.measure import summarize

    summary, unit, smoothing = summarize(motion), motion.calibration.unit, motion.smoothing
    lines = [
        f"{motion.track.name}: {counted(summary.frames, 'frame')}, seen in {summary.seen:.1%}, {summary.seconds:.3f} s",
        f"  path          {summary.path:.4g} {unit}, from end to end {summary.displacement:.4g} {unit}",
        f"  speed         mean {summary.mean_speed:.4g} {unit}/s, top {summary.top_speed:.4g} {unit}/s",
    ]
    if summary.constant_acceleration is not None and summary.scatter is not None:
        x, y, error = summary.constant_acceleration
        lines.append(
            f"  acceleration  ({x:.4g}, {y:.4g}) ± {error:.2g} {unit}/s², if constant: the places scatter by "
            f"{summary.scatter:.2g} {unit} about a parabola"
        )
    if summary.period is not None:
        lines.append(f"  period        {summary.period:.4g} s")
    lines.append(f"  derivatives   Savitzky-Golay, window {smoothing.window} frames, degree {smoothing.order}")
    return lines
