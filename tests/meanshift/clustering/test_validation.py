from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from tracker.errors import ConfigError, DataError
from tracker.meanshift.clustering import MeanShift


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"bandwidth": 0}, "bandwidth is a number above 0 .*; got 0"),
        ({"bandwidth": -1.0}, "got -1.0"),
        ({"bandwidth": np.inf}, "got inf"),
        ({"bandwidth": "wide"}, "got 'wide'"),
        ({"seeds": 3.0}, "seeds is an array"),
        ({"bin_seeding": "yes"}, "bin_seeding is True or False; got 'yes'"),
        ({"min_bin_freq": 0}, "min_bin_freq is a whole number of at least 1; got 0"),
        ({"min_bin_freq": 1.5}, "got 1.5"),
        ({"cluster_all": 2}, "cluster_all is True or False"),
        ({"max_iter": -1}, "max_iter is a whole number of at least 0; got -1"),
        ({"max_iter": True}, "max_iter is a whole number"),
        ({"kernel": "round"}, "kernel is one of flat, epanechnikov, gaussian; got 'round'"),
        ({"assign": "far"}, "assign is one of nearest, basin"),
        ({"mode": "fast"}, "mode is one of exact, grid"),
        ({"progress": 1}, "progress is a function or None"),
    ],
)
def test_settings_out_of_range(settings, message):
    with pytest.raises(ConfigError, match=message):
        MeanShift(**settings).fit([[0.0], [1.0]])


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([[0.0, 1.0], [np.nan, 1.0]], "NaN at row 1, column 0"),
        ([[0.0, 1.0], [2.0, -np.inf]], r"infinity \(inf\) at row 1, column 1"),
        ([[1e200, 0.0]], "1e\\+200, which is beyond 1e150, at row 0, column 0"),
        ([1.0, 2.0], "Reshape your data"),
        (3.0, "single value"),
        (np.zeros((2, 2, 2)), r"shape \(2, 2, 2\)"),
        (np.zeros((0, 2)), "no point"),
        (np.zeros((3, 0)), "no column"),
        ([[1.0], [1.0, 2.0]], "no rectangular array of numbers"),
        ([["a"], ["b"]], "no rectangular array of numbers"),
        (np.ones((2, 2)) * 1j, "Complex data not supported"),
        (np.array([["2020-01-01"]], dtype="datetime64[D]"), "not numbers"),
        (csr_matrix(np.eye(3)), "sparse"),
    ],
)
def test_points_that_are_none(points, message):
    with pytest.raises(DataError, match=message):
        MeanShift(bandwidth=1.0).fit(points)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1.0], r"shape \(2,\); got shape \(1,\)"),
        ([1.0, -2.0], "-2 at index 1"),
        ([1.0, np.nan], "sample_weight holds NaN at index 1"),
        ([0.0, 0.0], "zero everywhere"),
    ],
)
def test_weights_that_are_none(weights, message):
    with pytest.raises(DataError, match=message):
        MeanShift(bandwidth=1.0).fit([[0.0], [1.0]], sample_weight=weights)


class NAType:
    """What counts of pandas' NA: its name, and that it is no number."""

    def __repr__(self):
        return "<NA>"


def test_nothing_in_a_column_of_pandas_own_type():
    points = np.array([[0.0, 1.0], [2.0, NAType()]], object)
    with pytest.raises(DataError, match=r"X holds nothing \(<NA>\) at row 1, column 1: remove or replace"):
        MeanShift(bandwidth=1.0).fit(points)
    with pytest.raises(DataError, match=r"sample_weight holds nothing \(<NA>\) at index 1"):
        MeanShift(bandwidth=1.0).fit(points[:, :1], sample_weight=points[1])
    with pytest.raises(DataError, match="X holds NaN at row 1, column 0"):
        MeanShift(bandwidth=1.0).fit(np.array([[0.0], [None]], object))
    with pytest.raises(TypeError, match="X holds an entry that is no number"):
        MeanShift(bandwidth=1.0).fit(np.array([[0.0], [{}]], object))


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64, np.float16, bool])
def test_any_real_type_will_do(dtype):
    points = np.array([[0, 0], [1, 0], [1, 1], [9, 9], [9, 8]]).astype(dtype)
    as_float = MeanShift(bandwidth=2.0).fit(points.astype(np.float64))
    np.testing.assert_array_equal(MeanShift(bandwidth=2.0).fit(points).labels_, as_float.labels_)
