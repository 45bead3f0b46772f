"""What every session does, however many targets it follows."""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from tracker.output.base import Sink, Track
from tracker.output.group import NullSink, SinkGroup
from tracker.session.summary import RunSummary, Step
from tracker.tracking.result import TrackState
from tracker.video.base import Frame, FrameSource

_FROM_BAD_TO_GOOD = (TrackState.LOST, TrackState.OCCLUDED, TrackState.TRACKING)


class BaseSession(ABC):
    """Leads the frames of a source through `_step` into sinks, and closes source and sinks whatever happens.

    It is iterated once, by `run` or by the caller, who sets the pace and may do anything between two steps. However
    often a frame is looked at, the sinks get it once, and only forwards; nothing reaches them before there is a target.
    """

    def __init__(self, source: FrameSource, sinks: Sequence[Sink], record: Sink | None) -> None:
        self._source = source
        self._record = record or NullSink()
        self._results = SinkGroup(sinks)
        self._sinks = SinkGroup([*sinks, self._record])
        self._frames = 0
        self._states: Counter[TrackState] = Counter()
        self._state: TrackState | None = None
        self._recorded = self._written = -1
        self._time = -math.inf
        self._began: float | None = None
        self._ended: float | None = None
        self._stopping = False

    @abstractmethod
    def _step(self, frame: Frame) -> Step:
        """Do what the next frame asks for, and hand it to the sinks."""

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
                yield self._step(frame)
                if self._stopping:
                    break

    def stop(self) -> None:
        """End the run after the step under way; safe to call from a signal handler or another thread."""
        self._stopping = True
        self._source.stop()

    @property
    def started(self) -> bool:
        """Whether there has been a target."""
        return self._state is not None

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
        """Give a frame and its targets to the sinks, if they have not had it; without a target to the recording."""
        step = Step(frame, tracks)
        self._keep(frame)
        if not tracks:
            return step
        states = [track.result.state for track in tracks]
        if frame.index > self._written:
            self._results.write(frame, step.tracks)
            self._written = frame.index
            self._frames += 1
            self._states.update(states)
        self._state, self._time = min(states, key=_FROM_BAD_TO_GOOD.index), frame.timestamp
        return step

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
