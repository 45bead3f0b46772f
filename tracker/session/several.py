"""A session with several targets, each with a name and a first frame of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

from tracker.errors import BoxError, TargetError
from tracker.geometry import Box
from tracker.output.base import Sink, Track
from tracker.session.base import BaseSession
from tracker.session.summary import Step
from tracker.tracking.multi import MultiTracker
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

    A target whose box cannot be used is left out, with a warning; the others are followed.
    """

    def __init__(
        self,
        source: FrameSource,
        targets: Mapping[str, Iterable[float]] | Sequence[Target],
        *,
        tracker: MultiTracker | None = None,
        sinks: Sequence[Sink] = (),
        record: Sink | None = None,
    ) -> None:
        """Take over `source` and `sinks`, which the session will close.

        Args:
            source: where the frames come from.
            targets: boxes in the first frame by name, or targets with more to say.
            tracker: who follows them; None for the default preset.
            sinks: who gets the results.
            record: who gets the frames, those before there is a target, too; the session will close it.

        Raises:
            BoxError: a box cannot be used.
        """
        super().__init__(source, sinks, record)
        if isinstance(targets, Mapping):
            targets = [Target.at(label, roi) for label, roi in targets.items()]
        self._waiting = list(targets)
        self._tracker = tracker or MultiTracker()

    def _step(self, frame: Frame) -> Step:
        self._begin()
        self._tracker.update(frame.image, self._newer(frame))
        self._start_those_in(frame)
        tracks = (
            Track(number, self._tracker.label(number), result, self._tracker.density(number))
            for number, result in self._tracker.results.items()
        )
        return self._hand_on(frame, tuple(tracks))

    def _start_those_in(self, frame: Frame) -> None:
        """Start on the targets that are there.

        Raises:
            BoxError: nobody is left to be followed; the last one's box cannot be used.
            TargetError: nobody is left to be followed; nothing can be learnt from the last one.
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
        if refused is not None and not self._waiting and len(self._tracker) == 0:
            raise refused
