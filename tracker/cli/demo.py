"""`tracker demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.options import Config, Overrides, Quiet, Verbose
from tracker.cli.terminal import set_verbosity

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the results go; made if missing.")] = Path(
        "out/demo"
    ),
    config: Config = None,
    overrides: Overrides = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Follow the target of a bundled clip, and say how well and how fast."""
    set_verbosity(verbose=verbose, quiet=quiet)
    from tracker.cli.showcase import show
    from tracker.config.reader import load_config

    for label, value in show(out, load_config(config, overrides or ()), quiet=quiet):
        typer.echo(f"{label:<16} {value}")
