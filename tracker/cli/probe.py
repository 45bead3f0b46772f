"""`tracker probe`: what a source is, which reader takes it, and why."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from tracker.cli.options import Verbose
from tracker.cli.terminal import set_verbosity
from tracker.errors import SourceError

app = typer.Typer(add_completion=False)


@app.command(no_args_is_help=True)
def probe(
    source: Annotated[
        str,
        typer.Argument(metavar="SOURCE", help="A video, an image, a folder or pattern of images, a clip's address."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object instead of text.")] = False,
    verbose: Verbose = False,
) -> None:
    """Say what a source is, which reader decodes it, and why.

    Its first frame is decoded; nothing is tracked. The answer belongs into every report of a fault.
    """
    set_verbosity(verbose=verbose)
    tell(source, as_json=as_json)


def tell(source: str, *, as_json: bool = False) -> None:
    """Write on standard output what a source is.

    Raises:
        typer.Exit: with the code of SourceError, it cannot be read.
        SourceError: it is live.
    """
    from tracker.video.report import describe

    facts = describe(source)
    if as_json:
        typer.echo(json.dumps(facts, indent=2))
    else:
        width = max(len(name) for name in facts)
        for name, value in facts.items():
            typer.echo(f"{name.replace('_', ' '):<{width}}  {_text(value)}")
    if "error" in facts:
        raise typer.Exit(SourceError.exit_code)


def _text(value: object) -> str:
    if value is None or value == "":
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
