"""`tracker doctor`."""

from __future__ import annotations

import typer

from tracker.cli.options import Verbose
from tracker.cli.terminal import set_verbosity

app = typer.Typer(add_completion=False)


@app.command()
def doctor(verbose: Verbose = False) -> None:
    """Look at what this program stands on: versions, OpenCV wheels, display, cameras, ffmpeg."""
    set_verbosity(verbose=verbose)
    from tracker.cli.health import findings

    found = findings()
    for finding in found:
        typer.echo(f"{'BROKEN' if finding.broken else 'ok':<6}  {finding.topic:<14}  {finding.text}")
    if any(finding.broken for finding in found):
        raise typer.Exit(1)
