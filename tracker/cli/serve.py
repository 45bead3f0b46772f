"""`tracker serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.options import Config, Overrides, Verbose
from tracker.cli.terminal import set_verbosity
from tracker.errors import ConfigError

app = typer.Typer(add_completion=False)


@app.command()
def serve(
    source: Annotated[
        str, typer.Argument(metavar="[SOURCE]", help="What to watch, as for track; the page can choose another.")
    ] = "",
    host: Annotated[str, typer.Option(help="Address to listen on; any but this machine's own needs a token.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 for a free one.")] = 8000,
    token_file: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="The token; else TRACKER_TOKEN, else one is made where it is needed."),
    ] = None,
    root: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Clips that the page may choose from; none if not given.")
    ] = None,
    allow_urls: Annotated[
        bool, typer.Option("--allow-urls", help="Let clients elsewhere name cameras and URLs, opened from here.")
    ] = False,
    speed: Annotated[float, typer.Option(metavar="TIMES", help="Of a file; 0: as fast as it goes.")] = 1.0,
    config: Config = None,
    overrides: Overrides = None,
    verbose: Verbose = False,
) -> None:
    """Open the tracker in a browser (needs the extra web)."""
    set_verbosity(verbose=verbose)
    from pathlib import Path

    from tracker.config.reader import DEFAULT_PRESET, load_config
    from tracker.video.clock import Clock

    try:
        from tracker.web.server import Opening, Server
        from tracker.web.settings import ServeSettings, is_loopback
        from tracker.web.tokens import token_for
    except ImportError as error:
        hint = "pip install 'meanshift-tracker[web]'"
        raise ConfigError(f"the page needs FastAPI and uvicorn ({error}): {hint}") from error
    Clock(speed)  # says what is wrong with it
    settings = ServeSettings(
        host=host,
        port=port,
        token=token_for(token_file, needed=not is_loopback(host)),
        root=None if root is None else Path(root),
        allow_urls=allow_urls,
        speed=speed,
    )
    server = Server(settings, Opening(source, load_config(config, overrides or ()), config or DEFAULT_PRESET))
    typer.echo(f"open {server.address}   (Ctrl-C ends)")
    server.run()
