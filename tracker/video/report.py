"""A source in words, for reports of faults: what it is, and how it is read."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

from tracker.address import redacted
from tracker.errors import SourceError
from tracker.video.base import FrameSource, SourceInfo
from tracker.video.inputs import shown
from tracker.video.kinds import look_into
from tracker.video.opencv import version
from tracker.video.probe import Probe, VideoStream
from tracker.video.recording import Reader, Recording
from tracker.video.remote import RemoteReader
from tracker.video.sources import Opening, is_live, kind_of, open_source
from tracker.video.video_file import VideoReader

Fact: TypeAlias = str | int | float | bool | None


def describe(spec: str) -> dict[str, Fact]:
    """Return what a recording is, as names and values that JSON can hold; None for what it does not say.

    Names: `source`, `kind`, `content`, `format`, `reader`, `reason`, `width`, `height`, `frames`, `fps`, and for videos
    `container`, `codec`, `pixel_format`, `shown_size`, `coded_size`, `pixel_shape`, `nominal_fps`, `duration`, `start`,
    `fields`, `color_range`, `rotation`, `sound`, `opencv`; `first_frame` says whether it could be decoded. Where the
    source cannot be opened, `reader` is None and `error` says why.

    Raises:
        SourceError: it is live, or no kind of source.
    """
    if is_live(spec):
        raise SourceError(f"{redacted(spec)} is live: probe tells of recordings; `tracker devices` lists cameras")
    facts: dict[str, Fact] = {"source": redacted(shown(spec)), "kind": kind_of(Opening.plain(spec)).name}
    facts |= _file_facts(Path(spec).expanduser())
    try:
        with open_source(spec) as source:
            facts |= _reading(source) | _info(source.info) | _coding(source)
            facts["first_frame"] = _first_frame(source)
    except SourceError as error:
        facts |= {"reader": None, "error": str(error)}
    return facts


def _file_facts(path: Path) -> dict[str, Fact]:
    """Return what a look into a file tells, whether or not it can be decoded."""
    try:
        if not path.is_file():
            return {}
        look = look_into(path)
        return {"bytes": path.stat().st_size, "content": look.content.value, "format": look.format}
    except OSError:  # opening it will say what is wrong
        return {}


def _info(info: SourceInfo) -> dict[str, Fact]:
    return {"width": info.width, "height": info.height, "frames": info.frame_count, "fps": info.fps}


def _video(source: FrameSource) -> VideoReader | None:
    reader: Reader | None = source.reader if isinstance(source, Recording) else None
    if isinstance(reader, RemoteReader):
        reader = reader.video
    return reader if isinstance(reader, VideoReader) else None


def _reading(source: FrameSource) -> dict[str, Fact]:
    video = _video(source)
    if video is not None:
        return {"reader": video.choice.decoder, "reason": video.choice.why, "opencv": version()}
    reader = source.reader if isinstance(source, Recording) else source
    return {"reader": type(reader).__name__, "reason": "the only one for this kind", "opencv": version()}


def _coding(source: FrameSource) -> dict[str, Fact]:
    video = _video(source)
    if video is None or video.probed is None or video.probed.video is None:
        return {}
    return _stream_facts(video.probed, video.probed.video)


def _stream_facts(probed: Probe, stream: VideoStream) -> dict[str, Fact]:
    full = {True: "full (0 to 255)", False: "limited (16 to 235)", None: None}[stream.full_range]
    return {
        "container": probed.container,
        "codec": stream.codec,
        "pixel_format": stream.pixel_format,
        "shown_size": _shown_size(stream),
        "coded_size": f"{stream.width}x{stream.height}",
        "pixel_shape": f"{stream.shape[0]}:{stream.shape[1]}",
        "mean_fps": stream.fps,
        "nominal_fps": stream.nominal_fps,
        "duration": probed.duration,
        "start": stream.start,
        "fields": stream.field_order or None,
        "color_range": full,
        "rotation": stream.rotation,
        "sound": probed.sound or "none",
        "cover": probed.cover is not None,
    }


def _shown_size(stream: VideoStream) -> str:
    """Return the size at which a player shows the picture, with square pixels; boxes are in the stored ones."""
    across, down = stream.shape
    width, height = round(stream.width * across / down), stream.height
    turned = stream.shown_size != (stream.width, stream.height)
    return f"{height}x{width}" if turned else f"{width}x{height}"


def _first_frame(source: FrameSource) -> str:
    try:
        frame = next(iter(source), None)
    except SourceError as error:
        return f"cannot be decoded: {error}"
    if frame is None:
        return "none"
    image = frame.image
    values = f"values {image.min()} to {image.max()}, mean {image.mean():.1f}"
    return f"decoded, {image.shape[1]}x{image.shape[0]} at {frame.timestamp:.3f} s, {values}"
