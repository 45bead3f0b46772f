"""An effect in the way of the frames from the tracker to a sink."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from tracker.drawing.draw import Drawable, tracks_of_results
from tracker.effects.base import Area
from tracker.effects.coverage import Coverage
from tracker.effects.registry import EffectSpec, parse_effect
from tracker.image import Image, as_image
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


def apply_effect(frame: Any, result: Drawable, effect: str | EffectSpec = "blur") -> Image:
    """Return a copy of a picture with an effect on the targets, or on all the rest of it.

        picture = apply_effect(image, tracker.update(image), "blur")

    Nothing is known of other frames here: where something must not be seen in a video, `track(..., effect="blur")` and
    `EffectStage` cover what is in doubt.

    Args:
        frame: a picture (see `tracker.image.as_image`) or a `Frame`; not changed.
        result: of one target or of several; one that is LOST is passed over where the rest is changed.
        effect: as `tracker track --effect` has it: "blur", "solid:shape=box:margin=0.5", "blur:invert".

    Raises:
        FrameError: it is no picture.
        ConfigError: the effect cannot be read.
    """
    spec = parse_effect(effect) if isinstance(effect, str) else effect
    image = as_image(getattr(frame, "image", frame)).copy()
    applied = spec.build()
    rest = applied.outside != spec.invert
    coverage = Coverage(spec.settings, rest=rest, hides=applied.hides)
    for areas in coverage.push(0.0, tracks_of_results(result)):
        applied.apply(image, areas, rest=rest)
    return image
