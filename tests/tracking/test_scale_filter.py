"""The correlation filter over scales: it says by how much the target has grown."""

import cv2
import numpy as np
import pytest

from tracker.config.settings import ColorSettings, ModelSettings, SizeSettings
from tracker.cues.histogram import ColorHistogramCue
from tracker.geometry import Box
from tracker.patch import PatchGeometry, cut_patch
from tracker.tracking.scale_filter import ScaleFilter

CENTER = (90.0, 90.0)
TARGET = Box.around(*CENTER, 50, 64)


def response_at(scale, light=1.0):
    """The picture enlarged about the target's center, as a cue sees it."""
    rng = np.random.default_rng(3)
    base = cv2.GaussianBlur(rng.integers(0, 256, (180, 180, 3)).astype(np.uint8), (0, 0), 3)
    base = cv2.normalize(base, None, 20, 220, cv2.NORM_MINMAX)
    zoom = np.array([[scale, 0, CENTER[0] * (1 - scale)], [0, scale, CENTER[1] * (1 - scale)]])
    image = (cv2.warpAffine(base, zoom, (180, 180), borderMode=cv2.BORDER_REFLECT) * light).astype(np.uint8)
    patch = cut_patch(image, PatchGeometry(0, 0, 1, 1, 180, 180))
    cue = ColorHistogramCue(ColorSettings(), ModelSettings())
    cue.init(patch, TARGET)
    return cue.respond(patch)


@pytest.fixture
def estimator():
    made = ScaleFilter(SizeSettings(method="filter", steps=8, damping=1))
    made.init(response_at(1), TARGET)
    return made


@pytest.mark.parametrize("scale", [0.88, 0.95, 1.0, 1.05, 1.13])
def test_the_scale_is_found(estimator, scale):
    change = estimator.measure(response_at(scale), TARGET, 1.0)
    assert change.across == change.down == pytest.approx(scale, rel=0.02)


def test_light_does_not_matter(estimator):
    assert estimator.measure(response_at(1.05, light=0.6), TARGET, 1.0).across == pytest.approx(1.05, rel=0.02)


def test_damping_takes_part_of_the_change():
    made = ScaleFilter(SizeSettings(method="filter", steps=8, damping=0.5))
    made.init(response_at(1), TARGET)
    assert made.measure(response_at(1.1), TARGET, 1.0).across == pytest.approx(1.1**0.5, rel=0.02)


def test_learning_a_found_scale_keeps_the_measure(estimator):
    for _ in range(20):
        estimator.update(estimator.measure(response_at(1.05), TARGET, 1.0))
    assert estimator.measure(response_at(1.05), TARGET, 1.0).across == pytest.approx(1.05, rel=0.02)
    assert estimator.measure(response_at(1.0), TARGET, 1.0).across == pytest.approx(1.0, rel=0.02)


def test_measuring_changes_nothing(estimator):
    first = estimator.measure(response_at(1.07), TARGET, 1.0)
    assert estimator.measure(response_at(1.07), TARGET, 1.0).across == first.across
