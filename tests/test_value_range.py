"""The range of values that deep pictures are stretched over."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tracker.errors import ConfigError
from tracker.image import as_image, is_deep
from tracker.value_range import ValueRange

NOISE = np.random.default_rng(0).random((60, 80))


@pytest.mark.parametrize(
    ("picture", "low", "high"),
    [
        ((NOISE * 255).astype(np.uint16), 0, 255),
        ((NOISE * 4095).astype(np.uint16), 0, 4095),
        ((NOISE * 16383).astype(np.uint16), 0, 16383),
        ((NOISE * 65535).astype(np.uint16), 0, 65535),
        (NOISE.astype(np.float32), 0, 1),
        (NOISE * 200.0, 0, 255),
    ],
)
def test_data_that_fill_a_natural_scale_have_it(picture, low, high):
    assert ValueRange.of([picture]) == ValueRange(low, high)


@pytest.mark.parametrize(
    "picture",
    [
        (29300 + 1700 * NOISE).astype(np.uint16),
        (16 * NOISE + 5).astype(np.int32),
        20 + 10 * NOISE,
        (-300 + 500 * NOISE).astype(np.int16),
        (1e-3 * NOISE).astype(np.float32),
    ],
)
def test_other_data_are_stretched_over_most_of_the_levels(picture):
    found = ValueRange.of([picture])
    levels = as_image(picture, found)
    assert levels.shape == (60, 80, 3)
    assert np.ptp(levels) > 190
    assert levels.min() > 10
    assert levels.max() < 245


def test_dead_pixels_and_what_is_no_number_do_not_count():
    picture = 300 + NOISE
    clean = ValueRange.of([picture])
    picture[0, 0], picture[1, 1], picture[2, 2], picture[3, 3] = 1e9, -1e9, np.nan, np.inf
    found = ValueRange.of([picture])
    assert (found.low, found.high) == pytest.approx((clean.low, clean.high), abs=0.1)
    levels = found.stretch(picture)
    assert [levels[i, i] for i in range(4)] == [255, 0, 0, 255]


@given(
    hnp.arrays(
        st.sampled_from([np.uint16, np.int16, np.int32, np.float32, np.float64]),
        hnp.array_shapes(min_dims=2, max_dims=2, max_side=9),
    )
)
def test_any_real_picture_has_a_range_and_becomes_a_picture(picture):
    found = ValueRange.of([picture])
    assert found.low < found.high
    assert as_image(picture, found).dtype == np.uint8


def test_order_is_kept():
    values = np.linspace(0, 70000, 500)
    assert (np.diff(ValueRange(10, 60000).stretch(values).astype(int)) >= 0).all()
    assert ValueRange.of([]) == ValueRange(0, 1)


@pytest.mark.parametrize(("low", "high"), [(1, 1), (2, 1), (float("nan"), 1), (0, float("inf"))])
def test_impossible_ranges_are_refused(low, high):
    with pytest.raises(ConfigError, match="give LOW:HIGH, LOW below HIGH"):
        ValueRange(low, high)


def test_a_range_is_written_low_colon_high():
    assert ValueRange.parse(" 29300:31000 ") == ValueRange(29300, 31000)
    assert ValueRange.parse(str(ValueRange(-1.5, 2e6))) == ValueRange(-1.5, 2e6)
    for text in ("", "5", "a:b", "1:2:3", ":"):
        with pytest.raises(ConfigError, match="cannot read the range"):
            ValueRange.parse(text)
    with pytest.raises(ConfigError, match="is not possible"):
        ValueRange.parse("3:2")


def test_eight_bits_need_no_range():
    picture = np.full((4, 5, 3), 7, np.uint8)
    assert not is_deep(picture)
    assert as_image(picture, ValueRange(0, 1)) is picture
    assert is_deep(picture.astype(np.uint16))
    assert not is_deep(picture.astype(bool))
    assert not is_deep(None)
