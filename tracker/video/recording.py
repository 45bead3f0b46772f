"""A source that ends: how every recording is walked through, whatever it is read from."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.errors import ConfigError, SourceError
from tracker.image import Image
from tracker.value_range import ValueRange
from tracker.video.base import Frame, FrameSource, SourceInfo
from tracker.video.span import Position, Span

_log = logging.getLogger(__name__)

MAX_BAD_FRAMES = 25
"""Failures in a row that are passed over: about a second. More look like the end of the file."""

DEFAULT_FPS = 25.0
"""Frames per second assumed where a source has no rate of its own (pictures, arrays, raw streams)."""

_EARLY = 0.9
"""A video that yields less than this share of the frames its container announces is called cut short."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a reader knows of its recording.

    Attributes:
        name: as in `SourceInfo`.
        width: as in `SourceInfo`.
        height: as in `SourceInfo`.
        fps: as in `SourceInfo`.
        total: number of all frames, a hint; None where unknown.
    """

    name: str
    width: int
    height: int
    fps: float | None
    total: int | None


def tell_range(name: str, value_range: ValueRange) -> None:
    """Say which values of a deep recording become black and white."""
    _log.warning("%s: values from %s are shown as 0 to 255; --range LOW:HIGH sets others", name, value_range)


class Reader(ABC):
    """The primitive that a kind of recording brings: step to the next frame, and decode it if it is wanted."""

    facts: Facts
    scaled_frames: int = 0
    """Frames so far that came in another size than the first, and were scaled to it."""

    @abstractmethod
    def grab(self) -> bool:
        """Step to the next frame; False where none came, be it damage or the end (then every further call is False)."""

    @abstractmethod
    def retrieve(self) -> Image | None:
        """Decode the frame stepped to into a fresh array; None where it cannot be decoded."""

    def timestamp(self) -> float | None:
        """Return the presentation time of the frame stepped to, in seconds; None where the recording has no times."""
        return None

    def seek(self, position: Position) -> tuple[int, float] | None:
        """Go to shortly before a position, if that is possible exactly; only before the first `grab`.

        Returns:
            Number and time of the frame before the one that `grab` steps to next; None where nothing has changed, and
            every frame from the first one on has to be stepped over.
        """
        return None

    def is_complete(self) -> bool:
        """Whether a recording that gave fewer frames than it announced is whole all the same."""
        return False

    def close(self) -> None:  # noqa: B027 - many readers hold nothing
        """Free what the reader holds; safe to call more than once."""


def _told(position: Position | None) -> str:
    return f"{position:g} s" if isinstance(position, float) else f"frame {position}"


class Recording(FrameSource):
    """Walks a `Reader` from the start to the end of a span.

    Start, end and stride mean the same for every kind of recording, damaged frames are passed over and counted, and
    timestamps rise strictly: where the recording has none, or one that does not rise, the nominal rate fills in.
    A loop that was left early goes on with the next frame when the source is iterated again.

    Attributes:
        reader: where the frames come from.
    """

    def __init__(self, reader: Reader, span: Span, max_bad_frames: int = MAX_BAD_FRAMES) -> None:
        """Take over `reader`, which `close` will close.

        Args:
            reader: where the frames come from.
            span: which frames are wanted.
            max_bad_frames: failures in a row that are passed over; one more ends the recording.
        """
        facts = reader.facts
        count = span.count(facts.total, facts.fps)
        self.info = SourceInfo(facts.name, facts.width, facts.height, facts.fps, count, total=facts.total)
        self.bad_frames = 0
        self.reader = reader
        self._span = span
        self._max_bad = max_bad_frames
        self._fps = facts.fps or DEFAULT_FPS
        self._index = -1
        self._time = 0.0
        self._missing = 0
        self._first: int | None = None
        self._closed = self._stopped = False

    def __iter__(self) -> Iterator[Frame]:
        """Yield the wanted frames.

        Raises:
            SourceError: the source is closed, it ends before the start of the span, or too many pictures in a row
                cannot be decoded.
            ConfigError: start and end, one in frames and one in seconds, leave no frame between them.
        """
        if self._closed:
            raise SourceError(f"{self.info.name} is closed: open it again")
        bad_in_a_row = 0
        while not self._closed and self._step():
            image = self.reader.retrieve()
            if image is not None:
                bad_in_a_row = 0
                yield Frame(image, self._index, self._time)
                continue
            self.bad_frames += 1
            bad_in_a_row += 1
            if bad_in_a_row > self._max_bad:
                raise SourceError(
                    f"{self.info.name}: {bad_in_a_row} frames in a row up to number {self._index} cannot be decoded: "
                    "the source is damaged, make or copy it again"
                )

    @property
    def scaled_frames(self) -> int:
        """Frames so far that came in another size than the first, and were scaled to it."""
        return self.reader.scaled_frames

    def stop(self) -> None:
        """End the iteration, even one that is still on its way to a far start; from any thread or signal handler."""
        self._stopped = True

    def close(self) -> None:
        """Close the reader; a loop that is under way ends with the frame it has."""
        if not self._closed:
            self._closed = True
            self.reader.close()

    def _step(self) -> bool:
        """Step to the next frame that is wanted; False at the end."""
        if self._index < 0 and self._span.start:
            self._index, self._time = self.reader.seek(self._span.start) or (self._index, self._time)
        while not self._stopped and self._grab():
            if self._span.ends_at(self._index, self._time):
                self._check_started()
                return False
            if self._first is None and self._span.starts_at(self._index, self._time):
                self._first = self._index
            if self._first is not None and (self._index - self._first) % self._span.stride == 0:
                return True
        if not self._stopped:
            self._check_end()
        return False

    def _grab(self) -> bool:
        """Step one frame, over damage if need be: a failure is the end only if nothing comes after it."""
        for failures in range(self._max_bad + 1):
            if self.reader.grab():
                self.bad_frames += failures
                self._missing += failures
                self._count()
                return True
        return False

    def _count(self) -> None:
        """Give the frame stepped to its number and time.

        Decoders hand frames out some steps late, so the gap in the times tells which frames are missing, not the step
        that failed.
        """
        reported = self.reader.timestamp()
        if self._index < 0:
            self._index, self._missing = self._missing, 0
            self._time = max(0.0, reported or 0.0)
            return
        rising = reported if reported is not None and reported > self._time else None
        frames = 1 + self._missing
        if rising is not None:
            frames = min(frames, max(1, round((rising - self._time) * self._fps)))
        self._missing -= frames - 1
        self._index += frames
        nominal = max(self._index / self._fps, self._time + frames / self._fps)
        self._time = nominal if rising is None else rising

    def _check_started(self) -> None:
        """A start in frames and an end in seconds can be compared only here."""
        if self._first is None:
            raise ConfigError(
                f"{self.info.name}: start {self._span.start} is not before end {self._span.end}: no frame lies between"
            )

    def _check_end(self) -> None:
        name, seen, announced = self.info.name, self._index + 1, self.reader.facts.total
        if seen == 0:
            raise SourceError(f"{name} holds no frame that can be decoded: check it with a player")
        if self._first is None:
            raise SourceError(
                f"{name} ends after {seen} frames ({self._time:.3f} s), before the start {_told(self._span.start)}: "
                "give an earlier start"
            )
        short = announced is not None and seen < _EARLY * announced
        if short and not self.reader.is_complete():
            _log.warning("%s gave %d of about %d frames: it may be cut short or damaged", name, seen, announced)
