"""Running a preset over a rendered scene and scoring it against the scene's exact truth."""

import itertools
from dataclasses import dataclass

import numpy as np
import pytest

from tests.tracking.crowd import render
from tracker import Tracker, open_source
from tracker.geometry import iou


@dataclass
class Run:
    """What came of one scene: results from the second frame on, with the truth beside them."""

    results: list
    truths: list

    @property
    def overlaps(self):
        return np.array([iou(r.box, t) for r, t in zip(self.results, self.truths, strict=True) if t is not None])

    def absences(self):
        """Ranges of indices into `results` during which the target is not to be seen."""
        absent = [truth is None for truth in self.truths]
        edges = [i for i in range(1, len(absent)) if absent[i] != absent[i - 1]]
        return [range(a, b) for a, b in itertools.pairwise(edges) if absent[a]]


@pytest.fixture(scope="session")
def run_scene():
    """run_scene(spec, preset="fast", overrides=()) -> Run; each combination is computed once a session."""
    done = {}

    def run(spec, preset="fast", overrides=()):
        key = (spec, preset, tuple(overrides))
        if key not in done:
            with open_source(f"synth:{spec}") as source:
                tracker = Tracker.from_config(preset, overrides)
                results, truths = [], []
                for frame in source:
                    if frame.index == 0:
                        tracker.init(frame.image, source.truth(0))
                        continue
                    results.append(tracker.update(frame.image, frame.timestamp))
                    truths.append(source.truth(frame.index))
            done[key] = Run(results, truths)
        return done[key]

    return run


@pytest.fixture(scope="module")
def clip():
    """Forty frames and the first box; with an occlusion in the middle."""
    with open_source("synth:occlusion:frames=60:size=240x180") as source:
        return [frame.image for frame in source], source.truth(0)


@pytest.fixture(scope="session")
def crowd():
    """Six targets that cross each other."""
    return render("crowd:frames=60:size=320x180")
