"""`tracker trax`: serve the tracker to the VOT toolkit."""

from __future__ import annotations

import typer

from tracker.cli.options import Config, Overrides, Verbose
from tracker.cli.terminal import set_verbosity
from tracker.errors import ConfigError

app = typer.Typer(add_completion=False)


@app.command()
def trax(config: Config = None, overrides: Overrides = None, verbose: Verbose = False) -> None:
    """Serve the tracker over the TraX protocol, for the VOT toolkit (needs the extra vot)."""
    set_verbosity(verbose=verbose)
    from tracker.config.reader import load_config

    try:
        from tracker.trax_server import serve
    except ImportError as error:
        hint = "pip install 'meanshift-tracker[vot]'"
        raise ConfigError(f"TraX needs the package vot-trax ({error}): {hint}") from error
    serve(load_config(config, overrides or ()))
