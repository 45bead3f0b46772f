"""An effect in the way of the frames from the tracker to a sink."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tracker.effects.base import Area
from tracker.effects.coverage import Coverage
from tracker.effects.registry import EffectSpec
from tracker.tracking.result import Track
from tracker.video.base import Frame

_MEMORY = 512 * 2**20
"""Bytes of pictures that may wait; larger pictures are looked ahead of for fewer frames."""


class EffectStage:
    """Puts an effect on the frames of a video; hands each frame on when those ahead of it are known.

    The pictures it is given are not changed.
    """

    def __init__(self, spec: EffectSpec, *, live: bool = False) -> None:
        """Begin before the first frame; a `live` source must not wait, so nothing is looked ahead."""
        self._spec = spec
        self._effect = spec.build()
        self._rest = self._effect.outside != spec.invert
        self._live = live
        self._coverage: Coverage | None = None
        self._waiting: deque[tuple[Frame, tuple[Track, ...]]] = deque()

    def push(self, frame: Frame, tracks: Sequence[Track]) -> Iterator[tuple[Frame, tuple[Track, ...]]]:
        """Take the next frame; yield those that are done, in order."""
        self._waiting.append((frame, tuple(tracks)))
        if self._coverage is None:
            self._coverage = self._started(frame)
        for areas in self._coverage.push(frame.timestamp, tracks):
            yield self._done(areas)

    def finish(self) -> Iterator[tuple[Frame, tuple[Track, ...]]]:
        """Yield the frames that are left."""
        if self._coverage is not None:
            for areas in self._coverage.finish():
                yield self._done(areas)

    def _started(self, frame: Frame) -> Coverage:
        settings = self._spec.settings
        ahead = 0 if self._live else min(settings.ahead, _MEMORY // max(1, frame.image.nbytes))
        return Coverage(settings, ahead=ahead, rest=self._rest, hides=self._effect.hides)

    def _done(self, areas: Sequence[Area]) -> tuple[Frame, tuple[Track, ...]]:
        frame, tracks = self._waiting.popleft()
        image = frame.image.copy()
        self._effect.apply(image, areas, rest=self._rest)
        return replace(frame, image=image), tracks
