"""Options that several verbs share, each typed once."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

Config: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--config",
        "-c",
        metavar="PRESET|FILE",
        help="Use the settings of this preset or YAML file; 'fast' if not given.",
    ),
]
Overrides: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change a setting, e.g. size.method=fixed; may be repeated."),
]
Overwrite: TypeAlias = Annotated[bool, typer.Option("--overwrite", help="Replace existing output files.")]
Quiet: TypeAlias = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing on stderr but errors.")]
Verbose: TypeAlias = Annotated[bool, typer.Option("--verbose", "-v", help="Print more on stderr, with tracebacks.")]
