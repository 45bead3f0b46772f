"""`tracker convert`: boxes of one format written as another."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli import completion
from tracker.cli.options import Overwrite, Verbose
from tracker.cli.terminal import as_line, counted, set_verbosity
from tracker.errors import ConfigError

if TYPE_CHECKING:
    from tracker.formats.annotation import VideoMeta

app = typer.Typer(add_completion=False)

_VIDEO = "Facts about the video that the file of boxes leaves out"
_FORMATS = "csv, jsonl, mot, mot-gt, otb, got10k, vot, coco, cvat (a zip), label-studio, yolo"


@app.command(no_args_is_help=True)
def convert(
    source: Annotated[
        Path, typer.Argument(metavar="IN", help="Read the boxes from this file; yolo reads a folder of files.")
    ],
    target: Annotated[
        Path, typer.Argument(metavar="OUT", help="Write the boxes to this file; yolo needs a new or empty folder.")
    ],
    read_as: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="NAME",
            autocompletion=completion.readable_formats,
            help=f"Name the format of IN: {_FORMATS}.",
        ),
    ] = None,
    write_as: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="NAME",
            autocompletion=completion.readable_formats,
            help="Name the format of OUT; a suffix that tells makes both superfluous.",
        ),
    ] = None,
    video: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Read size, rate and length from this video.", rich_help_panel=_VIDEO),
    ] = None,
    size: Annotated[
        str | None, typer.Option(metavar="WxH", help="Set the size of a frame in pixels.", rich_help_panel=_VIDEO)
    ] = None,
    fps: Annotated[
        float | None, typer.Option(metavar="N", help="Set the frames per second.", rich_help_panel=_VIDEO)
    ] = None,
    frames: Annotated[
        int | None, typer.Option(metavar="N", help="Set the number of frames.", rich_help_panel=_VIDEO)
    ] = None,
    first_frame: Annotated[
        int | None,
        typer.Option(
            metavar="0|1", min=0, max=1, help="Say which number IN gives the first frame.", rich_help_panel=_VIDEO
        ),
    ] = None,
    overwrite: Overwrite = False,
    verbose: Verbose = False,
) -> None:
    """Convert results or truth from the format of one tool to that of another."""
    set_verbosity(verbose=verbose)
    from tracker.files import check_output
    from tracker.formats.registry import format_of

    reader, writer = format_of(source, read_as, "--from"), format_of(target, write_as, "--to")
    meta = _video_meta(source.stem, video, size, fps, frames)
    if not writer.is_folder:
        # Other formats are texts, whatever their name; what is opened by its name has to have the right one.
        suffixes = writer.suffixes if ".zip" in writer.suffixes else ()
        check_output(target, overwrite=overwrite, source=source, inputs=[video] if video else (), suffixes=suffixes)
    found = reader.read(source.expanduser(), replace(meta, first_frame=first_frame))
    writer.write(found, target.expanduser())
    boxes = counted(len(found.annotations), "box", "boxes")
    typer.echo(f"{as_line(target)}: {boxes} in {counted(found.frame_count, 'frame')}, {writer.title}", err=True)


def _video_meta(name: str, video: str | None, size: str | None, fps: float | None, frames: int | None) -> VideoMeta:
    """Return the facts given by options, completed from the video where one is given.

    Raises:
        ConfigError: an option has an impossible value.
        SourceError: the video cannot be opened.
    """
    from tracker.formats.annotation import VideoMeta

    if fps is not None and not 0 < fps < float("inf"):
        raise ConfigError(f"--fps {fps} is not possible: give frames per second above 0")
    if frames is not None and frames < 1:
        raise ConfigError(f"--frames {frames} is not possible: give the number of frames, 1 or more")
    width, height = (None, None) if size is None else _parse_size(size)
    given = VideoMeta(Path(video).name if video else name, width, height, fps, frames)
    if video is None:
        return given
    from tracker.video.sources import open_source

    with open_source(video) as source:
        info = source.info
    return given.over(VideoMeta(info.name, info.width, info.height, info.fps, info.frame_count))


def _parse_size(text: str) -> tuple[int, int]:
    numbers = re.fullmatch(r"(\d+)x(\d+)", text.strip())
    if numbers is None or not int(numbers[1]) * int(numbers[2]):
        raise ConfigError(f"cannot read the size {text!r}: write WIDTHxHEIGHT, e.g. 1280x720")
    return int(numbers[1]), int(numbers[2])
