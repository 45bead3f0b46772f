from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tests.evaluation.drills.clips import BEGIN, block_clip, block_truth, drill_of, pictures, white
from tests.evaluation.fakes import Static
from tracker.errors import SourceError
from tracker.evaluation import TruthSequence, evaluate
from tracker.evaluation.drills import drill_means, drill_scores, drilled
from tracker.evaluation.drills.sequence import FOREIGN_SCENE
from tracker.evaluation.peers import tracker_maker
from tracker.geometry import Box
from tracker.tracking.result import TrackResult, TrackState


class Knows(Static):
    """Claims the white block where it sees it, and nothing elsewhere."""

    def update(self, frame: np.ndarray, timestamp: float) -> TrackResult:
        seen = white(frame)
        if seen.sum() < 100:
            return TrackResult(self.box, TrackState.LOST, 0.0)
        rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
        self.box = Box(*map(float, (columns[0], rows[0], np.ptp(columns) + 1, np.ptp(rows) + 1)))
        return TrackResult(self.box, TrackState.TRACKING, 1.0)


def test_a_tracker_that_knows_passes_and_one_that_does_not_move_fails(clip) -> None:
    names = ("cut", "blackout", "cover", "leave", "elsewhere")
    sequences = [one for name in names for one in drilled([clip], name)]
    for result in evaluate(sequences, Knows, jobs=2).results:
        scores = drill_scores(result)
        assert (scores.said, scores.back, scores.false_ok, scores.false_no) == (1.0, 1.0, 0.0, 0.0), result.sequence
        assert scores.frames_to_say <= 1
        assert scores.frames_to_find <= 9  # after a cover the plate slides off
    for result in evaluate(sequences, Static).results:
        scores = drill_scores(result)
        assert (scores.said, scores.back, scores.false_ok) == (0.0, 0.0, 1.0)


@pytest.mark.parametrize("name", ["fast", "camshift", "mil"])
def test_peers_are_drilled_by_name(name, tmp_path) -> None:
    truth = np.tile([60.0, 40, 30, 30], (46, 1))
    sequence = TruthSequence("red", "synth:smooth:frames=46:size=160x120:look=red", truth)
    (means,) = drill_means(evaluate(drilled([sequence], "blackout"), tracker_maker(name)))
    assert means.clips == 1


def test_a_rendered_scene_is_the_foreign_one_where_there_is_no_other(clip) -> None:
    assert drill_of(clip, "cut").foreign == FOREIGN_SCENE
    same_pictures = dataclasses.replace(clip, name="other target")
    assert drilled([clip, same_pictures], "cut")[0].foreign == FOREIGN_SCENE


def test_the_foreign_scene_is_the_seventh_clip_further_on(tmp_path) -> None:
    clips = [block_clip(tmp_path, name, 4) for name in "abcdefghij"]
    assert [one.foreign[-1] for one in drilled(clips, "cut")] == list("hijabcdefg")
    assert [one.foreign[-1] for one in drilled(clips[:7], "cut")] == list("bcdefga")


def test_a_clip_that_begins_late_is_drilled_from_there(tmp_path) -> None:
    whole = block_clip(tmp_path, rows=60)
    late = TruthSequence("late", whole.source, block_truth(60)[10:], first_frame=10)
    original, changed = pictures(late), pictures(drill_of(late, "blackout"))
    assert len(changed) == 50
    np.testing.assert_array_equal(changed[0].image, original[0].image)
    assert not changed[20].image.any()


def test_a_damaged_frame_is_passed_over_and_the_rows_still_fit(tmp_path) -> None:
    torn = block_clip(tmp_path)
    for number in (5, BEGIN + 40):
        (tmp_path / "block" / f"{number:04d}.png").write_bytes(b"torn")
    rows = [row for row, _ in drill_of(torn, "blackout").frames()]
    assert rows == [row for row in range(90) if row not in (5, BEGIN + 40)]
    rows = [row for row, _ in drill_of(torn, "cut").frames()]
    assert rows == [row for row in range(140) if row not in (5, BEGIN + 90)]


def test_truth_longer_than_the_frames_is_an_error(tmp_path) -> None:
    clip = block_clip(tmp_path, rows=50)
    longer = TruthSequence("longer", clip.source, block_truth(60))
    with pytest.raises(SourceError, match="50 frames for 60 rows of truth"):
        list(drill_of(longer, "blackout").frames())
