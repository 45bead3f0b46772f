"""One run over many videos with progress, signals and summary."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console

from tracker.batch import Dask, Engine, Job, Local, Outcome, run
from tracker.batch.runner import summary_table, write_summary
from tracker.cli.terminal import progress_bar
from tracker.config.settings import TrackerConfig
from tracker.errors import ConfigError

SUMMARY = "summary.csv"


def engine_of(processes: int | None, address: str | None) -> Engine:
    """Return where the work is to be done.

    Raises:
        ConfigError: both are given.
    """
    if address is None:
        return Local(processes)
    if processes is not None:
        raise ConfigError("--jobs and --dask both say where to work: give one of them")
    return Dask(address)


def run_many(
    jobs: Sequence[Job], out: Path, config: TrackerConfig, engine: Engine, *, again: bool, quiet: bool
) -> bool:
    """Do `jobs`; return whether none failed and no target was refused. The summary is written and shown in any case.

    Raises:
        typer.Exit: with code 130, interrupted; what was done until then is kept.
        ConfigError: a job or the workers cannot be used.
        OutputError: the folder cannot be written.
    """
    done: list[Outcome] = []
    interrupted = False
    with progress_bar(out.name, len(jobs), unit="videos/s", shown=not quiet) as advance:

        def note(outcome: Outcome) -> None:
            done.append(outcome)
            advance()

        try:
            run(jobs, out, config, backend=engine, again=again, on_outcome=note)
        except KeyboardInterrupt:
            interrupted = True
    _tell(jobs, done, out, interrupted=interrupted, quiet=quiet)
    if interrupted:
        raise typer.Exit(130)
    return not any(outcome.error for outcome in done)


def _tell(jobs: Sequence[Job], done: Sequence[Outcome], out: Path, *, interrupted: bool, quiet: bool) -> None:
    order = {job.source: number for number, job in enumerate(jobs)}
    outcomes = sorted(done, key=lambda outcome: order[outcome.source])
    write_summary(outcomes, out.expanduser() / SUMMARY)
    if not quiet:
        end = f"interrupted, {len(jobs) - len(done)} videos are left; " if interrupted else ""
        Console().print(summary_table(outcomes))
        typer.echo(f"{end}written: {out / SUMMARY}", err=True)
