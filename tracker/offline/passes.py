"""Passes of a tracker over a part of a clip, in either direction, with bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from tracker.config.settings import TrackerConfig
from tracker.errors import ConfigError
from tracker.offline.joining import Seen
from tracker.tracking.tracker import Tracker
from tracker.video.base import Frame
from tracker.video.sources import SourceSpec, is_live, open_source
from tracker.video.span import Position, Span

_MEMORY = 512 * 2**20
"""Bytes of pictures that are held to be handed out in reverse."""
_FEWEST, _MOST = 8, 512
"""Frames that are read at once, whatever their size."""


WHOLE = Span()
"""All frames of a recording."""


@dataclass(frozen=True, slots=True)
class KeyFrame:
    """A place of the target that is known.

    Attributes:
        at: which frame; None for the first one.
        box: gives the target's box in it, x, y, width, height in pixels.
    """

    at: Position | None
    box: Callable[[Frame], Iterable[float]]


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording that can be read several times, in parts and in either direction.

    Attributes:
        spec: what `open_source` opens; neither live nor a generator.
        span: the frames that are wanted.
    """

    spec: SourceSpec
    span: Span = WHOLE

    def __post_init__(self) -> None:
        """Check that it can be read again.

        Raises:
            ConfigError: it is live, or can be read only once.
        """
        if is_live(self.spec):
            raise ConfigError(f"{self.spec} is live, and hindsight needs a recording: record it first, with --record")
        if isinstance(self.spec, Iterator):
            raise ConfigError("a generator can be read only once, and hindsight reads several times: give a list")

    def forward(self, start: Position | None = None, end: Position | None = None) -> Iterator[Frame]:
        """Yield the frames from `start` to before `end`, both as far as the span goes.

        Raises:
            SourceError: the source cannot be opened or read.
        """
        first = self.span.start if start is None else start
        last = self.span.end if end is None else end
        with open_source(self.spec, start=first, end=last, stride=self.span.stride) as source:
            yield from source

    def frame(self, at: Position | None) -> Frame:
        """Return the first frame at or after a position; None is the start of the span.

        Raises:
            SourceError: the source cannot be opened or read, or ends before.
        """
        frames = self.forward(at)
        try:
            return next(frames)
        finally:
            frames.close()  # type: ignore[attr-defined]

    def backward(self, start: int, first: int) -> Iterator[Frame]:
        """Yield the frames from number `start` back to number `first`, by the stride, newest first.

        As many are read at once as fit into half a gigabyte.

        Raises:
            SourceError: the source cannot be opened or read.
        """
        stride, newest, size = self.span.stride, start, _FEWEST
        while newest >= first:
            count = min(size, (newest - first) // stride + 1)
            oldest = newest - (count - 1) * stride
            frames = list(self.forward(oldest, newest + 1))
            if frames:
                size = max(_FEWEST, min(_MOST, _MEMORY // max(1, frames[0].image.nbytes)))
            yield from reversed(frames)
            newest = oldest - stride


def follow(frames: Iterable[Frame], box: Iterable[float], config: TrackerConfig) -> Iterator[Seen]:
    """Follow a target from its box in the first of `frames` through the others, whichever direction they go in.

    What was searched and climbed is not kept of the results.

    Raises:
        BoxError: the box cannot be used.
        TargetError: nothing can be learned from it.
        FrameError: a frame is no picture or changes its size.
    """
    tracker = Tracker(config)
    begin: float | None = None
    for frame in frames:
        if begin is None:
            begin, result = frame.timestamp, tracker.init(frame.image, box)
        else:
            # Time runs forward for the tracker in either direction.
            result = tracker.update(frame.image, abs(frame.timestamp - begin))
        yield Seen(frame.index, frame.timestamp, replace(result, search=None, path=()))
