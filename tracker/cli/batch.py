"""`tracker batch`: many videos, on processes of this machine or a Dask cluster, with progress and a summary."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli import completion
from tracker.cli.options import Config, Overrides, Overwrite, Quiet, Verbose
from tracker.cli.terminal import as_line, counted, progress_bar, set_verbosity
from tracker.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.batch import Engine, Job, Outcome
    from tracker.config.settings import TrackerConfig

app = typer.Typer(add_completion=False)


@app.command(no_args_is_help=True)
def batch(
    videos: Annotated[
        str,
        typer.Argument(
            metavar="MANIFEST.csv|FOLDER|GLOB",
            help="Work on these: a table source,roi,start,end,id,label with a row a target, or videos with NAME.csv "
            "beside NAME.mp4.",
        ),
    ],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Write the results to this folder: NAME.csv, .log, .json a video.")
    ],
    roi: Annotated[
        str | None,
        typer.Option(
            metavar="X,Y,W,H", help="Start from this box where nothing better is known, in pixels or percent."
        ),
    ] = None,
    also: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,NAME",
            help="Write these of each video, too: video (annotated, with its sound), jsonl, mot.",
            autocompletion=completion.files_of_a_batch,
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", metavar="N", help="Run so many processes; as many as processors if not given."),
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
    from tracker.config.reader import load_config
    from tracker.files import check_output

    settings = load_config(config, overrides or ())
    engine = engine_of(jobs, dask)
    found = jobs_from(videos, roi)
    if out.expanduser().is_dir():
        inputs = {name for job in found for name in job.inputs}
        check_output(out / SUMMARY, overwrite=True, inputs=inputs)
    kinds = [word.strip() for word in also.split(",")] if also else []
    if not run_many(found, out, settings, engine, again=overwrite, also=kinds, quiet=quiet):
        raise typer.Exit(1)


SUMMARY = "summary.csv"


def engine_of(processes: int | None, address: str | None) -> Engine:
    """Return where the work is to be done.

    Raises:
        ConfigError: both are given.
    """
    from tracker.batch import Dask, Local

    if address is None:
        return Local(processes)
    if processes is not None:
        raise ConfigError("--jobs and --dask both say where to work: give one of them")
    return Dask(address)


def run_many(
    jobs: Sequence[Job],
    out: Path,
    config: TrackerConfig,
    engine: Engine,
    *,
    again: bool,
    quiet: bool,
    also: Sequence[str] = (),
) -> bool:
    """Do `jobs`; return whether none failed and no target was refused. The summary is written and shown in any case.

    Raises:
        typer.Exit: with code 130, interrupted; what was done until then is kept.
        ConfigError: a job or the workers cannot be used.
        OutputError: the folder cannot be written.
    """
    from tracker.batch import run

    done: list[Outcome] = []
    interrupted = False
    with progress_bar(out.name, len(jobs), unit="videos/s", shown=not quiet) as advance:

        def note(outcome: Outcome) -> None:
            done.append(outcome)
            advance()

        try:
            run(jobs, out, config, backend=engine, again=again, also=also, on_outcome=note)
        except KeyboardInterrupt:
            interrupted = True
    _print_summary(jobs, done, out, interrupted=interrupted, quiet=quiet)
    if interrupted:
        raise typer.Exit(130)
    return not any(outcome.error for outcome in done)


def _print_summary(jobs: Sequence[Job], done: Sequence[Outcome], out: Path, *, interrupted: bool, quiet: bool) -> None:
    from rich.console import Console

    from tracker.batch.jobs import names_of
    from tracker.batch.runner import summary_table, write_summary

    order = {name: number for number, name in enumerate(names_of(jobs))}
    outcomes = sorted(done, key=lambda outcome: order[outcome.name])
    write_summary(outcomes, out.expanduser() / SUMMARY)
    if not quiet:
        end = f"interrupted, {counted(len(jobs) - len(done), 'video')} left; " if interrupted else ""
        Console().print(summary_table(outcomes))
        typer.echo(f"{end}written: {as_line(out / SUMMARY)}", err=True)
