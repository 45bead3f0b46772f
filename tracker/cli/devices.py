"""`tracker devices`: list the cameras."""

from __future__ import annotations

import typer

from tracker.cli.options import Verbose
from tracker.cli.terminal import set_verbosity

app = typer.Typer(add_completion=False)


@app.command()
def devices(verbose: Verbose = False) -> None:
    """List the cameras, with the SOURCE of `tracker track` for each, and their modes."""
    set_verbosity(verbose=verbose)
    from tracker.video.live.devices import list_devices

    found = list_devices()
    for device in found:
        typer.echo(f"{device.source:<4}{device.name}")
        if device.stable:
            typer.echo(f"    {device.stable}")
        for mode in device.modes:
            typer.echo(f"    {mode.pixel_format:<10}{' '.join(mode.sizes)}")
    if not found:
        typer.echo("no cameras: plug one in", err=True)
