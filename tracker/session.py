"""The capture loop: source → tracker → sinks."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

from tracker.config.settings import TrackerConfig
from tracker.output.base import Sink, Track
from tracker.output.group import SinkGroup
from tracker.tracking.result import TrackResult, TrackState
from tracker.tracking.tracker import Tracker
from tracker.video.base import Frame, FrameSource
from tracker.video.sources import SourceSpec, open_source
from tracker.video.span import Position

Chooser: TypeAlias = Callable[[Frame], Iterable[float]]
"""Says where the target is in the first frame: x, y, width, height in its pixels."""


@dataclass(frozen=True, slots=True)
class Step:
    """One frame and what was found in it.

    Attributes:
        frame: the picture, as the source gave it.
        tracks: the targets, as the sinks have had them.
    """

    frame: Frame
    tracks: tuple[Track, ...]


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run has done so far.

    Attributes:
        frames: frames that the sinks have had.
        bad_frames: frames that could not be decoded and were passed over.
        seconds: wall time from the first frame asked for until the last sink was closed.
        states: how many frames ended in each state.
        state: the state after the last frame, None where there was none.
        stopped: whether somebody asked for the end.
    """

    frames: int
    bad_frames: int
    seconds: float
    states: Mapping[TrackState, int]
    state: TrackState | None
    stopped: bool

    @property
    def fps(self) -> float:
        """Frames per second of the whole: reading, tracking and writing."""
        return self.frames / self.seconds if self.seconds > 0 else 0.0

    def share(self, state: TrackState) -> float:
        """Return the share of frames in `state`, in [0, 1]."""
        return self.states.get(state, 0) / self.frames if self.frames else 0.0


class Session:
    """Leads the frames of a source through a tracker into sinks, and closes source and sinks whatever happens.

    A session is iterated once, by `run` or by the caller, who sets the pace and may do anything between two steps:

        with Session(source, roi, sinks=[CsvSink("box.csv")]) as session:
            for step in session:
                ...

    The first frame starts the tracker; nothing reaches the sinks before it has a target.
    """

    def __init__(
        self,
        source: FrameSource,
        roi: Iterable[float] | Chooser,
        *,
        tracker: Tracker | None = None,
        sinks: Sequence[Sink] = (),
        label: str = "",
    ) -> None:
        """Take over `source` and `sinks`, which the session will close.

        Args:
            source: where the frames come from.
            roi: the target in the first frame, x, y, width, height in pixels, or what chooses it.
            tracker: who follows the target; None for the default preset.
            sinks: who gets the results.
            label: the target's name.
        """
        self._source = source
        self._choose = roi if callable(roi) else _always(roi)
        self._tracker = tracker or Tracker()
        self._sinks = SinkGroup(sinks)
        self._label = label
        self._states: Counter[TrackState] = Counter()
        self._state: TrackState | None = None
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
        self._began = time.perf_counter()
        with self:
            for frame in self._source:
                step = self._step(frame)
                yield step
                if self._stopping:
                    break

    def stop(self) -> None:
        """End the run after the step under way; safe to call from a signal handler or another thread."""
        self._stopping = True

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

    def _step(self, frame: Frame) -> Step:
        result = self._look(frame)
        step = Step(frame, (Track(0, self._label, result, self._tracker.density),))
        self._sinks.write(frame, step.tracks)
        self._state = result.state
        self._states[result.state] += 1
        return step

    def _look(self, frame: Frame) -> TrackResult:
        if self._state is None:
            return self._tracker.init(frame.image, self._choose(frame))
        return self._tracker.update(frame.image, frame.timestamp)

    def _end(self) -> None:
        if self._ended is None:
            self._ended = time.perf_counter()


def track(
    source: SourceSpec,
    roi: Iterable[float] | Chooser,
    config: str | Path | TrackerConfig | None = None,
    *,
    start: Position | None = None,
    end: Position | None = None,
    stride: int = 1,
) -> Iterator[tuple[Frame, TrackResult]]:
    """Follow one target through a source; yields every frame with its result, the first one included.

        for frame, result in track("clip.mp4", roi=(x, y, width, height)):
            ...

    The source is opened when the first frame is asked for, and closed when the loop ends or is left.

    Args:
        source: what `open_source` opens.
        roi: the target in the first frame, x, y, width, height in pixels, or what chooses it.
        config: a preset's name, a path to a YAML file, or settings; None for the default preset.
        start: first frame wanted: an int is a frame number, a float is seconds.
        end: first frame no longer wanted, as `start`.
        stride: look at every `stride`-th frame.

    Raises:
        ConfigError: unknown preset or setting, or the span is not possible.
        SourceError: the source cannot be opened or read.
        BoxError: the box cannot be used.
        TargetError: nothing can be learnt from it.
        FrameError: a frame is no picture or changes its size.
    """
    tracker = Tracker.from_config(config)
    with Session(open_source(source, start=start, end=end, stride=stride), roi, tracker=tracker) as session:
        for step in session:
            yield step.frame, step.tracks[0].result


def _always(roi: Iterable[float]) -> Chooser:
    return lambda _: roi
