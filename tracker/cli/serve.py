"""`tracker serve`: the tracker as a web page, with the token that guards it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import Config, Overrides, Verbose
from tracker.cli.terminal import is_terminal, set_verbosity
from tracker.errors import ConfigError

if TYPE_CHECKING:
    from tracker.web.server import Server

app = typer.Typer(add_completion=False)


@app.command()
def serve(
    source: Annotated[
        str, typer.Argument(metavar="[SOURCE]", help="Open this, as track does; the page can choose another.")
    ] = "",
    host: Annotated[str, typer.Option(help="Listen on this address; any but this machine's own needs a token.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Listen on this port; 0 takes a free one.")] = 8000,
    token_file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Read the token from this file; else TRACKER_TOKEN, else one is made where it is needed.",
        ),
    ] = None,
    root: Annotated[
        str | None,
        typer.Option(metavar="FOLDER", help="Let the page choose clips from this folder; none if not given."),
    ] = None,
    allow_urls: Annotated[
        bool, typer.Option("--allow-urls", help="Let clients elsewhere name cameras and URLs, opened from here.")
    ] = False,
    speed: Annotated[
        float, typer.Option(metavar="TIMES", help="Play a file at this speed; 0 is as fast as it goes.")
    ] = 1.0,
    roi_file: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Take the targets of SOURCE from this file, each from its first row on."),
    ] = None,
    auto: Annotated[
        str,
        typer.Option(
            metavar="WHAT",
            help="Follow what a detector finds: motion, color=orange, color=RRGGBB, or color=PICTURE of the thing.",
        ),
    ] = "",
    webhook: Annotated[
        str,
        typer.Option(
            metavar="URL", help="Send each event (appeared, occluded, lost, found) as JSON to this address, with POST."
        ),
    ] = "",
    config: Config = None,
    overrides: Overrides = None,
    verbose: Verbose = False,
) -> None:
    """Open the tracker in a browser (needs the extra web)."""
    set_verbosity(verbose=verbose)
    from pathlib import Path

    import cv2

    from tracker.cli.roi import read_targets
    from tracker.config.reader import DEFAULT_PRESET, load_config
    from tracker.video.playback import check_speed

    try:
        from tracker.web.server import InitialSource, Server
        from tracker.web.settings import ServeSettings, is_loopback
        from tracker.web.tokens import token_for
    except ImportError as error:
        hint = "pip install 'meanshift-tracker[web]'"
        raise ConfigError(f"the page needs FastAPI and uvicorn ({error}): {hint}") from error
    check_speed(speed)
    if roi_file is not None and not source:
        raise ConfigError("--roi-file says where the targets of a source are: give the SOURCE, too")
    settings = ServeSettings(
        host=host,
        port=port,
        token=token_for(token_file, needed=not is_loopback(host)),
        root=None if root is None else Path(root),
        allow_urls=allow_urls,
        speed=speed,
    )
    initial = InitialSource(
        source=source,
        config=load_config(config, overrides or ()),
        preset=config or DEFAULT_PRESET,
        starts=() if roi_file is None else read_targets(Path(roi_file).expanduser()),
        auto=auto,
        webhook=webhook,
    )
    # Waking OpenCV's other threads for pictures of this size costs 0.4 ms of CPU a frame, and saves no time.
    cv2.setNumThreads(1)
    server = Server(settings, initial)
    for line in where(server):
        typer.echo(line)
    server.run()


def where(server: Server) -> list[str]:
    """Return what is printed of the addresses: for a network with a QR code of the first one, for phones."""
    import segno

    elsewhere = server.addresses
    lines = [f"open {(elsewhere or [server.address])[0]}   (Ctrl-C ends)"]
    lines += [f"  or {address}" for address in elsewhere[1:]]
    if server.watch_address:
        lines.append(f"only to watch: {server.watch_address}")
    if elsewhere and is_terminal():
        text = io.StringIO()
        segno.make(elsewhere[0], error="l").terminal(text, compact=True)
        lines.append(text.getvalue())
    return lines
