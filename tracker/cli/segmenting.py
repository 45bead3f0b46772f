"""The work of `tracker segment`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import cv2
import typer

from tracker.cli.points import save_array
from tracker.cli.terminal import progress_bar
from tracker.errors import ConfigError, OutputError
from tracker.files import check_output, reason
from tracker.image import Image
from tracker.output.video_file import RecordingSink
from tracker.segmentation import Segmentation, draw_flat, draw_outlines, segment
from tracker.video.kinds import IMAGE_SUFFIXES
from tracker.video.recording import DEFAULT_FPS
from tracker.video.sources import open_source

DRAWINGS: Mapping[str, Callable[[Image, Segmentation], Image]] = MappingProxyType(
    {
        "outlines": draw_outlines,
        "flat": lambda _, result: draw_flat(result),
        "filtered": lambda _, result: result.filtered,
    }
)
"""What can be drawn, by name."""

_WRITTEN = (".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff")


@dataclass(frozen=True, slots=True)
class Segmenting:
    """What was asked for; see the options of `tracker segment`."""

    hs: int
    hr: float
    min_size: int
    color: str
    draw: str

    def __post_init__(self) -> None:
        """Check what `segment` does not.

        Raises:
            ConfigError: there is no such drawing.
        """
        if self.draw not in DRAWINGS:
            raise ConfigError(f"--draw is one of {', '.join(DRAWINGS)}; got {self.draw!r}")

    def result(self, image: Image) -> Segmentation:
        """Segment a picture."""
        return segment(image, hs=self.hs, hr=self.hr, min_size=self.min_size, color=self.color)  # type: ignore[arg-type]

    def drawn(self, image: Image, result: Segmentation) -> Image:
        """Draw a segmentation of a picture."""
        return DRAWINGS[self.draw](image, result)


def segment_source(
    source: str, output: Path, labels: Path | None, wanted: Segmenting, *, overwrite: bool, quiet: bool
) -> None:
    """Segment a picture, or every picture of a video, and write what is drawn of it.

    Raises:
        TrackerError: settings, source or outputs are not possible.
    """
    path = Path(source).expanduser()
    if path.suffix.lower() in IMAGE_SUFFIXES and path.is_file():
        _segment_picture(path, output, labels, wanted, overwrite=overwrite, quiet=quiet)
    elif labels is not None:
        raise ConfigError("--labels is for a picture: leave it out, or give one picture")
    else:
        _segment_video(source, output, wanted, overwrite=overwrite, quiet=quiet)


def _segment_picture(
    path: Path, output: Path, labels: Path | None, wanted: Segmenting, *, overwrite: bool, quiet: bool
) -> None:
    output = check_output(output, overwrite=overwrite, source=path, suffixes=_WRITTEN)
    labels = labels and check_output(labels, overwrite=overwrite, source=path, suffixes=(".npy",))
    with open_source(path, end=1) as source:
        (frame,) = source
    result = wanted.result(frame.image)
    _write_picture(output, wanted.drawn(frame.image, result))
    if labels:
        save_array(labels, result.labels)
    if not quiet:
        typer.echo(f"{output}: {result.count} regions", err=True)


def _segment_video(spec: str, output: Path, wanted: Segmenting, *, overwrite: bool, quiet: bool) -> None:
    counts = []
    with (
        open_source(spec) as source,
        RecordingSink(output, source.info.fps or DEFAULT_FPS, overwrite=overwrite, source=spec) as sink,
        progress_bar(source.info.name, source.info.frame_count, shown=not quiet) as advance,
    ):
        for frame in source:
            result = wanted.result(frame.image)
            sink.write(replace(frame, image=wanted.drawn(frame.image, result)), ())
            counts.append(result.count)
            advance()
    if not quiet:
        typer.echo(f"{output}: {len(counts)} frames of {min(counts)} to {max(counts)} regions", err=True)


def _write_picture(path: Path, picture: Image) -> None:
    try:
        encoded, data = cv2.imencode(path.suffix, picture)
        if not encoded:
            raise OutputError(f"cannot write {path}: a picture of this size has no such format; use .png")
        path.write_bytes(data.tobytes())
    except OSError as error:
        raise OutputError(f"cannot write {path}: {reason(error)}; choose another place") from error
