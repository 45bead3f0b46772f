"""The correlation filter: the wanted response where it was taught, nothing beyond its support."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import fft

from tracker.config.settings import TemplateSettings
from tracker.cues.correlation import CorrelationFilter, product, refined_peak

ROWS, COLUMNS = 31, 45


def picture(seed=0, channels=6):
    rng = np.random.default_rng(seed)
    return rng.normal(0, 1, (channels, ROWS, COLUMNS)).astype(np.float32)


def moved(features, down, across):
    return np.roll(features, (down, across), axis=(1, 2))


def spectrum(features):
    return fft.rfft2(features)


def made(**changes):
    return CorrelationFilter(ROWS, COLUMNS, 11, 9, TemplateSettings(**changes))


def peak(response):
    row, column = np.unravel_index(response.argmax(), response.shape)
    return column + 0.5, row + 0.5


def test_the_training_sample_gets_the_wanted_response():
    x, y = 20.5, 16.5
    correlation = made()
    features = spectrum(picture(channels=30))
    correlation.init(features, x, y)
    response = correlation.respond(features)
    across, down = np.arange(COLUMNS) + 0.5 - x, np.arange(ROWS) + 0.5 - y
    sigma = np.sqrt(11 * 9) / 16
    wanted = np.exp(-np.add.outer(down**2, across**2) / (2 * sigma**2))
    assert peak(response) == (x, y)
    assert np.corrcoef(response.ravel(), wanted.ravel())[0, 1] > 0.8
    assert np.median(np.abs(response)) < 0.1 * response.max()


@settings(deadline=None, max_examples=30)
@given(st.integers(-9, 9), st.integers(-6, 6))
def test_the_response_moves_with_the_target(across, down):
    correlation = made()
    correlation.init(spectrum(picture()), 22.5, 15.5)
    response = correlation.respond(spectrum(moved(picture(), down, across)))
    assert peak(response) == (22.5 + across, 15.5 + down)


def test_the_filter_sees_its_support_only():
    correlation = made()
    features = picture()
    correlation.init(spectrum(features), 22.5, 15.5)
    elsewhere = picture(seed=1)
    elsewhere[:, 15 - 5 : 15 + 6, 22 - 6 : 22 + 7] = features[:, 15 - 5 : 15 + 6, 22 - 6 : 22 + 7]
    at = (15, 22)
    same, whole = correlation.respond(spectrum(elsewhere))[at], correlation.respond(spectrum(features))[at]
    assert same == pytest.approx(whole, rel=1e-3)


def test_another_target_gets_a_low_response():
    correlation = made()
    correlation.init(spectrum(picture()), 22.5, 15.5)
    own = correlation.respond(spectrum(picture())).max()
    assert correlation.respond(spectrum(picture(seed=1))).max() < 0.4 * own


def test_learning_follows_and_the_first_filter_stays():
    correlation = made(every=1, rate=0.1, anchor=0.0)
    old, new = spectrum(picture()), spectrum(picture(seed=1))
    correlation.init(old, 22.5, 15.5)
    first = correlation.recall(picture(), 22, 15).max()
    first_response = correlation.respond(old)
    unknown = correlation.respond(new).max()
    for _ in range(60):
        correlation.update(new, 22.5, 15.5)
    assert correlation.respond(new).max() > 2 * unknown
    assert correlation.respond(old).max() < 0.5 * first
    assert correlation.recall(picture(), 22, 15).max() == first == pytest.approx(first_response.max(), rel=1e-3)


@settings(deadline=None, max_examples=30)
@given(st.integers(4, 40), st.integers(4, 40), st.floats(1, 40), st.floats(1, 40), st.data())
def test_the_first_filter_is_recalled_at_any_place_as_it_responds(rows, columns, width, height, data):
    features = np.random.default_rng(rows).normal(0, 1, (3, rows, columns)).astype(np.float32)
    correlation = CorrelationFilter(rows, columns, width, height, TemplateSettings())
    correlation.init(spectrum(features), columns / 2, rows / 2)
    response = correlation.respond(spectrum(features))
    column, row = data.draw(st.integers(0, columns - 1)), data.draw(st.integers(0, rows - 1))
    near = np.roll(response, (1 - row, 1 - column), axis=(0, 1))[:3, :3]
    assert correlation.recall(features, column, row).reshape(3, 3) == pytest.approx(near, abs=1e-3)


def test_the_anchor_keeps_some_of_the_first_look():
    new, old = spectrum(picture(seed=1)), spectrum(picture())
    heights = []
    whole = made()
    whole.init(old, 22.5, 15.5)
    for anchor in (0.0, 0.1):
        correlation = made(every=1, rate=0.1, anchor=anchor)
        correlation.init(old, 22.5, 15.5)
        for _ in range(60):
            correlation.update(new, 22.5, 15.5)
        heights.append(correlation.respond(old)[15, 22])
    assert heights[1] > heights[0] + 0.2 * whole.recall(picture(), 22, 15).max()


@settings(deadline=None, max_examples=30)
@given(st.sampled_from([1, 7, 24, 900]), st.sampled_from([1, 9, 60, 4000]), st.sampled_from([1, 7, 46, 2025]))
def test_a_product_in_pieces_is_the_product(rows, inner, columns):
    rng = np.random.default_rng(0)
    left, right = (rng.integers(-4, 5, shape).astype(np.float32) for shape in ((rows, inner), (inner, columns)))
    assert (product(left, right) == left @ right).all()
    assert (product(left, right.T.copy().T) == left @ right).all()


def test_only_every_second_lesson_is_taken():
    correlation = made(every=2)
    features, new = spectrum(picture()), spectrum(picture(seed=1))
    correlation.init(features, 22.5, 15.5)
    before = correlation.respond(features)
    correlation.update(new, 22.5, 15.5)
    assert (correlation.respond(features) == before).all()
    correlation.update(new, 22.5, 15.5)
    assert (correlation.respond(features) != before).any()


def test_at_the_learned_size_it_is_the_response_of_any_place():
    correlation, features = made(), picture(channels=30)
    correlation.init(spectrum(features), 22.5, 15.5)
    response = correlation.respond(spectrum(features))
    for x, y in ((22.5, 15.5), (25.5, 12.5), (10.5, 20.5)):
        height = correlation.at_scales(features, x, y, np.ones(1, np.float32))
        assert height == pytest.approx(response[int(y), int(x)], abs=1e-5)


def test_its_values_follow_the_lessons_as_its_transform_does():
    correlation = made(every=1)
    correlation.init(spectrum(picture()), 22.5, 15.5)
    for seed in range(1, 4):
        correlation.update(spectrum(picture(seed)), 21.5, 14.5)
    response = correlation.respond(spectrum(picture(9)))
    height = correlation.at_scales(picture(9), 22.5, 15.5, np.ones(1, np.float32))
    assert height == pytest.approx(response[15, 22], abs=1e-5)


def test_what_lies_outside_the_features_is_nothing():
    correlation = made()
    correlation.init(spectrum(picture()), 22.5, 15.5)
    assert correlation.at_scales(picture(), 500.0, 500.0, np.ones(2, np.float32)).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("values", "place"), [([0, 1, 3, 1, 0], 2.0), ([3, 1, 0], 0.0), ([0, 2, 2, 0], 1.5)])
def test_a_peak_is_refined_between_neighbors(values, place):
    assert refined_peak(np.array(values, np.float32)) == pytest.approx(place)
