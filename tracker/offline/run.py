"""A target followed with hindsight, and the results brought to sinks."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.config.settings import TrackerConfig
from tracker.errors import ConfigError, SourceError
from tracker.offline.joining import Seen, join
from tracker.offline.passes import Clip, KeyFrame, follow
from tracker.offline.smoothing import smoothed
from tracker.output.base import Sink
from tracker.session.step import RunSummary
from tracker.tracking.result import Track, TrackState
from tracker.video.base import Frame

_SURE_AFTER = 3
"""Frames after a gap at which the target is taken to be found again for certain."""
_SHORTEST_GAP = 2
"""Frames without the target that a pass from behind is worth."""


class Direction(StrEnum):
    """Which way a target is followed from where it is known."""

    FORWARD = "forward"
    """From the first known place to the end."""
    BACKWARD = "backward"
    """From the last known place to the beginning."""
    BOTH = "both"
    """From the beginning to the end: both ways from every known place, and back through every gap."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A frame in which the target's box is known."""

    index: int
    box: tuple[float, ...]


class OfflineRun:
    """Follows one target through a clip that is read as often as it takes."""

    def __init__(
        self,
        clip: Clip,
        keys: Sequence[KeyFrame],
        config: TrackerConfig,
        *,
        direction: Direction = Direction.BOTH,
        smooth: bool = False,
        advance: Callable[[], None] = lambda: None,
    ) -> None:
        """Prepare; nothing is read yet.

        Args:
            clip: the recording.
            keys: where the target is known, one place at least.
            config: the tracker's settings.
            direction: which way it is followed from there.
            smooth: whether the boxes are smoothed at the end.
            advance: called after each frame of a pass.
        """
        if not keys:
            raise ConfigError("where is the target? Give its box in one frame at least")
        self._clip = clip
        self._keys = keys
        self._config = config
        self._direction = direction
        self._smooth = smooth
        self._advance = advance

    def run(self) -> list[Seen]:
        """Follow the target and return a row a frame, in order.

        Raises:
            SourceError: the clip cannot be opened or read.
            BoxError: a box cannot be used.
            TargetError: nothing can be learned from one.
            FrameError: a frame is no picture or changes its size.
        """
        known = self._known()
        track: list[Seen] = []
        if self._direction is not Direction.FORWARD:
            first = self._clip.frame(None).index
            track += reversed(self._pass(known[0].box, self._clip.backward(known[0].index, first)))
        for here, following in itertools.pairwise(known):
            del track[-1:]  # the key frame comes again
            track += self._between(here, following)
        if self._direction is not Direction.BACKWARD:
            del track[-1:]
            track += self._tail(known[-1])
        return smoothed(track) if self._smooth else track

    def _known(self) -> list[_Known]:
        """Return the places that are known by the numbers of their frames, each frame once."""
        found: dict[int, _Known] = {}
        for key in self._keys:
            frame = self._clip.frame(key.at)
            if isinstance(key.at, int) and frame.index != key.at:
                raise SourceError(f"there is no frame {key.at} for the box: the next one is {frame.index}")
            found[frame.index] = _Known(frame.index, tuple(key.box(frame)))
        return [found[index] for index in sorted(found)]

    def _pass(self, box: Sequence[float], frames: Iterator[Frame]) -> list[Seen]:
        found = []
        for one in follow(frames, box, self._config):
            found.append(one)
            self._advance()
        return found

    def _between(self, here: _Known, following: _Known) -> list[Seen]:
        """Return the frames from one known place to the next, both included, of both passes between them."""
        stride = self._clip.span.stride
        ahead = self._pass(here.box, self._clip.forward(here.index, following.index))
        back = self._pass(following.box, self._clip.backward(following.index, here.index + stride))
        return [ahead[0], *join(ahead[1:], back[:0:-1]), back[0]]

    def _tail(self, last: _Known) -> list[Seen]:
        """Return the frames from the last known place on; gaps are gone through from behind, too, if both ways go."""
        track = self._pass(last.box, self._clip.forward(last.index))
        if self._direction is Direction.BOTH:
            for first, end in gaps(track):
                track[first - 1 : end] = self._refilled(track, first - 1, end)
        return track

    def _refilled(self, track: Sequence[Seen], first: int, end: int) -> list[Seen]:
        """Return rows joined with a pass back through them from where the target is sure again, about `end`."""
        again = end
        while again < min(end + _SURE_AFTER, len(track) - 1) and track[again + 1].result.ok:
            again += 1
        frames = self._clip.backward(track[again].index, track[first].index)
        behind = {one.index: one for one in self._pass(tuple(track[again].result.box), frames)}
        return join(track[first:end], [behind.get(one.index, one) for one in track[first:end]])


def gaps(track: Sequence[Seen]) -> list[tuple[int, int]]:
    """Return the stretches of rows [first, end) that are not TRACKING and have a sure one after them."""
    found = []
    first: int | None = None
    for row, one in enumerate(track):
        if not one.result.ok:
            first = row if first is None else first
        elif first is not None:
            if row - first >= _SHORTEST_GAP:
                found.append((first, row))
            first = None
    return found


def replay(
    clip: Clip,
    track: Sequence[Seen],
    sink: Sink,
    *,
    label: str = "",
    number: int = 0,
    advance: Callable[[], None] = lambda: None,
) -> RunSummary:
    """Read a clip once more and hand each frame with its result to a sink, which is not closed.

    Raises:
        SourceError: the clip cannot be read.
        OutputError: the sink cannot write.
    """
    began = time.perf_counter()
    rows = {one.index: one.result for one in track}
    states: Counter[TrackState] = Counter()
    if track:
        for frame in clip.forward(track[0].index, track[-1].index + 1):
            result = rows.get(frame.index)
            if result is not None:
                sink.write(frame, (Track(number, label, result),))
                states[result.state] += 1
            advance()
    return RunSummary(
        frames=sum(states.values()),
        bad_frames=0,
        seconds=time.perf_counter() - began,
        targets=1 if track else 0,
        states=dict(states),
        state=track[-1].result.state if track else None,
        stopped=False,
    )
