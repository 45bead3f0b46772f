"""HOTA and IDF1 of several targets, by TrackEval, on a rendered scene."""

import importlib.util
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[1] / "bench" / "bench_several.py"


@pytest.fixture(scope="module")
def bench():
    spec = importlib.util.spec_from_file_location("bench_several", BENCH)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture(scope="module")
def clip(bench):
    return bench.Clip.of("overtake", 0)


def test_a_pair_of_one_color_keeps_its_identities(bench, clip):
    results = bench.together(clip, "fast")
    hota, idf1 = bench.scores(clip, results)
    assert hota > 0.75
    assert idf1 > 0.9
    assert not bench.exchanged(clip, results)


def test_the_scores_see_an_exchange(bench, clip):
    results = bench.together(clip, "fast")
    half = len(results) // 2
    swapped = results[:half] + [found[::-1] for found in results[half:]]
    (hota, idf1), (right_hota, right_idf1) = bench.scores(clip, swapped), bench.scores(clip, results)
    assert hota < right_hota - 0.1
    assert idf1 < right_idf1 - 0.2
    assert bench.exchanged(clip, swapped)
