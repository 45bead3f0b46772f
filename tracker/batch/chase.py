"""Several targets of one video, each in a span of its own, none on another's place."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tracker.batch.jobs import Target
from tracker.config.settings import TrackerConfig
from tracker.errors import BoxError, FrameError, SourceError, TargetError, TrackerError
from tracker.tracking.multi import MultiTracker
from tracker.tracking.result import Track, TrackResult, TrackState
from tracker.video.base import Frame
from tracker.video.span import Position


@dataclass(slots=True)
class Chase:
    """Follows the targets of a video frame by frame; one that cannot be followed never stops the others.

    Attributes:
        states: how many rows ended in each state.
        events: what happened, a line each.
        refused: why targets could not be followed, by their numbers.
    """

    targets: Sequence[Target]
    config: TrackerConfig
    states: Counter[TrackState] = field(default_factory=Counter)
    events: list[str] = field(default_factory=list)
    refused: dict[int, TrackerError] = field(default_factory=dict)
    _tracker: MultiTracker = field(init=False)
    _waiting: list[Target] = field(init=False)
    _followed: list[Target] = field(default_factory=list)
    _last: dict[int, TrackState] = field(default_factory=dict)
    _time: float = -math.inf

    def __post_init__(self) -> None:
        self._tracker = MultiTracker(self.config)
        self._waiting = list(self.targets)

    @property
    def start(self) -> Position | None:
        """Where the video may begin: the start of all targets where they have the same, else its first frame."""
        starts = {repr(target.span.start): target.span.start for target in self.targets}
        return next(iter(starts.values())) if len(starts) == 1 else None

    @property
    def end(self) -> Position | None:
        """Where the video may end: the end of all targets where they have the same, else its last frame."""
        ends = {repr(target.span.end): target.span.end for target in self.targets}
        return next(iter(ends.values())) if len(ends) == 1 else None

    @property
    def error(self) -> str:
        """Who could not be followed and why, "" if all were."""
        return "; ".join(map(str, self.refused.values()))

    def step(self, frame: Frame) -> list[Track]:
        """Return the targets that are due in a frame.

        Raises:
            BoxError: none of the targets can be followed, the first because of its box.
            TargetError: none of the targets can be followed, the first because nothing can be learnt from it.
            FrameError: the frame has another size than those before.
        """
        self._end_those_over(frame)
        try:
            self._tracker.update(frame.image, frame.timestamp if frame.timestamp > self._time else None)
        except FrameError as error:
            raise FrameError(f"frame {frame.index}: {error}") from error
        self._start_those_in(frame)
        self._time = frame.timestamp
        return [self._track(frame, number, result) for number, result in self._tracker.results.items()]

    def finish(self) -> None:
        """Check that every target has had its turn.

        Raises:
            SourceError: none has; the video ends before the first of them starts.
        """
        for target in self._waiting:
            self._refuse(
                target,
                SourceError(f"target {target.id} starts at {target.span.start}, after the last frame: check its start"),
            )
        self._waiting = []
        self._check_some_left()

    def _end_those_over(self, frame: Frame) -> None:
        for target in [one for one in self._followed if one.span.ends_at(frame.index, frame.timestamp)]:
            self._followed.remove(target)
            self._tracker.remove(target.id)

    def _start_those_in(self, frame: Frame) -> None:
        waiting, self._waiting = self._waiting, []
        for target in waiting:
            if not _is_due(target, frame):
                self._waiting.append(target)
                continue
            try:
                self._tracker.add(frame.image, target.roi(frame), target.id, target.label)
                self._followed.append(target)
            except (BoxError, TargetError) as error:
                self._refuse(target, type(error)(f"target {target.id}, frame {frame.index}: {error}"))
        self._check_some_left()

    def _refuse(self, target: Target, error: TrackerError) -> None:
        self.refused[target.id] = error
        self.events.append(str(error))

    def _check_some_left(self) -> None:
        if len(self.refused) == len(self.targets):
            first = next(iter(self.refused.values()))
            raise type(first)(self.error)

    def _track(self, frame: Frame, number: int, result: TrackResult) -> Track:
        if result.state is not self._last.get(number):
            why = f" ({result.reason})" if result.reason else ""
            self.events.append(f"frame {frame.index}: target {number} {result.state.value}{why}")
        self._last[number] = result.state
        self.states[result.state] += 1
        # Times differ from run to run; without them the same video gives the same bytes.
        return Track(number, self._tracker.label(number), replace(result, elapsed=math.nan))


def _is_due(target: Target, frame: Frame) -> bool:
    span = target.span
    return span.starts_at(frame.index, frame.timestamp) and not span.ends_at(frame.index, frame.timestamp)
