from __future__ import annotations

import math

import numpy as np

from tests.evaluation.fakes import Oracle, sequence
from tracker.evaluation import evaluate
from tracker.evaluation.plots import TILE, clip_figure, curves_figure, read_tiles, telling_rows


def test_curves_show_the_values_and_one_named_line_an_evaluation(evaluation):
    success, precision = curves_figure({"one": evaluation, "two": evaluation}).axes
    assert len(success.lines) == 4
    np.testing.assert_array_equal(success.lines[0].get_ydata(), evaluation.success_curve())
    np.testing.assert_array_equal(precision.lines[1].get_ydata(), evaluation.precision_curve(1))
    named = [text.get_text() for text in success.get_legend().get_texts()]
    assert named == [f"{label}  {evaluation.mean().success_auc:.3f}" for label in ("one", "two")]


def test_names_are_shown_as_they_are_and_not_as_formulas(evaluation, tmp_path):
    (run,) = evaluate([sequence(tmp_path, name="$a_{b$")], Oracle).results
    clip_figure(run, read_tiles(run, [0])).savefig(tmp_path / "clip.png")
    curves_figure({"$a_{b$": evaluation}).savefig(tmp_path / "curves.png")


def test_a_clip_is_drawn_with_its_tiles_and_its_course(evaluation):
    run = evaluation.exact[0]
    tiles = read_tiles(run, [0, 4])
    *strip, course = clip_figure(run, tiles).axes
    assert [axes.get_title() for axes in strip] == ["1: 1.00", "5: 0.00"]
    np.testing.assert_array_equal(course.lines[0].get_ydata(), run.overlaps)


def test_tiles_show_truth_and_box_where_they_are(evaluation):
    (tile,) = read_tiles(evaluation.exact[0], [0])
    assert tile.image.shape == (TILE, TILE, 3)
    assert tile.truth == tile.box
    left, top, width, height = tile.truth.rounded()
    block = tile.image[top : top + height, left : left + width]
    around = tile.image[top - 12 : top - 4, left : left + width]
    assert np.median(block) > 240
    assert np.median(around) < 60


def test_beyond_the_frame_a_tile_is_plain(evaluation):
    (tile,) = read_tiles(evaluation.exact[1], [3])  # the box lies in the frame's corner
    assert tile.box is not None
    corner = tile.image[:4, :4]
    assert (corner == 225).all()


def test_absent_truth_and_a_run_that_broke_off_can_be_drawn(tmp_path):
    clip = sequence(tmp_path, rows=4)
    clip.truth[2] = math.nan
    (run,) = evaluate([clip], Oracle).results
    run.boxes[1:] = math.nan
    tiles = read_tiles(run, [0, 1, 2])
    assert [(tile.truth is None, tile.box is None) for tile in tiles] == [(False, False), (True, True), (False, True)]
    assert clip_figure(run, tiles).axes[1].get_title() == "2: absent"


def test_rows_worth_seeing_are_spread_and_hold_the_beginning_of_the_longest_miss():
    overlap = np.ones(101)
    assert telling_rows(overlap, 6) == [0, 20, 40, 60, 80, 100]
    overlap[[5, 6]] = 0
    overlap[43:70] = 0
    overlap[50] = math.nan
    assert telling_rows(overlap, 6) == [0, 20, 40, 51, 80, 100]
    assert telling_rows(np.zeros(3), 6) == [0, 1, 2]
    assert telling_rows(np.ones(1), 6) == [0]
