"""Open any source of frames by its path, pattern, address or number."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from numpy.typing import NDArray

from tracker.address import Address, is_address, redacted
from tracker.errors import ConfigError, SourceError
from tracker.value_range import ValueRange
from tracker.video.base import FrameSource
from tracker.video.images import (
    ArraysReader,
    ImagesReader,
    PagesReader,
    StillReader,
    images_in,
    images_like_glob,
    images_like_printf,
    is_glob,
    is_printf,
)
from tracker.video.inputs import file_input, run, shown
from tracker.video.kinds import IMAGE_SUFFIXES, Content, Look, conversion_of, look_into
from tracker.video.live.camera import DEVICES, Camera, CameraMode, camera
from tracker.video.live.snapshot import is_snapshot, snapshots
from tracker.video.live.source import LivePolicy, LiveSource
from tracker.video.live.stream import stream, stream_address
from tracker.video.picture_size import picture_size
from tracker.video.probe import check_pixels, parsed
from tracker.video.recording import DEFAULT_FPS, Recording
from tracker.video.remote import RemoteReader, is_clip
from tracker.video.span import Position, Span, frame_at
from tracker.video.synthetic.source import PREFIX, SyntheticSource, parse_scene
from tracker.video.video_file import VideoReader

SourceSpec: TypeAlias = str | Path | int | Iterable[NDArray[Any]]
"""What can be opened: a path or pattern, `synth:` scene, camera number, URL, or arrays."""

_NUMBER = re.compile(r"-?\d+")

# Under its old number may be another camera by then.
_CAMERA_POLICY = LivePolicy(reconnects=0)

STILL_SECONDS = 10.0
"""How long one picture stands for a video when no end is given."""


@dataclass(frozen=True, slots=True)
class Opening:
    """All that an opener may look at.

    Attributes:
        spec: what names the source.
        span: the frames that are wanted.
        fps: frames per second of what has no rate of its own.
        live: time-outs and reconnection of a camera or stream; None for what suits its kind.
        mode: what is asked of a camera.
        value_range: what becomes black and white in pictures of more than 8 bits; None to find it.
        most_pixels: of a picture; None for any number.
    """

    spec: SourceSpec
    span: Span
    fps: float
    live: LivePolicy | None = None
    mode: CameraMode | None = None
    value_range: ValueRange | None = None
    most_pixels: int | None = None

    @classmethod
    def plain(cls, spec: SourceSpec) -> Opening:
        """Look at a spec alone."""
        return cls(spec, Span(), DEFAULT_FPS)

    @property
    def path(self) -> Path:
        """The spec as a path, with `~` expanded."""
        return Path(os.fspath(self.spec)).expanduser()  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class SourceOpener:
    """One kind of source: its name in messages, whether a spec is of this kind, and how to open it."""

    name: str
    matches: Callable[[Opening], bool]
    open: Callable[[Opening], FrameSource]


def open_source(
    spec: SourceSpec,
    *,
    start: Position | None = None,
    end: Position | None = None,
    stride: int = 1,
    fps: float = DEFAULT_FPS,
    live: LivePolicy | None = None,
    mode: CameraMode | None = None,
    value_range: ValueRange | tuple[float, float] | None = None,
    most_pixels: int | None = None,
) -> FrameSource:
    """Open a source of frames; use it as a context manager.

    Args:
        spec: path of a video or of one image (which stands for ten seconds, or until `end`), a folder of images,
            a printf pattern (`img/%06d.jpg`), a glob (`img/*.png`), a `synth:` scene, arrays, or a clip on a web server
            (`https://host/clip.mp4`); or, live, a camera (`0`, `/dev/video0`) or a stream (`rtsp://...`). A file of the
            name `0` is `./0`.
        start: first frame wanted: an int is a frame number, a float is seconds.
        end: first frame no longer wanted, as `start`.
        stride: hand out every `stride`-th frame.
        fps: frames per second of images and arrays, which have no rate of their own.
        live: time-outs and reconnection of a camera or stream; if None, a stream that is lost is tried again for
            about a minute, a camera is not.
        mode: size, rate and pixel format asked of a camera.
        value_range: the two values that become black and white in pictures of more than 8 bits (thermal, microscopy);
            if None, they are found by the first pictures and said in the log.
        most_pixels: refuse larger pictures, by what the source says of them before they are decoded; if None, those of
            streams that have more than any camera's, and no others.

    Raises:
        ConfigError: start, end, stride, fps or range are not possible, or the scene is not known.
        SourceError: there is no such source, or it cannot be read.
    """
    if not 0 < fps < float("inf"):
        raise ConfigError(f"fps {fps!r} is not possible: give frames per second above 0")
    if isinstance(spec, str) and not spec.strip():
        raise SourceError("the source has no name: give a video, a folder of images, a camera's number or an address")
    limits = ValueRange(*value_range) if isinstance(value_range, tuple) else value_range
    opening = Opening(spec, Span(start, end, stride), fps, live, mode, limits, most_pixels)
    try:
        return kind_of(opening).open(opening)
    except SourceError:
        raise
    except OSError as error:  # of the file system: no permission, name too long
        reason = error.strerror or str(error)
        raise SourceError(f"{_text(spec)} cannot be read ({reason}): check the path and its permissions") from error


def is_live(spec: SourceSpec) -> bool:
    """Whether `spec` names a camera or stream; it need not be there."""
    opening = Opening.plain(spec)
    return _is_camera(opening) or _is_stream(opening)


def has_rate(spec: SourceSpec) -> bool:
    """Whether `spec` names something with a frame rate of its own, as pictures have none.

    Raises:
        SourceError: it is no source.
    """
    return kind_of(Opening.plain(spec)).name in _WITH_RATE


def kind_of(opening: Opening) -> SourceOpener:
    """Return the kind that a spec is of.

    Raises:
        SourceError: it is of none.
    """
    text = opening.spec if isinstance(opening.spec, str) else None
    if text == "-":
        raise SourceError("- is no source: write what comes through a pipe to a file, or send it to tcp://host:port")
    for kind in SOURCE_KINDS:
        if kind.matches(opening):
            return kind
    known = ", ".join(kind.name for kind in SOURCE_KINDS)
    raise SourceError(f"{opening.spec!r} is no source that can be opened: give a {known}")


def _text(spec: SourceSpec) -> str:
    return redacted(shown(spec)) if isinstance(spec, str | os.PathLike) else repr(spec)


def _is_arrays(opening: Opening) -> bool:
    return isinstance(opening.spec, Iterable) and not isinstance(opening.spec, str)


def _is_path(opening: Opening) -> bool:
    """Whether the spec names something in the file system, rather than a camera (`0`) or a stream (`rtsp://`)."""
    spec = opening.spec
    if isinstance(spec, str):
        return not _NUMBER.fullmatch(spec) and not is_address(spec)
    return isinstance(spec, os.PathLike)


def _is_camera(opening: Opening) -> bool:
    spec = opening.spec
    if isinstance(spec, int) or (isinstance(spec, str) and _NUMBER.fullmatch(spec)):
        return True
    return _is_path(opening) and re.fullmatch(rf"{DEVICES}/(video\d+|v4l/.+)", str(opening.path)) is not None


def _is_clip(opening: Opening) -> bool:
    return isinstance(opening.spec, str) and is_clip(opening.spec)


def _is_stream(opening: Opening) -> bool:
    return isinstance(opening.spec, str) and is_address(opening.spec) and not _is_clip(opening)


def _is_folder(opening: Opening) -> bool:
    return _is_path(opening) and opening.path.is_dir()


def _is_missing(opening: Opening) -> bool:
    """Whether the spec may be a pattern: a file of exactly that name goes first."""
    return _is_path(opening) and not opening.path.exists()


def _look(opening: Opening) -> Look | None:
    """Look into the file that the spec names; None where there is none that can be read."""
    if not _is_path(opening) or not opening.path.is_file():
        return None
    try:
        return look_into(opening.path)
    except OSError:
        return None


def _is_still(opening: Opening) -> bool:
    """Whether the file holds one picture, by its content; by its name where there is nothing to look into."""
    look = _look(opening)
    named = _is_path(opening) and opening.path.suffix.lower() in IMAGE_SUFFIXES
    return named if look is None or look.content in _NO_RECORDING else look.content is Content.PICTURE


_NO_RECORDING = (Content.EMPTY, Content.TEXT, Content.UNKNOWN)


def _has_pages(opening: Opening) -> bool:
    look = _look(opening)
    return look is not None and look.content is Content.PAGES


def _open_arrays(opening: Opening) -> FrameSource:
    return Recording(ArraysReader(opening.spec, opening.fps, opening.value_range), opening.span)  # type: ignore[arg-type]


def _open_camera(opening: Opening) -> FrameSource:
    spec = opening.spec if isinstance(opening.spec, int) else str(opening.spec)
    named = Camera.parse(spec)
    return LiveSource(named.name, camera(named, opening.mode), opening.live or _CAMERA_POLICY, opening.span)


def _open_stream(opening: Opening) -> FrameSource:
    address = stream_address(str(opening.spec))
    connect = (snapshots if is_snapshot(address) else stream)(address, opening.most_pixels)
    return LiveSource(address.name, connect, opening.live, opening.span)


def _open_clip(opening: Opening) -> FrameSource:
    reader = RemoteReader(Address.parse(str(opening.spec)), opening.value_range, opening.most_pixels)
    return Recording(reader, opening.span)


def _is_scene(opening: Opening) -> bool:
    return isinstance(opening.spec, str) and opening.spec.startswith(PREFIX)


def _open_scene(opening: Opening) -> FrameSource:
    return SyntheticSource(parse_scene(str(opening.spec)), opening.span)


def _check_picture(opening: Opening, path: Path, one_of_many: bool = False) -> None:
    """Refuse a picture file that is too large, by its head: OpenCV tells its size only once decoded.

    Raises:
        SourceError: it is, or nothing tells its size; one of many is passed over then, as damaged ones are.
    """
    most = opening.most_pixels
    if most is None or not path.is_file():
        return
    with path.open("rb") as file:
        size = picture_size(file)
    if size is not None or not one_of_many:
        check_pixels(size or _size_by_ffmpeg(path, most), most)


_EXCEEDS = re.compile(r"(?:Picture|Frame) size (\d+)x(\d+) exceeds")


def _size_by_ffmpeg(path: Path, most: int) -> tuple[int, int]:
    """Return the size of a picture of a rare kind.

    Of some ffmpeg, too, tells the size only once decoded, which it must not do with large ones. Others (AVIF) announce
    one size and hold another: that one counts, as decoders take memory for it.
    """
    report = run("-max_pixels", str(most), *file_input(path), log_level="level+info")[1]
    if found := _EXCEEDS.search(report):
        return int(found[1]), int(found[2])
    probed = parsed(report)
    picture = probed.video or probed.cover
    if picture is None or picture.pixel_format in ("", "none"):
        remedy = conversion_of(path) or "make or copy it again"
        raise SourceError(f"{shown(path.name)} cannot be decoded: {shown(remedy)}")
    return picture.shown_size


def _open_still(opening: Opening) -> FrameSource:
    _check_picture(opening, opening.path)
    end = STILL_SECONDS if opening.span.end is None else opening.span.end
    total = frame_at(end, opening.fps)
    return Recording(StillReader(opening.path, opening.fps, total, opening.value_range), opening.span)


def _open_pages(opening: Opening) -> FrameSource:
    _check_picture(opening, opening.path)
    reader = PagesReader(opening.path, look_into(opening.path), opening.fps, opening.value_range)
    return Recording(reader, opening.span)


def _images(find: Callable[[Path], list[Path]]) -> Callable[[Opening], FrameSource]:
    def open_images(opening: Opening) -> FrameSource:
        paths = find(opening.path)
        if len(paths) == 1 and look_into(paths[0]).content is Content.MOVING:
            return Recording(VideoReader(paths[0], opening.value_range, opening.most_pixels), opening.span)
        _check_picture(opening, paths[0], one_of_many=True)
        name = shown(opening.path.absolute().name)
        reader = ImagesReader(paths, name, opening.fps, opening.value_range, opening.most_pixels)
        return Recording(reader, opening.span)

    return open_images


def _open_video(opening: Opening) -> FrameSource:
    return Recording(VideoReader(opening.path, opening.value_range, opening.most_pixels), opening.span)


SOURCE_KINDS: tuple[SourceOpener, ...] = (
    SourceOpener("series of arrays", _is_arrays, _open_arrays),
    SourceOpener("synth: scene", _is_scene, _open_scene),
    SourceOpener("camera", _is_camera, _open_camera),
    SourceOpener("clip on a web server", _is_clip, _open_clip),
    SourceOpener("stream", _is_stream, _open_stream),
    SourceOpener("folder of images", _is_folder, _images(images_in)),
    SourceOpener("printf pattern", lambda o: _is_missing(o) and is_printf(o.path.name), _images(images_like_printf)),
    SourceOpener("glob", lambda o: _is_missing(o) and is_glob(str(o.path)), _images(images_like_glob)),
    SourceOpener("image", _is_still, _open_still),
    SourceOpener("file of pages", _has_pages, _open_pages),
    SourceOpener("video file", _is_path, _open_video),
)
"""Every kind of source, in the order in which a spec is held against them. A new kind is one file and one line."""

_WITH_RATE = frozenset({"synth: scene", "camera", "clip on a web server", "stream", "video file"})
"""The kinds for which `Opening.fps` is not asked."""
