"""What every session does, however many targets it follows."""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import ClassVar, Self

from tracker.config.settings import TrackerConfig
from tracker.geometry import Box
from tracker.output.base import NullSink, Sink, SinkGroup
from tracker.session.summary import RunSummary, Step
from tracker.tracking.result import Track, TrackState
from tracker.video.base import Frame, FrameSource

_FROM_BAD_TO_GOOD = (TrackState.LOST, TrackState.OCCLUDED, TrackState.TRACKING)


class BaseSession(ABC):
    """Leads the frames of a source through `process` into sinks, and closes source and sinks whatever happens.

    It is iterated once, by `run` or by the caller, who sets the pace and may do anything between two steps. However
    often a frame is looked at, the sinks get it once, and only forwards; nothing reaches them before there is a target.

    Attributes:
        adds: whether a target that is chosen is followed beside the others, instead of in their place.
    """

    adds: ClassVar[bool]

    def __init__(self, source: FrameSource, sinks: Sequence[Sink], record: Sink | None) -> None:
        self._source = source
        self._record = record or NullSink()
        self._results = SinkGroup(sinks)
        self._sinks = SinkGroup([*sinks, self._record])
        self._frames = 0
        self._states: Counter[TrackState] = Counter()
        self._ids: set[int] = set()
        self._state: TrackState | None = None
        self._started = False
        self._recorded = self._written = -1
        self._time = -math.inf
        self._began: float | None = None
        self._ended: float | None = None
        self._stopping = False

    @property
    @abstractmethod
    def config(self) -> TrackerConfig:
        """The settings in force."""

    @property
    @abstractmethod
    def expecting(self) -> bool:
        """Whether a target will be followed without anybody calling `choose`."""

    @abstractmethod
    def process(self, frame: Frame) -> Step:
        """Do what the next frame asks for, and hand it to the sinks; see `__iter__` for what it raises."""

    @abstractmethod
    def choose(self, frame: Frame, box: Box, back_to: Sequence[Track] = ()) -> Step:
        """Follow the target in `box` of a frame from there on.

        Args:
            frame: the newest frame, or an earlier one.
            box: the target in it.
            back_to: where the other targets were in it, if they are to be followed from there on, too.

        Returns:
            The frame with its targets, the chosen one last.

        Raises:
            BoxError: the box cannot be used; what was followed before still is.
            TargetError: nothing can be learnt from it; what was followed before still is.
            FrameError: the frame has another size than those before.
            OutputError: a sink cannot write.
        """

    @abstractmethod
    def remove(self, target: int) -> None:
        """Follow a target no longer; without any, the recording goes on, and sinks get frames without targets.

        Raises:
            TargetIdError: there is no target of that number.
        """

    @abstractmethod
    def configure(self, frame: Frame, config: TrackerConfig) -> None:
        """Go on with other settings, and with what was learnt so far, from the targets' places in `frame`.

        Raises:
            BoxError: the only target is leaving the picture; nothing has changed.
            TargetError: what was learnt is over other colors than the settings ask for; nothing has changed.
        """

    def run(self) -> RunSummary:
        """Go on until the source ends or `stop` is called; see `__iter__` for what it raises."""
        for _ in self:
            pass
        return self.summary

    def __iter__(self) -> Iterator[Step]:
        """Yield each step after the sinks have had it.

        Raises:
            SourceError: the source cannot be read any further.
            BoxError: the chosen box cannot be used.
            TargetError: nothing can be learnt from it.
            FrameError: a frame is no picture or changes its size; what came before it is kept.
            OutputError: a sink cannot write or finish.
        """
        self._begin()
        with self:
            for frame in self._source:
                yield self.process(frame)
                if self._stopping:
                    break

    def stop(self) -> None:
        """End the run after the step under way; safe to call from a signal handler or another thread."""
        self._stopping = True
        self._source.stop()

    @property
    def started(self) -> bool:
        """Whether there has been a target, or the session looks for them by itself."""
        return self._started

    @property
    def stopped(self) -> bool:
        """Whether somebody asked for the end."""
        return self._stopping

    @property
    def summary(self) -> RunSummary:
        """What has been done so far."""
        now = time.perf_counter() if self._ended is None else self._ended
        return RunSummary(
            frames=self._frames,
            bad_frames=self._source.bad_frames,
            seconds=0.0 if self._began is None else now - self._began,
            targets=len(self._ids),
            states=dict(self._states),
            state=self._state,
            stopped=self._stopping,
        )

    def close(self) -> None:
        """Close the sinks, then the source; safe to call more than once.

        Raises:
            OutputError: a sink could not finish.
        """
        self.__exit__(None, None, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with ExitStack() as stack:
            stack.callback(self._end)
            stack.push(self._source)
            self._sinks.__exit__(kind, error, trace)

    def _hand_on(self, frame: Frame, tracks: tuple[Track, ...]) -> Step:
        """Give a frame and its targets to the sinks, if they have not had it; before any target to the recording."""
        step = Step(frame, tracks)
        self._keep(frame)
        if not (tracks or self._started):
            return step
        self._started = True
        states = [track.result.state for track in tracks]
        if frame.index > self._written:
            self._results.write(frame, step.tracks)
            self._written = frame.index
            self._frames += 1
            self._states.update(states)
            self._ids.update(track.id for track in tracks)
        named = [track.result.state for track in tracks if not self._came_by_itself(track.id)]
        self._state, self._time = min(named, key=_FROM_BAD_TO_GOOD.index, default=None), frame.timestamp
        return step

    def _came_by_itself(self, target: int) -> bool:
        """Whether nobody named that target."""
        return False

    def _newer(self, frame: Frame) -> float | None:
        """The frame's time, None where that is not after the last one's."""
        return frame.timestamp if frame.timestamp > self._time else None

    def _keep(self, frame: Frame) -> None:
        if frame.index > self._recorded:
            self._record.write(frame, ())
            self._recorded = frame.index

    def _begin(self) -> None:
        if self._began is None:
            self._began = time.perf_counter()

    def _end(self) -> None:
        if self._ended is None:
            self._ended = time.perf_counter()
