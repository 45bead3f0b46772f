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


class Table:
    """What of a pandas or polars table counts: named columns, and an array of its values."""

    def __init__(self, values: np.ndarray, *columns: object) -> None:
        self.columns = columns
        self._values = values

    def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
        return self._values.astype(dtype or self._values.dtype)


POINTS = np.array([[0.0, 0.0], [0.2, 0.1], [5.0, 9.0], [5.1, 9.2]])


def test_the_names_of_a_table_are_kept():
    model = MeanShift(bandwidth=1.0).fit(Table(POINTS, "size", "speed"))
    assert list(model.feature_names_in_) == ["size", "speed"]
    assert list(model.predict(Table(POINTS, "size", "speed"))) == list(model.predict(POINTS)) == list(model.labels_)
    model.fit(POINTS)
    assert not hasattr(model, "feature_names_in_")


@pytest.mark.parametrize("columns", [("speed", "size"), ("size", "weight")])
def test_a_table_with_other_columns_is_refused(columns):
    model = MeanShift(bandwidth=1.0).fit(Table(POINTS, "size", "speed"))
    with pytest.raises(DataError, match=f"are {', '.join(columns)}, those it was fitted on size, speed"):
        model.predict(Table(POINTS, *columns))


@pytest.mark.parametrize("columns", [(), (0, 1), ("size", 1)])
def test_columns_without_names_are_no_names(columns):
    model = MeanShift(bandwidth=1.0).fit(Table(POINTS, *columns))
    assert not hasattr(model, "feature_names_in_")
    assert len(model.predict(Table(POINTS, "a", "b"))) == 4


@pytest.mark.parametrize("columns", [lambda: ["a", "b"], 2, 2.5, object(), "ab", None])
def test_what_is_no_sequence_of_names_is_no_names(columns):
    table = Table(POINTS)
    table.columns = columns
    model = MeanShift(bandwidth=1.0).fit(table)
    assert not hasattr(model, "feature_names_in_")
    assert list(model.predict(table)) == list(model.labels_)


FAR = [[100.0, 100.0]]


def _stop(progress):
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("settings", "error"), [({"seeds": FAR}, DataError), ({"seeds": [[0.0]]}, DataError), ({"progress": _stop}, None)]
)
def test_a_fit_that_failed_is_none(settings, error):
    model = MeanShift(bandwidth=1.0, **settings)
    with pytest.raises(error or KeyboardInterrupt):
        model.fit(Table(POINTS, "size", "speed"))
    with pytest.raises(NotInitialisedError, match="call fit before predict"):
        model.predict(POINTS)
    assert [name for name in vars(model) if name.endswith("_")] == []


@pytest.mark.parametrize("assign", ["nearest", "basin"])
@pytest.mark.parametrize(
    ("settings", "data"),
    [
        ({"seeds": FAR}, Table(POINTS + 1, "width", "height")),
        ({"seeds": FAR, "mode": "grid", "bandwidth": 0.1}, POINTS),
        ({"seeds": [[99.0] * 3]}, np.zeros((4, 3))),
        ({"progress": _stop}, np.zeros((4, 3))),
        ({"bandwidth": -1.0}, POINTS),
        ({}, [[np.nan, 0.0]]),
    ],
)
def test_a_refit_that_failed_leaves_what_was_found_before(assign, settings, data):
    table = Table(POINTS, "size", "speed")
    model = MeanShift(bandwidth=1.0, assign=assign).fit(table)
    before = {name: value for name, value in vars(model).items() if name.endswith("_")}
    with pytest.raises((DataError, ConfigError, KeyboardInterrupt)):
        model.set_params(**settings).fit(data)
    assert all(vars(model)[name] is value for name, value in before.items())
    assert list(model.predict(table)) == list(model.labels_)


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
