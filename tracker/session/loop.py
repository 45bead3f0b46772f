"""The capture loop: source → tracker → sinks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from tracker.config.settings import TrackerConfig
from tracker.errors import TargetIdError
from tracker.geometry import Box
from tracker.output.base import Sink
from tracker.session.base import BaseSession
from tracker.session.summary import Step
from tracker.tracking.result import Track, TrackResult
from tracker.tracking.tracker import Tracker
from tracker.video.base import Frame, FrameSource

Chooser: TypeAlias = Callable[[Frame], Iterable[float]]
"""Says where the target is in the first frame: x, y, width, height in its pixels."""

_ONLY = 0
"""Number of the only target."""


class Session(BaseSession):
    """Leads the frames of a source through a tracker into sinks, and closes source and sinks whatever happens.

    A session is iterated once, by `run` or by the caller, who sets the pace and may do anything between two steps:

        with Session(source, roi, sinks=[CsvSink("box.csv")]) as session:
            for step in session:
                ...

    The first frame starts the tracker. Programs with a loop of their own call `select` and `process` instead of
    iterating. However often a frame is looked at, the sinks get it once, and only forwards; nothing reaches them before
    there is a target.
    """

    adds = False

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
        super().__init__(source, sinks, record)
        self._choose = _always(roi) if isinstance(roi, Iterable) else roi
        self._tracker = tracker or Tracker()
        self._label = label
        self._box: Box | None = None

    def select(self, frame: Frame, roi: Iterable[float]) -> Step:
        """Start over on the target in `roi` of a frame, x, y, width, height in pixels; else as `process`.

        Raises:
            BoxError: the box cannot be used; what was followed before still is.
            TargetError: nothing can be learnt from it; what was followed before still is.
            OutputError: a sink cannot write.
        """
        self._begin()
        result = self._tracker.init(frame.image, roi)
        self._choose = None
        return self._followed(frame, result)

    def choose(self, frame: Frame, box: Box, back_to: Sequence[Track] = ()) -> Step:
        """Start over on the target in `box` of a frame; see `select`."""
        return self.select(frame, box)

    def process(self, frame: Frame) -> Step:
        """Follow the target into a frame and hand it to the sinks; without a target only the recording gets it.

        Raises:
            BoxError: this is the first frame, and the box in it cannot be used.
            TargetError: this is the first frame, and nothing can be learnt from it.
            FrameError: the frame is no picture or changes its size.
            OutputError: a sink cannot write.
        """
        self._begin()
        if self._choose is not None:
            return self.select(frame, self._choose(frame))
        if self._box is None:
            return self._hand_on(frame, ())
        return self._followed(frame, self._tracker.update(frame.image, self._newer(frame)))

    def remove(self, target: int = _ONLY) -> None:
        """Follow the target no longer; `select` can start on another one.

        Raises:
            TargetIdError: there is no target of that number.
        """
        if self._box is None or target != _ONLY:
            raise TargetIdError(f"there is no target {target}: choose one first")
        self._box = None

    def configure(self, frame: Frame, config: TrackerConfig) -> None:
        """See `BaseSession.configure`."""
        tracker = Tracker(config)
        if self._box is not None:
            tracker.init(frame.image, self._box, model=self._tracker.model)
        self._tracker = tracker

    @property
    def config(self) -> TrackerConfig:
        """The settings in force."""
        return self._tracker.config

    @property
    def expecting(self) -> bool:
        """Whether the first frame has its target chosen by `roi`."""
        return self._choose is not None

    def _followed(self, frame: Frame, result: TrackResult) -> Step:
        self._box = result.box
        return self._hand_on(frame, (Track(_ONLY, self._label, result, self._tracker.density),))


def _always(roi: Iterable[float]) -> Chooser:
    return lambda _: roi
