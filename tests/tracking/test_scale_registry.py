"""The scale estimators by name."""

from typing import get_args

import pytest

from tracker.config.settings import SizeSettings
from tracker.tracking.scale import ScaleEstimator
from tracker.tracking.scale_registry import SCALE_ESTIMATORS, load_scale_estimator


def test_the_settings_name_every_estimator_of_the_table():
    assert set(get_args(SizeSettings.model_fields["method"].annotation)) == set(SCALE_ESTIMATORS)


@pytest.mark.parametrize("name", SCALE_ESTIMATORS)
def test_every_name_makes_an_estimator(name):
    assert isinstance(load_scale_estimator(name)(SizeSettings(method=name)), ScaleEstimator)
