from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import estimate_bandwidth as reference_bandwidth

from tests.meanshift.clustering.helpers import (
    blobs,
)
from tracker.errors import ConfigError
from tracker.meanshift.clustering import estimate_bandwidth


@pytest.mark.parametrize("quantile", [0.0, 0.01, 0.3, 0.45])
@pytest.mark.parametrize("drawn", [None, 1, 60, 5000])
def test_bandwidth_to_the_last_bit(quantile, drawn):
    points = blobs(1200, 3, seed=5)
    settings = {"quantile": quantile, "n_samples": drawn, "random_state": 4}
    assert estimate_bandwidth(points, **settings) == reference_bandwidth(points, **settings)


def test_bandwidth_at_large_quantiles():
    # From a half on the reference takes squares apart in a matrix product, which costs it digits.
    points = blobs(400, 2)
    assert estimate_bandwidth(points, quantile=1.0) == pytest.approx(
        reference_bandwidth(points, quantile=1.0), rel=1e-9
    )


def test_estimated_bandwidth_takes_weights_for_copies():
    points = np.random.default_rng(0).normal(size=(60, 2))
    copies = np.random.default_rng(1).integers(0, 4, 60)
    weighted = estimate_bandwidth(points, sample_weight=copies)
    assert weighted == pytest.approx(estimate_bandwidth(np.repeat(points, copies, axis=0)), rel=1e-12)
    assert 0 < estimate_bandwidth(points, sample_weight=np.full(60, 1 / 60)) < 3


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"quantile": 1.5}, r"quantile lies in \[0, 1\]; got 1.5"),
        ({"quantile": float("nan")}, "got nan"),
        ({"n_samples": 0}, "n_samples is a whole number of at least 1, or None; got 0"),
        ({"n_samples": 5, "random_state": "seed"}, "random_state is a whole number"),
        ({"n_samples": 5, "random_state": -1}, "got -1"),
    ],
)
def test_bandwidth_settings_out_of_range(settings, message):
    with pytest.raises(ConfigError, match=message):
        estimate_bandwidth(np.zeros((10, 2)), **settings)
