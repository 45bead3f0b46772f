"""One target from its first box on: the way of a frame through cue, mean shift, size, confidence and learning."""

from __future__ import annotations

import math

from tracker.config.settings import TrackerConfig
from tracker.cues.base import Evidence
from tracker.cues.histogram import ColorHistogramCue
from tracker.cues.target_model import TargetModel
from tracker.geometry import Box
from tracker.image import DensityMap, Image, cut_patch
from tracker.meanshift.window import Stop
from tracker.tracking.confidence import StateMachine, confidence_of
from tracker.tracking.result import TrackResult
from tracker.tracking.search import SearchWindow, Seeker
from tracker.tracking.size import SIZE_ESTIMATORS, SizeChange


class Pursuit:
    """Follows one target. Holds everything that is remembered of it, in plain values: copies and pickles as it is."""

    def __init__(self, config: TrackerConfig, image: Image, box: Box, model: TargetModel | None) -> None:
        self._config = config
        self._window = SearchWindow(box, config.search)
        self._seeker = Seeker(self._window, config.search, config.mean_shift)
        self._size = SIZE_ESTIMATORS[config.size.method](config.size)
        self._states = StateMachine(config.confidence)
        self.cue = ColorHistogramCue(config.color, config.model, model)
        self._first_box = self._box = box
        geometry = self._window.around(box)
        patch = cut_patch(image, geometry)
        target = geometry.box_to_patch(box)
        self.cue.begin(patch, target)
        view = self.cue.look(patch)
        self._size.begin(view, target)
        self.density = DensityMap(view.density, geometry)
        self.first = TrackResult(box, self._states.state, 1.0)

    def step(self, image: Image) -> TrackResult:
        """Find the target in the next picture."""
        geometry = self._window.around(self._box)
        view = self.cue.look(cut_patch(image, geometry))
        self.density = DensityMap(view.density, geometry)
        mode = self._seeker.seek(view)
        target = Box.around(mode.x, mode.y, self._window.target_width, self._window.target_height)
        if mode.stop is Stop.NO_MASS:
            change, evidence = SizeChange(), Evidence(0.0, 0.0, 1.0)
        else:
            change = self._size.measure(view, target, geometry, self._growth())
            evidence = view.judge(target)
        self._box = self._resized(geometry.to_frame(mode.x, mode.y), change)
        confidence = confidence_of(evidence)
        state = self._states.step(confidence)
        result = TrackResult(
            self._box,
            state,
            confidence,
            rotated_box=change.rotated,
            iterations=mode.iterations,
            search=geometry.box,
            path=tuple(geometry.to_frame(x, y) for x, y in mode.path),
        )
        if result.ok:
            view.learn(target)
        return result

    def _growth(self) -> float:
        return math.sqrt(self._box.area / self._first_box.area)

    def _resized(self, center: tuple[float, float], change: SizeChange) -> Box:
        low, high = self._config.size.min_scale, self._config.size.max_scale
        width = min(max(self._box.width * change.across, self._first_box.width * low), self._first_box.width * high)
        height = min(max(self._box.height * change.down, self._first_box.height * low), self._first_box.height * high)
        return Box.around(*center, width, height)
