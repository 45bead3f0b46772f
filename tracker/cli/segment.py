"""`tracker segment`: pictures, or all frames of a video, cut into regions of like color."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import Overwrite, Quiet, Verbose
from tracker.cli.terminal import as_line, counted, progress_bar, say_written, set_verbosity
from tracker.errors import ConfigError, OutputError

if TYPE_CHECKING:
    from tracker.image import Image
    from tracker.segmentation import Segmentation

app = typer.Typer(add_completion=False)

_VIDEO_PIXELS = 40_000
"""Pixels at which the frames of a video are worked on: about 0.1 s a frame."""
_PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff")
"""Suffixes of the pictures that can be written."""


@app.command(no_args_is_help=True)
def segment(
    source: Annotated[
        str, typer.Argument(metavar="IMAGE|VIDEO", help="Segment this picture, video, or folder of pictures.")
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="Write a picture for a picture, a video for a video."),
    ],
    draw: Annotated[
        str, typer.Option(metavar="NAME", help="Draw outlines, flat (one color per region) or filtered.")
    ] = "outlines",
    labels: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the region of each pixel to this .npy file; for pictures only."),
    ] = None,
    hs: Annotated[int, typer.Option(metavar="PX", help="Set half the side of the window in place, 1 to 200.")] = 7,
    hr: Annotated[
        float, typer.Option(metavar="N", help="Set the radius of the window in color; L goes from 0 to 100.")
    ] = 6.5,
    min_size: Annotated[int, typer.Option(metavar="PX", help="Join regions of fewer pixels to a neighbor.")] = 50,
    color: Annotated[str, typer.Option(metavar="NAME", help="Compare colors in this space: luv, lab or bgr.")] = "luv",
    max_pixels: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Work on pictures of so many pixels, made smaller where they have more; 1500000 for a picture and "
            "40000 for the frames of a video if not given.",
        ),
    ] = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Cut pictures into regions of like color by mean shift in place and color."""
    set_verbosity(verbose=verbose, quiet=quiet)
    from tracker.segmentation import DRAWINGS
    from tracker.segmentation import segment as segment_image
    from tracker.segmentation.segment import MAX_PIXELS
    from tracker.video.kinds import IMAGE_SUFFIXES

    if draw not in DRAWINGS:
        raise ConfigError(f"--draw is one of {', '.join(DRAWINGS)}; got {draw!r}")
    drawing = DRAWINGS[draw]
    path = Path(source).expanduser()
    is_picture = path.suffix.lower() in IMAGE_SUFFIXES and path.is_file()
    pixels = max_pixels if max_pixels is not None else MAX_PIXELS if is_picture else _VIDEO_PIXELS
    segmenter = partial(segment_image, hs=hs, hr=hr, min_size=min_size, color=color, max_pixels=pixels)  # type: ignore[arg-type]
    if is_picture:
        _segment_picture(path, output, labels, segmenter, drawing, overwrite=overwrite, quiet=quiet)
    elif labels is not None:
        raise ConfigError("--labels is for a picture: leave it out, or give one picture")
    else:
        _segment_video(source, output, segmenter, drawing, overwrite=overwrite, quiet=quiet)


def _segment_picture(
    path: Path,
    output: Path,
    labels: Path | None,
    segmenter: Callable[[Image], Segmentation],
    drawing: Callable[[Image, Segmentation], Image],
    *,
    overwrite: bool,
    quiet: bool,
) -> None:
    from tracker.files import check_distinct, check_output
    from tracker.formats.points import write_array
    from tracker.video.sources import open_source

    output = check_output(output, overwrite=overwrite, source=path, suffixes=_PICTURES)
    labels = labels and check_output(labels, overwrite=overwrite, source=path, suffixes=(".npy",))
    check_distinct(output, labels)
    with open_source(path, end=1) as source:
        (frame,) = source
    result = segmenter(frame.image)
    _write_picture(output, drawing(frame.image, result))
    if labels:
        write_array(labels, result.labels)
    if not quiet:
        typer.echo(f"{as_line(output)}: {counted(result.count, 'region')}{_reduced(frame.image, result)}", err=True)
    say_written(labels, quiet=quiet)


def _segment_video(
    spec: str,
    output: Path,
    segmenter: Callable[[Image], Segmentation],
    drawing: Callable[[Image, Segmentation], Image],
    *,
    overwrite: bool,
    quiet: bool,
) -> None:
    from dataclasses import replace

    from tracker.files import STDOUT
    from tracker.output.video_file import RecordingSink
    from tracker.video.recording import DEFAULT_FPS
    from tracker.video.sources import open_source

    counts = []
    said = ""
    with (
        open_source(spec) as source,
        RecordingSink(output, source.info.fps or DEFAULT_FPS, overwrite=overwrite, source=spec) as sink,
        progress_bar(source.info.name, source.info.frame_count, shown=not quiet) as advance,
    ):
        for frame in source:
            result = segmenter(frame.image)
            sink.write(replace(frame, image=drawing(frame.image, result)), ())
            counts.append(result.count)
            said = _reduced(frame.image, result)
            advance()
    if not quiet:
        frames = counted(len(counts), "frame")
        name = source.info.name if str(output) == STDOUT else output
        typer.echo(f"{as_line(name)}: {frames} of {min(counts)} to {counted(max(counts), 'region')}{said}", err=True)


def _reduced(picture: Image, result: Segmentation) -> str:
    """Say at which size a picture was worked on, where that was not its own."""
    width, height = result.working_size
    if picture.shape[:2] == (height, width):
        return ""
    return f", found at {width}x{height} pixels (--max-pixels {picture.shape[0] * picture.shape[1]} for all)"


def _write_picture(path: Path, picture: Image) -> None:
    import cv2

    from tracker.files import reason

    try:
        encoded, data = cv2.imencode(path.suffix, picture)
        if not encoded:
            raise OutputError(f"cannot write {path}: a picture of this size has no such format; use .png")
        path.write_bytes(data.tobytes())
    except OSError as error:
        raise OutputError(f"cannot write {path}: {reason(error)}; choose another place") from error
