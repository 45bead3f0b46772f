"""What holds for every drill in the table."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from tests.evaluation.drills.clips import BEGIN, HEIGHT, WIDTH, block_truth, drill_of, pictures, script
from tracker.errors import ConfigError
from tracker.evaluation.drills.base import FOREIGN, DrillClip
from tracker.evaluation.drills.registry import DRILLS, parse_drills, summary_of

CAMERA = {"leave", "elsewhere"}
"""Drills that begin before their episode: the target is on its way out."""


@pytest.mark.parametrize("name", DRILLS)
def test_a_script_is_whole_and_in_order(name: str) -> None:
    one = script(name)
    rows = len(one.truth)
    assert one.truth.shape == (rows, 4)
    assert len(one.rows) == len(one.ticks) == rows
    assert (np.diff(one.ticks) > 0).all()
    assert (np.diff(one.rows[one.rows > FOREIGN]) >= 0).all()
    assert one.rows[0] == one.ticks[0] == 0
    assert 0 < one.episode.begin <= one.episode.end <= rows
    np.testing.assert_array_equal(one.truth[0], block_truth()[0])
    assert np.isnan(one.truth[one.episode.begin : one.episode.end]).all() == (one.episode.absent or name == "gap")


@pytest.mark.parametrize("name", DRILLS)
def test_pictures_are_those_of_the_clip_before_and_of_its_size_everywhere(name, clip) -> None:
    original, changed = pictures(clip), pictures(drill_of(clip, name))
    assert [frame.index for frame in changed] == list(range(len(script(name).truth)))
    assert {(frame.image.shape, frame.image.dtype) for frame in changed} == {((HEIGHT, WIDTH, 3), np.dtype(np.uint8))}
    assert (np.diff([frame.timestamp for frame in changed]) > 0).all()
    quiet = BEGIN - 17
    for before, after in zip(original[:quiet], changed[:quiet], strict=True):
        np.testing.assert_array_equal(after.image, before.image)
        assert after.timestamp == pytest.approx(before.timestamp)
    episode = script(name).episode
    inside = [frame.image for frame in changed[episode.begin : episode.end]]
    if name not in ("freeze", "gap"):
        assert any((image != original[episode.begin + k].image).any() for k, image in enumerate(inside))


@pytest.mark.parametrize("name", DRILLS)
def test_a_drill_is_the_same_every_time_also_in_another_process(name, clip) -> None:
    one = drill_of(clip, name)
    again = pickle.loads(pickle.dumps(one))
    np.testing.assert_array_equal(again.truth, one.truth)
    for first, second in zip(pictures(one)[::4], pictures(again)[::4], strict=True):
        np.testing.assert_array_equal(first.image, second.image)


@pytest.mark.parametrize("name", DRILLS)
@pytest.mark.parametrize("rows", [2, 9, 25, 41])
def test_short_clips_are_drilled_as_far_as_they_go(name: str, rows: int) -> None:
    one = DRILLS[name](DrillClip("short", block_truth(rows), WIDTH, HEIGHT))
    assert 0 < one.episode.begin <= one.episode.end <= len(one.truth)
    assert not np.isnan(one.truth[0]).any()


@pytest.mark.parametrize("name", DRILLS)
def test_a_target_that_is_absent_anyway_or_fills_the_frame(name: str) -> None:
    gone = block_truth()
    gone[10:80] = np.nan
    assert np.isnan(script(name, gone).truth[12]).all()
    large = np.tile([-5.0, -5.0, WIDTH + 10, HEIGHT + 10], (90, 1))
    assert len(script(name, large).truth) >= 40


@pytest.mark.parametrize("name", DRILLS)
def test_every_drill_has_a_summary(name: str) -> None:
    assert summary_of(name).endswith(".")


def test_names_are_read_once_each_and_all_means_all() -> None:
    assert parse_drills("cut, cover,cut") == ("cut", "cover")
    assert parse_drills("cut,all") == tuple(DRILLS)
    for text in ("", ",", "cut,jump"):
        with pytest.raises(ConfigError, match=r"no drill .*: choose from cut, "):
            parse_drills(text)
