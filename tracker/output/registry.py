"""The table of sinks that write to a path, and how several are opened together."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import MappingProxyType

from tracker.drawing.style import OverlayStyle
from tracker.errors import OutputError
from tracker.ffmpeg.encoder import CONTAINERS
from tracker.files import STDOUT, check_output
from tracker.formats.registry import FORMATS
from tracker.formats.text_lines import ResultLines
from tracker.output.base import Sink, SinkGroup
from tracker.output.text import TextSink
from tracker.output.video_file import RecordingSink, VideoFileSink


@dataclass(frozen=True, slots=True)
class SinkOptions:
    """What sinks are opened with.

    Attributes:
        fps: frames per second of a video.
        overwrite: whether existing files may be replaced.
        source: the video that is read, which must not be overwritten.
        inputs: what else is read and must not be overwritten: start boxes, truth, settings, a model.
        style: what the overlay shows.
        live: whether a video leaves frames out rather than wait for its encoder.
    """

    fps: float = 25.0
    overwrite: bool = False
    source: str | os.PathLike[str] | None = None
    inputs: tuple[str | os.PathLike[str], ...] = ()
    style: OverlayStyle = field(default_factory=OverlayStyle)
    live: bool = False


@dataclass(frozen=True, slots=True)
class SinkKind:
    """A kind of sink: how it is opened on a target, and the suffixes it needs (any where empty)."""

    open: Callable[[str, SinkOptions], Sink]
    suffixes: tuple[str, ...] = ()

    @property
    def takes_stdout(self) -> bool:
        """Whether the target may be standard output."""
        return not self.suffixes


def _text(lines: Callable[[], ResultLines]) -> SinkKind:
    def open_text(target: str, options: SinkOptions) -> Sink:
        return TextSink(target, lines(), overwrite=options.overwrite, source=options.source, inputs=options.inputs)

    return SinkKind(open_text)


def _open_video(target: str, options: SinkOptions) -> Sink:
    return VideoFileSink(
        target,
        options.fps,
        overwrite=options.overwrite,
        source=options.source,
        inputs=options.inputs,
        style=options.style,
        live=options.live,
    )


def _open_recording(target: str, options: SinkOptions) -> Sink:
    return RecordingSink(target, options.fps, overwrite=options.overwrite, source=options.source, inputs=options.inputs)


SINKS: Mapping[str, SinkKind] = MappingProxyType(
    {
        "video": SinkKind(_open_video, tuple(CONTAINERS)),
        "record": SinkKind(_open_recording, tuple(CONTAINERS)),
        **{name: _text(kind.lines) for name, kind in FORMATS.items() if kind.lines is not None},
    }
)
"""The sinks by name. A new one is a file and a line here; a text format that has `lines` comes by itself."""


@dataclass(frozen=True, slots=True)
class Output:
    """A sink that is asked for: its name in `SINKS`, and its path ("-" is standard output)."""

    kind: str
    target: str


def open_sinks(outputs: Sequence[Output], options: SinkOptions, *, on_first_frame: bool = False) -> SinkGroup:
    """Open all of `outputs` as one sink; none is touched unless all can be written.

    Args:
        outputs: what to open.
        options: what to open them with.
        on_first_frame: whether they are only checked now, and opened with the first frame.

    Raises:
        OutputError: one of them cannot be opened, or two go to the same place.
    """
    if not on_first_frame:
        return SinkGroup(_open_all(outputs, options))
    check_outputs(outputs, options)
    return SinkGroup(lambda: _open_all(outputs, options))


def _open_all(outputs: Sequence[Output], options: SinkOptions) -> list[Sink]:
    check_outputs(outputs, options)
    with ExitStack() as stack:
        sinks = [stack.enter_context(SINKS[output.kind].open(output.target, options)) for output in outputs]
        stack.pop_all()
        return sinks


def check_outputs(outputs: Sequence[Output], options: SinkOptions) -> None:
    """Check all of `outputs` as `open_sinks` does; nothing on disk is changed.

    Raises:
        OutputError: one of them cannot be written, or two go to the same place.
    """
    seen: set[str] = set()
    for output in outputs:
        place = _checked_place(output, options)
        if place in seen:
            raise OutputError(f"two outputs go to {output.target}: give each its own file")
        seen.add(place)


def _checked_place(output: Output, options: SinkOptions) -> str:
    kind = SINKS[output.kind]
    if output.target == STDOUT and kind.takes_stdout:
        return STDOUT
    path = check_output(
        output.target,
        overwrite=options.overwrite,
        source=options.source,
        inputs=options.inputs,
        suffixes=kind.suffixes,
    )
    return str(path.resolve())
