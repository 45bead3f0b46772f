"""`tracker eval`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.options import Config, Overrides, Overwrite, Quiet, Verbose
from tracker.cli.terminal import set_verbosity

app = typer.Typer(add_completion=False)


@app.command("eval", no_args_is_help=True)
def evaluate(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="NAME.mp4 with NAME.csv beside it, or OTB folders.")],
    config: Config = None,
    overrides: Overrides = None,
    jobs: Annotated[int, typer.Option(metavar="N", help="Processes side by side; they disturb the times.")] = 1,
    starts: Annotated[int, typer.Option(metavar="N", help="Jittered starts beside the exact one.")] = 0,
    json: Annotated[
        str | None, typer.Option(metavar="FILE|-", help="All figures as JSON; - is stdout, and the table on stderr.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A page with curves and the worst clips (needs matplotlib).")
    ] = None,
    sort: Annotated[str, typer.Option(metavar="KEY", help="name, auc, precision, success, time or lost.")] = "name",
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Score a preset on clips with truth, by one-pass evaluation."""
    set_verbosity(verbose=verbose, quiet=quiet)
    from tracker.cli.scoring import Scoring, score

    scoring = Scoring.of(config, overrides or (), jobs=jobs, starts=starts, json=json, report=report, sort=sort)
    if not score(folder, scoring, overwrite=overwrite, quiet=quiet):
        raise typer.Exit(1)
