from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from tests.meanshift.clustering.helpers import (
    blobs,
)
from tracker.errors import ConfigError, DataError, NotInitialisedError
from tracker.meanshift.clustering import MeanShift


def test_check_estimator():
    with pytest.warns(UserWarning, match="does not inherit"):
        check_estimator(MeanShift(), on_skip=None)


def test_clone_and_pipeline():
    points = blobs(300, 2)
    model = MeanShift(bandwidth=0.9, kernel="epanechnikov")
    assert clone(model).get_params() == model.get_params()
    assert repr(model) == "MeanShift(bandwidth=0.9, kernel='epanechnikov')"
    pipeline = make_pipeline(StandardScaler(), MeanShift(bandwidth=0.9))
    scaled = StandardScaler().fit_transform(points)
    np.testing.assert_array_equal(pipeline.fit_predict(points), MeanShift(bandwidth=0.9).fit_predict(scaled))
    assert pipeline.set_params(meanshift__bandwidth=0.5).get_params()["meanshift__bandwidth"] == 0.5


def test_unknown_setting():
    with pytest.raises(ConfigError, match="Invalid parameter 'width'"):
        MeanShift().set_params(width=1)


def test_predict_before_fit():
    with pytest.raises(NotInitialisedError, match="call fit before predict"):
        MeanShift().predict([[0.0]])


def test_predict_in_another_dimension():
    with pytest.raises(DataError, match="X has 2 features, but MeanShift is expecting 1"):
        MeanShift(bandwidth=1.0).fit([[0.0]]).predict([[0.0, 0.0]])


def test_it_runs_without_scikit_learn():
    program = """
import sys
sys.modules["sklearn"] = None
from tracker.errors import NotInitialisedError
from tracker.meanshift.clustering import MeanShift
try:
    MeanShift().predict([[0.0]])
except NotInitialisedError:
    print(MeanShift(bandwidth=1.0).fit_predict([[0.0], [0.5], [9.0]]).tolist())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[0, 0, 1]"
