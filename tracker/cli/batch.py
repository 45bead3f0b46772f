"""`tracker batch`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.options import Config, Overrides, Overwrite, Quiet, Verbose
from tracker.cli.terminal import set_verbosity

app = typer.Typer(add_completion=False)


@app.command(no_args_is_help=True)
def batch(
    videos: Annotated[
        str,
        typer.Argument(
            metavar="MANIFEST.csv|FOLDER|GLOB",
            help="A table source,roi,start,end,id,label with a row a target; or videos with NAME.csv beside NAME.mp4.",
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the results go: NAME.csv, .log, .json a video.")],
    roi: Annotated[
        str | None,
        typer.Option(metavar="X,Y,W,H", help="The target, where nothing better is known: pixels or percent."),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", metavar="N", help="Processes; as many as processors if not given.")
    ] = None,
    dask: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Work on a Dask cluster, tcp://scheduler:8786.")
    ] = None,
    config: Config = None,
    overrides: Overrides = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Follow targets through many videos; what is done and has not changed is kept."""
    set_verbosity(verbose=verbose, quiet=quiet)
    from tracker.batch.jobs import jobs_from
    from tracker.cli.many import engine_of, run_many
    from tracker.config.reader import load_config

    settings = load_config(config, overrides or ())
    engine = engine_of(jobs, dask)
    if not run_many(jobs_from(videos, roi), out, settings, engine, again=overwrite, quiet=quiet):
        raise typer.Exit(1)
