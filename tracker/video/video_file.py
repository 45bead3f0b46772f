"""A video file: looked into, and read by OpenCV or by ffmpeg, whichever gives its pictures."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tracker.errors import SourceError
from tracker.image import Image
from tracker.value_range import ValueRange
from tracker.video.inputs import file_input, shown
from tracker.video.kinds import Content, Look, look_into
from tracker.video.opencv import CaptureReader, open_capture
from tracker.video.pipe import PipeReader, first_pictures, plausible_fps
from tracker.video.probe import Probe, VideoStream, check_pixels, interlaced_at, is_complete, probe
from tracker.video.recording import Facts, Reader, tell_range
from tracker.video.seeking import FrameTimes, file_frame_times
from tracker.video.span import Position, frame_at

_log = logging.getLogger(__name__)

_FIRST_FRAMES = 25
"""Frames at the beginning that OpenCV may fail to decode before ffmpeg is tried."""
_FIRST_PICTURES = 5
"""Pictures by which the range of a deep recording is found."""
_FIRST_DOUBT = 64
"""Frames after which a repeated picture is doubted once more; doubles each time that it was the video's own."""

_NEAR = 3.0
"""Seconds from the start up to which decoding is no dearer than a look at all packets."""
_BACK = (0.0, 1.0, 5.0, 20.0)
"""Seconds before a frame to which jumps are tried."""
_LEAD = 2
"""Frames that deinterlacing needs before the first one that is right."""
_NO_KEYS = frozenset({"apng", "gif", "webp_anim"})
"""Codecs whose frames build upon all those before."""

_OTHER_RATE = 8.0
"""Times by which OpenCV's rate of a file may differ from the one in its head: that of a varying rate is a mean."""

OPENCV, FFMPEG = "OpenCV", "ffmpeg"


@dataclass(frozen=True, slots=True)
class DecoderChoice:
    """Which decoder reads a file, and why; `decoder` is `OPENCV` or `FFMPEG`."""

    decoder: str
    why: str


@dataclass(frozen=True, slots=True)
class Inspected:
    """What is known of a video before it is decoded.

    Attributes:
        label: what it is called in errors: its path or address.
        name: short name.
        look: what its content shows.
        probed: what ffmpeg says of it; None where there is no ffmpeg program.
        given: ffmpeg's arguments for it.
        open: opens it with OpenCV; returns None where OpenCV cannot.
        cut: whether it is known to have less bytes than it should.
        frame_times: returns the times of its frames, None where they cannot be told; is None itself for no jumps.
    """

    label: str
    name: str
    look: Look
    probed: Probe | None
    given: list[str | bytes]
    open: Callable[[], CaptureReader | None]
    cut: bool = False
    frame_times: Callable[[], FrameTimes | None] | None = None

    @property
    def stream(self) -> VideoStream | None:
        """The video stream, None where there is no ffmpeg program to tell it."""
        return self.probed.video if self.probed else None

    @classmethod
    def of_file(cls, path: Path, name: str = "") -> Inspected:
        """Look into the video file at `path`; `name` is for messages, "" for the file's.

        Raises:
            SourceError: there is no such file, or it holds no moving picture.
        """
        label, name = shown(path), name or shown(path.name)
        if not path.exists():
            raise SourceError(f"{label} does not exist: check the path")
        if not path.is_file():
            raise SourceError(f"{label} is no regular file: give a video file or a folder of images")
        try:
            look = look_into(path)
        except OSError as error:
            raise SourceError(f"{label} cannot be read ({error.strerror}): check its permissions") from error
        if look.content in _REFUSED:
            raise SourceError(f"{label} {_REFUSED[look.content]}")
        try:
            given = file_input(path, look.demuxer)
            probed = probe(path, look.demuxer)
        except SourceError as error:
            _log.debug("%s is not probed: %s", label, error)
            return cls(label, name, look, None, [], lambda: open_capture(path, name))
        if probed.video is None:
            raise SourceError(why_unreadable(path, look, probed))
        stream = probed.video
        return cls(
            label,
            name,
            look,
            probed,
            given,
            lambda: open_capture(path, name),
            _is_cut(path, look),
            lambda: file_frame_times(path, look.demuxer, stream.number, plausible_fps(stream.fps)),
        )


def choose(found: Inspected) -> tuple[DecoderChoice, CaptureReader | None]:
    """Return which decoder reads a file; OpenCV's reader, if it is that one, with its first frame decoded.

    Raises:
        SourceError: OpenCV cannot decode it, and there is no ffmpeg program.
    """
    stream = found.stream
    if stream is not None and (reason := _why_ffmpeg(found.look, stream)):
        return DecoderChoice(FFMPEG, reason), None
    capture = found.open()
    if capture is not None and stream is not None and _tells_another_rate(capture.facts.fps, stream.fps):
        capture.close()
        return DecoderChoice(FFMPEG, f"OpenCV takes {stream.fps:g} frames a second for {capture.facts.fps:g}"), None
    if capture is not None and capture.holds_frame(_FIRST_FRAMES):
        return DecoderChoice(OPENCV, "it decodes this codec, and fastest"), capture
    if capture is not None:
        capture.close()
    if stream is None:
        raise SourceError(
            f"{found.label} holds no frame that OpenCV can decode, and there is no ffmpeg: reinstall imageio-ffmpeg"
        )
    return DecoderChoice(FFMPEG, f"this OpenCV decodes no {stream.codec}"), None


def _why_ffmpeg(look: Look, stream: VideoStream) -> str:
    """Return why OpenCV is not even tried; "" where it is."""
    if look.demuxer:
        return "the file holds pictures one after the other"
    if stream.is_interlaced:
        return f"interlaced ({stream.field_order}), of which OpenCV makes no pictures; deinterlaced"
    if stream.is_deep:
        return f"{stream.pixel_format} has more than 8 bits, which OpenCV would cut off"
    return ""


def _tells_another_rate(here: float | None, there: float | None) -> bool:
    """Whether two rates are of different orders: OpenCV 4 takes an AVIF for a frame a second."""
    return here is not None and there is not None and not there / _OTHER_RATE < here < there * _OTHER_RATE


class VideoReader(Reader):
    """A video file, read by the decoder that `choose` chooses.

    OpenCV says that it has decoded an interlaced frame where it has kept the picture before. So a picture that equals
    the one before is looked up with ffmpeg: if the frame is interlaced, ffmpeg reads the file from there on.
    """

    def __init__(
        self, source: Path | Inspected, value_range: ValueRange | None = None, most_pixels: int | None = None
    ) -> None:
        """Open a video.

        Args:
            source: path of the file, or what was found out about a video elsewhere.
            value_range: what becomes black and white in deep pictures; None to find it by the first ones.
            most_pixels: of a picture; its head is looked at before anything is decoded.

        Raises:
            SourceError: there is no such file, it holds no picture that can be decoded, or the pictures are too large.
        """
        self._found = source if isinstance(source, Inspected) else Inspected.of_file(source)
        if self._found.stream is not None:
            check_pixels(self._found.stream.shown_size, most_pixels)
        self.choice, capture = choose(self._found)
        _log.debug("%s is decoded by %s: %s", self._found.name, self.choice.decoder, self.choice.why)
        self._doubts = capture is not None and _may_turn_interlaced(self._found.stream)
        self._range = value_range
        self._reader: Reader = capture or self._pipe(value_range)
        self._last: NDArray[np.uint8] | None = None
        self._grabbed = 0
        self._time, self._goes_back = 0.0, False
        self._pending = False
        self._doubt_from, self._pause = 0, _FIRST_DOUBT
        self.facts = self._with_total(self._reader.facts)

    @property
    def probed(self) -> Probe | None:
        """What ffmpeg says of the file; None where there is no ffmpeg program."""
        return self._found.probed

    def grab(self) -> bool:
        """Step to the next frame."""
        if self._pending:  # a jump has stepped to it already
            self._pending = False
            return True
        self._grabbed += 1
        if not self._reader.grab():
            return False
        time = self._reader.timestamp() or 0.0
        self._goes_back = self._goes_back or time < self._time
        self._time = time
        return True

    def retrieve(self) -> Image | None:
        """Decode the frame stepped to."""
        image = self._reader.retrieve()
        if not self._doubts or image is None:
            return image
        sample = image[::16, ::4].copy()
        repeated = self._last is not None and np.array_equal(sample, self._last)
        self._last = sample
        if repeated and self._grabbed >= self._doubt_from and self._turned_interlaced():
            return self._reader.retrieve()
        return image

    def timestamp(self) -> float | None:
        """Return the presentation time of the frame stepped to."""
        return self._reader.timestamp()

    def seek(self, position: Position) -> tuple[int, float] | None:
        """Go to shortly before a position, see `Reader.seek`.

        The decoder jumps to a key frame before it. The time of the frame that it gives is looked up among those of the
        file's packets, which tells its number; if it is not there, the file is opened again, to be read from the start.
        """
        target = self._worth_a_jump(position)
        if target is None or self._found.frame_times is None or (times := self._found.frame_times()) is None:
            return None
        number = min(times.first_from(position), len(times.times) - 1)  # of one after the end it is said soon, too
        if number < target:
            return None
        if isinstance(self._reader, PipeReader):
            return self._jump_pipe(times, number)
        return self._jump_capture(times, number)

    def _worth_a_jump(self, position: Position) -> int | None:
        """Return the least number of frames that make a jump worth it; None where the position is nearer."""
        fps = self.facts.fps
        if self._grabbed or not fps:
            return None
        least = round(_NEAR * fps)
        return least if frame_at(position, fps) >= least else None

    def _jump_pipe(self, times: FrameTimes, number: int) -> tuple[int, float] | None:
        """Begin again at the frame, or further and further before it, until one comes that is before it."""
        stream = self._found.stream
        assert stream is not None
        if stream.codec in _NO_KEYS or self._found.look.demuxer:
            return None
        # Of an interlaced frame the lines between are made with the frames around it, which have to come first.
        last = number - _LEAD if stream.is_interlaced or stream.may_be_interlaced else number
        for back in _BACK:
            self._reader.close()
            at = max(0, times.first_from(times.times[max(0, last)] - back))
            middle = (times.times[max(0, at - 1)] + times.times[at]) / 2
            self._reader = self._pipe(self._range, (middle, times.origin))
            landed = times.index_of(self._reader.timestamp() or 0.0) if self._reader.grab() else None
            if landed is not None and 0 < landed <= last:
                return self._landed(times, landed)
        self._reader.close()
        self._reader = self._pipe(self._range)
        return None

    def _landed(self, times: FrameTimes, number: int) -> tuple[int, float]:
        self._grabbed, self._pending = number + 1, True
        return number - 1, times.times[number - 1]

    def _jump_capture(self, times: FrameTimes, number: int) -> tuple[int, float] | None:
        """Jump to the frame, or further and further before it, until one comes that is at or before it."""
        assert isinstance(self._reader, CaptureReader)
        for back in _BACK:
            landed = None
            if self._reader.jump(times.times[number] - back) and self._reader.grab():
                landed = times.index_of(self._reader.timestamp() or 0.0)
            if landed is not None and 0 < landed <= number:
                return self._landed(times, landed)
        self._reader.close()
        again = self._found.open()
        if again is None:
            raise SourceError(f"{self._found.label} cannot be opened a second time: check that it is still there")
        self._reader = again
        return None

    def is_complete(self) -> bool:
        """Whether the file holds no more than what was read, though its head says otherwise."""
        found = self._found
        return not found.cut and found.stream is not None and is_complete(found.given, found.stream.number)

    def close(self) -> None:
        """Close the file."""
        self._reader.close()

    def _pipe(self, value_range: ValueRange | None = None, start: tuple[float, float] | None = None) -> PipeReader:
        found, stream = self._found, self._found.stream
        assert stream is not None
        if stream.is_deep and value_range is None:
            value_range = ValueRange.of(first_pictures(found.given, stream, _FIRST_PICTURES))
            tell_range(found.name, value_range)
        self._range = value_range
        return PipeReader(found.name, found.given, stream, value_range if stream.is_deep else None, start)

    def _turned_interlaced(self) -> bool:
        """Look up with ffmpeg whether this frame is interlaced; if so, read on with ffmpeg, from the same frame."""
        stream = self._found.stream
        assert stream is not None
        if not interlaced_at(
            self._found.given, stream.number, None if self._goes_back else self._time, self._grabbed - 1
        ):
            self._doubt_from, self._pause = self._grabbed + self._pause, 2 * self._pause
            return False
        pipe = self._pipe()
        self._doubts = False
        if not all(pipe.grab() for _ in range(self._grabbed)):
            pipe.close()
            return False
        _log.info("%s becomes interlaced: decoded by ffmpeg from frame %d on", self._found.name, self._grabbed - 1)
        self._reader.close()
        self._reader = pipe
        return True

    def _with_total(self, facts: Facts) -> Facts:
        duration = self._found.probed.duration if self._found.probed else None
        if facts.total is None and duration and facts.fps and self.choice.decoder == FFMPEG:
            return replace(facts, total=max(1, round(duration * facts.fps)))
        return facts


def _may_turn_interlaced(stream: VideoStream | None) -> bool:
    return stream is not None and stream.codec in _TURNING


_TURNING = frozenset({"h264", "mpeg2video", "mpeg4", "vc1", "mjpeg", "dvvideo", "wmv3", "hevc"})
"""Codecs whose frames may be interlaced or not, each by itself."""

_REFUSED = {
    Content.EMPTY: "is empty (0 bytes): copy or record it again",
    Content.TEXT: "is a text file, not a video: give a video file",
    Content.PLAYLIST: "is a playlist, which names other files: give one of those",
}


def why_unreadable(path: Path, look: Look, probed: Probe | None) -> str:
    """Return one line that says why a file cannot be read as a video, and what to do."""
    name = shown(path)
    if probed is not None and probed.cover is not None:
        return f"{name} holds sound and the picture of its cover, but no video: give a video file"
    if look.content is Content.SOUND or (probed is not None and probed.sound):
        return f"{name} holds sound but no picture: give a video file"
    if look.format == "MP4":
        if not _has_index(path):
            return f"{name} is cut short (the index of the MP4 is missing): copy or record it again"
        return f"{name} is a damaged MP4 or has a codec that cannot be decoded: convert it to H.264"
    return f"{name} holds no video that can be decoded: check it with a player, or convert it to H.264 MP4"


def _is_cut(path: Path, look: Look) -> bool:
    """Whether a RIFF file is shorter than its head says: what is left of an AVI may read without a complaint."""
    if look.format != "AVI":
        return False
    with path.open("rb") as file:
        head = file.read(8)
    return path.stat().st_size < 8 + int.from_bytes(head[4:8], "little")


def _has_index(path: Path) -> bool:
    """Whether the `moov` box of an MP4 (ISO 14496-12) is there, in one piece."""
    size_of_file = path.stat().st_size
    with path.open("rb") as file:
        while len(header := file.read(8)) == 8:
            size, kind = int.from_bytes(header[:4], "big"), header[4:]
            start = 8
            if size == 1:
                size, start = int.from_bytes(file.read(8), "big"), 16
            if kind == b"moov":
                return file.tell() + size - start <= size_of_file
            if size < start:
                return False
            file.seek(size - start, 1)
    return False
