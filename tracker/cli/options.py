"""Options that several verbs share, each typed once."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

from tracker.cli import completion

_SETTINGS = "Settings of the tracker"

Config: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--config",
        "-c",
        metavar="PRESET|FILE",
        help="Use the settings of this preset or YAML file; 'accurate' if not given.",
        autocompletion=completion.presets,
        rich_help_panel=_SETTINGS,
    ),
]
Overrides: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change a setting, e.g. size.method=fixed; may be repeated. `tracker config show --doc` has them all.",
        autocompletion=completion.overrides,
        rich_help_panel=_SETTINGS,
    ),
]
Overwrite: TypeAlias = Annotated[bool, typer.Option("--overwrite", help="Replace existing output files.")]
Quiet: TypeAlias = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing on stderr but errors.")]
Verbose: TypeAlias = Annotated[bool, typer.Option("--verbose", "-v", help="Print more on stderr, with tracebacks.")]

_UNITS = "Units"

Scale: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="LENGTH=PIXELS",
        help="A length in the picture: 0.84m=212px, or by its two ends, 0.84m=120,340:331,352.",
        rich_help_panel=_UNITS,
    ),
]
Origin: TypeAlias = Annotated[
    str | None, typer.Option(metavar="X,Y", help="The place in the picture that is (0, 0).", rich_help_panel=_UNITS)
]
YUp: TypeAlias = Annotated[
    bool,
    typer.Option("--y-up", help="Let y grow upward, and angles counterclockwise.", rich_help_panel=_UNITS),
]
FpsTrue: TypeAlias = Annotated[
    float | None,
    typer.Option(
        metavar="FPS", help="Frames a second when it was filmed; for slow motion, say.", rich_help_panel=_UNITS
    ),
]
Window: TypeAlias = Annotated[
    int | None,
    typer.Option(
        metavar="FRAMES",
        help="Odd number of frames of the Savitzky-Golay window; about 0.3 s if not given.",
        rich_help_panel=_UNITS,
    ),
]
Order: TypeAlias = Annotated[
    int, typer.Option(metavar="N", help="Degree of its polynomial, 2 to 5.", rich_help_panel=_UNITS)
]
Place: TypeAlias = Annotated[
    str,
    typer.Option(
        "--point",
        metavar="NAME",
        help="center, top, bottom, left or right of the box.",
        autocompletion=completion.points,
        rich_help_panel=_UNITS,
    ),
]
TableFormat: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="FORMAT",
        help="Format of the table; if not given, its content tells.",
        autocompletion=completion.readable_formats,
    ),
]
