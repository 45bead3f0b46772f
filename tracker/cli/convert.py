"""`tracker convert`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.options import Overwrite, Verbose
from tracker.cli.terminal import set_verbosity

app = typer.Typer(add_completion=False)

_VIDEO = "What the file does not say of its video"
_FORMATS = "csv, mot, mot-gt, otb, got10k, vot, coco, cvat, label-studio, yolo"


@app.command(no_args_is_help=True)
def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A file of boxes; for yolo a folder.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="Where to write; for yolo a new or empty folder.")],
    read_as: Annotated[str | None, typer.Option("--from", metavar="NAME", help=f"Format of IN: {_FORMATS}.")] = None,
    write_as: Annotated[
        str | None, typer.Option("--to", metavar="NAME", help="Format of OUT; both go by the suffix where it tells.")
    ] = None,
    video: Annotated[
        str | None, typer.Option(metavar="FILE", help="Take all of it from the video.", rich_help_panel=_VIDEO)
    ] = None,
    size: Annotated[str | None, typer.Option(metavar="WxH", help="Pixels of a frame.", rich_help_panel=_VIDEO)] = None,
    fps: Annotated[float | None, typer.Option(metavar="N", help="Frames per second.", rich_help_panel=_VIDEO)] = None,
    frames: Annotated[int | None, typer.Option(metavar="N", help="Number of frames.", rich_help_panel=_VIDEO)] = None,
    overwrite: Overwrite = False,
    verbose: Verbose = False,
) -> None:
    """Turn results or truth of one tool into those of another."""
    set_verbosity(verbose=verbose)
    from tracker.cli.conversion import meta_of
    from tracker.files import check_output
    from tracker.formats.registry import format_of

    reader, writer = format_of(source, read_as, "--from"), format_of(target, write_as, "--to")
    meta = meta_of(source.stem, video, size, fps, frames)
    if not writer.is_folder:
        check_output(target, overwrite=overwrite, source=source)
    found = reader.read(source.expanduser(), meta)
    writer.write(found, target.expanduser())
    typer.echo(f"{target}: {len(found.annotations)} boxes in {found.frame_count} frames, {writer.title}", err=True)
