"""`tracker track`."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.options import Config, Overrides, Overwrite, Quiet, Verbose
from tracker.cli.terminal import set_verbosity

app = typer.Typer(add_completion=False)

_WHAT = "Results"


@app.command(no_args_is_help=True)
def track(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="A video, an image, a folder or pattern of images, a synth: scene.")
    ],
    roi: Annotated[
        str | None, typer.Option(metavar="X,Y,W,H", help="The target in the first frame: pixels, or percent (10%,...).")
    ] = None,
    roi_file: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Take the target from the first frame's row: truth CSV, MOT or OTB text."),
    ] = None,
    config: Config = None,
    overrides: Overrides = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="OUT.mp4", help="Annotated video.", rich_help_panel=_WHAT)
    ] = None,
    csv: Annotated[
        str | None, typer.Option(metavar="FILE", help="One row a frame, lost ones too.", rich_help_panel=_WHAT)
    ] = None,
    jsonl: Annotated[
        str | None, typer.Option(metavar="FILE|-", help="JSON Lines; - is stdout.", rich_help_panel=_WHAT)
    ] = None,
    mot_output: Annotated[
        str | None, typer.Option(metavar="FILE", help="MOTChallenge text.", rich_help_panel=_WHAT)
    ] = None,
    otb_output: Annotated[str | None, typer.Option(metavar="FILE", help="OTB text.", rich_help_panel=_WHAT)] = None,
    got_output: Annotated[str | None, typer.Option(metavar="FILE", help="GOT-10k text.", rich_help_panel=_WHAT)] = None,
    overwrite: Overwrite = False,
    density: Annotated[bool, typer.Option("--density", help="Draw the density into the video.")] = False,
    start: Annotated[
        str | None, typer.Option(metavar="WHEN", help="First frame: a number, 12.5s or 00:01:02.5.")
    ] = None,
    end: Annotated[str | None, typer.Option(metavar="WHEN", help="First frame no longer wanted.")] = None,
    vid_stride: Annotated[int, typer.Option(metavar="N", help="Look at every N-th frame.")] = 1,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 5 if the target is lost at the end.")] = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Follow one object through a recording."""
    set_verbosity(verbose=verbose, quiet=quiet)
    from tracker.cli.roi import chooser
    from tracker.cli.tracking import Job, follow, outputs_of, span_of
    from tracker.config.reader import load_config

    outputs = outputs_of(video=output, csv=csv, jsonl=jsonl, mot=mot_output, otb=otb_output, got10k=got_output)
    job = Job(
        source=source,
        roi=chooser(roi, roi_file),
        config=load_config(config, overrides or ()),
        outputs=outputs,
        span=span_of(start, end, vid_stride),
        density=density,
        overwrite=overwrite,
        strict=strict,
    )
    follow(job, quiet=quiet)
