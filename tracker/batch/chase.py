"""Several targets of one video, each with a tracker and a span of its own."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tracker.batch.jobs import Target
from tracker.config.settings import TrackerConfig
from tracker.errors import SourceError, TrackerError
from tracker.output.base import Track
from tracker.tracking.result import TrackState
from tracker.tracking.tracker import Tracker
from tracker.video.base import Frame
from tracker.video.span import Position


@dataclass(slots=True)
class _Runner:
    target: Target
    tracker: Tracker
    state: TrackState | None = None


@dataclass(slots=True)
class Chase:
    """Follows the targets of a video frame by frame.

    Attributes:
        states: how many rows ended in each state.
        events: what happened, a line each.
    """

    targets: Sequence[Target]
    config: TrackerConfig
    states: Counter[TrackState] = field(default_factory=Counter)
    events: list[str] = field(default_factory=list)
    _runners: list[_Runner] = field(default_factory=list)
    _time: float = -math.inf

    def __post_init__(self) -> None:
        self._runners = [_Runner(target, Tracker(self.config)) for target in self.targets]

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

    def step(self, frame: Frame) -> list[Track]:
        """Return the targets that are due in a frame.

        Raises:
            TrackerError: one of them cannot be started or followed; the message names it.
        """
        tracks = [track for runner in self._runners if (track := self._follow(runner, frame)) is not None]
        self._time = frame.timestamp
        return tracks

    def finish(self) -> None:
        """Check that every target has had its turn.

        Raises:
            SourceError: the video ends before one of them starts.
        """
        for runner in self._runners:
            if runner.state is None:
                raise SourceError(
                    f"target {runner.target.id} starts at {runner.target.span.start}, after the last frame: "
                    "check its start"
                )

    def _follow(self, runner: _Runner, frame: Frame) -> Track | None:
        target = runner.target
        if not target.span.starts_at(frame.index, frame.timestamp) or target.span.ends_at(frame.index, frame.timestamp):
            return None
        try:
            if runner.state is None:
                result = runner.tracker.init(frame.image, target.roi(frame))
            else:
                result = runner.tracker.update(frame.image, frame.timestamp if frame.timestamp > self._time else None)
        except TrackerError as error:
            raise type(error)(f"target {target.id}, frame {frame.index}: {error}") from error
        if result.state is not runner.state:
            why = f" ({result.reason})" if result.reason else ""
            self.events.append(f"frame {frame.index}: target {target.id} {result.state.value}{why}")
        runner.state = result.state
        self.states[result.state] += 1
        # Times differ from run to run; without them the same video gives the same bytes.
        return Track(target.id, target.label, replace(result, elapsed=math.nan))
