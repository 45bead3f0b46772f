"""`tracker demo`: a target of a bundled clip is followed and scored against the clip's exact truth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import Config, Overrides, Quiet, Verbose
from tracker.cli.terminal import set_verbosity
from tracker.errors import OutputError

if TYPE_CHECKING:
    from tracker.config.settings import TrackerConfig

app = typer.Typer(add_completion=False)

_CLIP = "juggle"


@app.command()
def demo(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Write the results to this folder; it is made if missing.")
    ] = Path("out/demo"),
    config: Config = None,
    overrides: Overrides = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Follow the target of a bundled clip, and print how well and how fast."""
    set_verbosity(verbose=verbose, quiet=quiet)
    from tracker.config.reader import load_config

    for label, value in _follow_clip(out, load_config(config, overrides or ()), quiet=quiet):
        typer.echo(f"{label:<16} {value}")


def _follow_clip(folder: Path, config: TrackerConfig, *, quiet: bool) -> list[tuple[str, str]]:
    """Follow the target with all outputs in `folder`; return the findings as (label, value).

    Raises:
        OutputError: the folder cannot be made, or a file in it cannot be written.
    """
    from statistics import fmean, median

    from tracker.cli.run import TrackJob, follow, outputs_of
    from tracker.evaluation.meter import TruthMeter
    from tracker.evaluation.sequences import find_sequences
    from tracker.geometry import Box
    from tracker.resources import resource_dir

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder {folder} ({error.strerror}): choose another with --out") from error
    video, table = folder / f"{_CLIP}.mp4", folder / f"{_CLIP}.csv"
    (sequence,) = find_sequences(resource_dir("videos") / f"{_CLIP}.mp4")
    meter = TruthMeter(sequence)
    job = TrackJob(
        source=sequence.source,
        roi=lambda _: Box(*sequence.truth[0].tolist()),
        config=config,
        outputs=outputs_of(video=str(video), csv=str(table)),
        overwrite=True,
    )
    summary = follow(job, quiet=quiet, sinks=[meter])
    update_ms = median(meter.seconds) * 1e3
    return [
        ("annotated video", str(video)),
        ("table", str(table)),
        ("speed", f"{update_ms:.2f} ms an update (median), {summary.fps:.0f} frames per second in all"),
        ("mean overlap", f"{fmean(meter.overlaps):.3f} with the exact truth, over {len(meter.overlaps)} frames"),
    ]
