"""`tracker config`: show, check and list settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli import completion
from tracker.cli.options import Overrides, Verbose
from tracker.cli.terminal import set_verbosity

app = typer.Typer(help="Show, check and list settings.", no_args_is_help=True, add_completion=False)


@app.command()
def show(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="[PRESET|FILE]",
            help="Show this preset or YAML file; 'accurate' if not given.",
            autocompletion=completion.presets,
        ),
    ] = None,
    overrides: Overrides = None,
    doc: Annotated[bool, typer.Option("--doc", help="Say what each setting does, and what may be given.")] = False,
    verbose: Verbose = False,
) -> None:
    """Print all settings of a preset or file as YAML, as the beginning of a new file."""
    set_verbosity(verbose=verbose)
    from tracker.config.describe import commented_yaml
    from tracker.config.reader import load_config, to_yaml

    config = load_config(source, overrides or ())
    typer.echo(commented_yaml(config) if doc else to_yaml(config), nl=False)


@app.command(no_args_is_help=True)
def explain(
    key: Annotated[
        str,
        typer.Argument(
            metavar="KEY",
            help="Explain this setting, size.damping, or every one of this section, size.",
            autocompletion=completion.setting_keys,
        ),
    ],
    verbose: Verbose = False,
) -> None:
    """Say what a setting does, what may be given, and what it is in each preset."""
    set_verbosity(verbose=verbose)
    from tracker.config.describe import explanation

    typer.echo(explanation(key))


@app.command(no_args_is_help=True)
def validate(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Check this YAML file.")], verbose: Verbose = False
) -> None:
    """Check a file of settings."""
    set_verbosity(verbose=verbose)
    from tracker.config.reader import load_config

    load_config(file.absolute())
    typer.echo(f"{file} is valid")


@app.command("list")
def list_presets(verbose: Verbose = False) -> None:
    """List the presets."""
    set_verbosity(verbose=verbose)
    from tracker.config.reader import DEFAULT_PRESET, load_config, preset_names

    width = max(map(len, preset_names()))
    for name in preset_names():
        default = " (the default)" if name == DEFAULT_PRESET else ""
        typer.echo(f"{name:<{width}}  {load_config(name).description}{default}")
