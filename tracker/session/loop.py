"""The capture loop: source → tracker → sinks."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self, TypeAlias

from tracker.config.settings import TrackerConfig
from tracker.geometry import Box
from tracker.output.base import Sink, Track
from tracker.output.group import NullSink, SinkGroup
from tracker.session.summary import RunSummary, Step
from tracker.tracking.result import TrackResult, TrackState
from tracker.tracking.tracker import Tracker
from tracker.video.base import Frame, FrameSource

Chooser: TypeAlias = Callable[[Frame], Iterable[float]]
"""Says where the target is in the first frame: x, y, width, height in its pixels."""


class Session:
    """Leads the frames of a source through a tracker into sinks, and closes source and sinks whatever happens.

    A session is iterated once, by `run` or by the caller, who sets the pace and may do anything between two steps:

        with Session(source, roi, sinks=[CsvSink("box.csv")]) as session:
            for step in session:
                ...

    The first frame starts the tracker. Programs with a loop of their own call `select` and `process` instead of
    iterating. However often a frame is looked at, the sinks get it once, and only forwards; nothing reaches them before
    there is a target.
    """

    def __init__(
        self,
        source: FrameSource,
        roi: Iterable[float] | Chooser | None = None,
        *,
        tracker: Tracker | None = None,
        sinks: Sequence[Sink] = (),
        record: Sink | None = None,
        label: str = "",
    ) -> None:
        """Take over `source` and `sinks`, which the session will close.

        Args:
            source: where the frames come from.
            roi: the target in the first frame, x, y, width, height in pixels, or what chooses it; None where `select`
                will be called.
            tracker: who follows the target; None for the default preset.
            sinks: who gets the results.
            record: who gets the frames, those before there is a target, too; the session will close it.
            label: the target's name.
        """
        self._source = source
        self._choose = _always(roi) if isinstance(roi, Iterable) else roi
        self._tracker = tracker or Tracker()
        self._record = record or NullSink()
        self._results = SinkGroup(sinks)
        self._sinks = SinkGroup([*sinks, self._record])
        self._label = label
        self._states: Counter[TrackState] = Counter()
        self._state: TrackState | None = None
        self._box: Box | None = None
        self._recorded = self._written = -1
        self._time = -math.inf
        self._began: float | None = None
        self._ended: float | None = None
        self._stopping = False

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
                if self._state is None and self._choose is not None:
                    yield self.select(frame, self._choose(frame))
                else:
                    yield self.process(frame)
                if self._stopping:
                    break

    def select(self, frame: Frame, roi: Iterable[float]) -> Step:
        """Start over on the target in `roi` of a frame, x, y, width, height in pixels; else as `process`.

        Raises:
            BoxError: the box cannot be used; what was followed before still is.
            TargetError: nothing can be learnt from it; what was followed before still is.
            OutputError: a sink cannot write.
        """
        self._begin()
        return self._hand_on(frame, self._tracker.init(frame.image, roi))

    def process(self, frame: Frame) -> Step:
        """Follow the target into a frame and hand it to the sinks; without a target only the recording gets it.

        Raises:
            FrameError: the frame is no picture or changes its size.
            OutputError: a sink cannot write.
        """
        self._begin()
        if self._state is None:
            self._keep(frame)
            return Step(frame, ())
        timestamp = frame.timestamp if frame.timestamp > self._time else None
        return self._hand_on(frame, self._tracker.update(frame.image, timestamp))

    def configure(self, frame: Frame, config: TrackerConfig) -> None:
        """Go on with other settings, and with what was learnt so far, from the target's place in `frame`.

        Raises:
            TargetError: what was learnt is over other colours than the settings ask for.
        """
        tracker = Tracker(config)
        if self._box is not None:
            tracker.init(frame.image, self._box, model=self._tracker.model)
        self._tracker = tracker

    @property
    def config(self) -> TrackerConfig:
        """The settings in force."""
        return self._tracker.config

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
            frames=self._states.total(),
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

    def _hand_on(self, frame: Frame, result: TrackResult) -> Step:
        step = Step(frame, (Track(0, self._label, result, self._tracker.density),))
        self._keep(frame)
        if frame.index > self._written:
            self._results.write(frame, step.tracks)
            self._written = frame.index
            self._states[result.state] += 1
        self._state, self._box, self._time = result.state, result.box, frame.timestamp
        return step

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


def _always(roi: Iterable[float]) -> Chooser:
    return lambda _: roi
