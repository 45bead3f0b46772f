"""A session with several targets, each with a name and a first frame of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeAlias

from tracker.config.settings import TrackerConfig
from tracker.errors import BoxError, TargetError
from tracker.geometry import Box
from tracker.output.base import Sink, tracks_of
from tracker.session.base import BaseSession
from tracker.session.lifecycle import Newcomers, NoNewcomers
from tracker.session.summary import Step
from tracker.tracking.multi import MultiTracker
from tracker.tracking.result import Track, TrackState
from tracker.video.base import Frame, FrameSource

_log = logging.getLogger(__name__)

Starter: TypeAlias = Callable[[Frame], Iterable[float] | None]
"""Says where a target is in a frame, x, y, width, height in its pixels; None where it is not there yet."""


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody who is to be followed.

    Attributes:
        label: the name, "" for none.
        starter: says in which frame and where it starts; it is asked until it says so.
        id: its number in the results, None for the next free one.
    """

    label: str
    starter: Starter
    id: int | None = None

    @classmethod
    def at(cls, label: str, roi: Iterable[float], start: int = 0) -> Self:
        """Return the target that is at `roi` (x, y, width, height in pixels) in frame `start`, or the first after it.

        Raises:
            BoxError: the box cannot be used.
        """
        box = Box.parse(roi)
        return cls(label, lambda frame: box if frame.index >= start else None)


class MultiSession(BaseSession):
    """Leads the frames of a source through a `MultiTracker` into sinks.

        with MultiSession(source, {"ann": (10, 20, 30, 40), "bob": (90, 20, 30, 40)}, sinks=[CsvSink("out.csv")]) as s:
            s.run()

    A target whose box cannot be used is left out, with a warning; the others are followed. Targets may come and go
    between two frames, by `add` and `remove`; their numbers are never given twice.
    """

    adds = True

    def __init__(
        self,
        source: FrameSource,
        targets: Mapping[str, Iterable[float]] | Sequence[Target],
        *,
        tracker: MultiTracker | None = None,
        newcomers: Newcomers | None = None,
        sinks: Sequence[Sink] = (),
        record: Sink | None = None,
    ) -> None:
        """Take over `source` and `sinks`, which the session will close.

        Args:
            source: where the frames come from.
            targets: boxes in the first frame by name, or targets with more to say.
            tracker: who follows them; None for the default preset.
            newcomers: who comes and goes by itself (`Population`); the sinks then get every frame. None for nobody.
            sinks: who gets the results.
            record: who gets the frames, those before there is a target, too; the session will close it.

        Raises:
            BoxError: a box cannot be used.
        """
        super().__init__(source, sinks, record)
        if isinstance(targets, Mapping):
            targets = [Target.at(label, roi) for label, roi in targets.items()]
        self._waiting = list(targets)
        self._tracker = MultiTracker() if tracker is None else tracker  # one without targets is false
        self._newcomers = newcomers or NoNewcomers()
        self._started = self._newcomers.expected
        self._open: Frame | None = None

    def process(self, frame: Frame) -> Step:
        """Follow the targets into a frame, start on those that appear in it, and hand them to the sinks.

        Raises:
            BoxError: there has been no target and none is waited for; the last one's box cannot be used.
            TargetError: there has been no target and none is waited for; nothing can be learnt from the last one.
            FrameError: the frame is no picture or changes its size.
            OutputError: a sink cannot write.
        """
        self._begin()
        self._finish_open()
        self._tracker.update(frame.image, self._newer(frame))
        self._start_those_in(frame)
        self._newcomers.renew(frame.image, self._tracker)
        return self._hand_on(frame, self._tracks())

    def add(self, frame: Frame, roi: Iterable[float], label: str = "") -> int:
        """Follow one more target, which is in `roi` of a frame (x, y, width, height in pixels), from the next frame on.

        Returns:
            Its number.

        Raises:
            BoxError: the box cannot be used.
            TargetError: nothing can be learnt from it.
            FrameError: the frame has another size than those before.
        """
        return self._tracker.add(frame.image, roi, label=label)

    def choose(self, frame: Frame, box: Box, back_to: Sequence[Track] = ()) -> Step:
        """Follow one more target from a frame on.

        More may be chosen in the same frame: the sinks get it with all of them, when the next one comes or at the end.
        """
        self._begin()
        self.add(frame, box)
        for track in back_to:
            self._put_back(frame, track)
        self._open = frame
        return Step(frame, self._tracks())

    def remove(self, target: int) -> None:
        """See `BaseSession.remove`."""
        self._tracker.remove(target)

    def configure(self, frame: Frame, config: TrackerConfig) -> None:
        """Go on with other settings; a target that cannot begin anew with them keeps those it had."""
        self._tracker.configure(frame.image, config)

    @property
    def config(self) -> TrackerConfig:
        """The settings in force."""
        return self._tracker.config

    @property
    def expecting(self) -> bool:
        """Whether a target is waited for."""
        return bool(self._waiting) or self._newcomers.expected

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._finish_open()
        finally:
            super().__exit__(kind, error, trace)

    def _tracks(self) -> tuple[Track, ...]:
        return tracks_of(self._tracker)

    def _came_by_itself(self, target: int) -> bool:
        return target in self._newcomers.numbers

    def _put_back(self, frame: Frame, track: Track) -> None:
        """Go on from where a target was seen; one that was not, or has gone since, stays as it is."""
        if track.id in self._tracker and track.result.state is not TrackState.LOST:
            with suppress(BoxError, TargetError):
                self._tracker.move(frame.image, track.id, track.result.box)

    def _finish_open(self) -> None:
        frame, self._open = self._open, None
        if frame is not None:
            self._hand_on(frame, self._tracks())

    def _start_those_in(self, frame: Frame) -> None:
        """Start on the targets that are there.

        Raises:
            BoxError: as in `process`.
            TargetError: as in `process`.
        """
        waiting, self._waiting = self._waiting, []
        refused: BoxError | TargetError | None = None
        for target in waiting:
            try:
                roi = target.starter(frame)
                if roi is None:
                    self._waiting.append(target)
                else:
                    self._tracker.add(frame.image, roi, target.id, target.label)
            except (BoxError, TargetError) as error:
                refused = error
                _log.warning("%s is not followed: %s", target.label or "a target", error)
        if refused is not None and not (self._started or self._waiting or len(self._tracker)):
            raise refused
