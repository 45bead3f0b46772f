"""What a program that embeds the tracker does: draw, save, write down, ask."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import cv2
import numpy as np
import pytest

import tracker
from tests.cli.helpers import count_frames, picture
from tracker import (
    Box,
    ConfigError,
    Frame,
    MultiTracker,
    OverlayStyle,
    RotatedBox,
    Session,
    SourceError,
    Tracker,
    TrackerError,
    TrackResult,
    TrackState,
    Trails,
    apply_effect,
    draw,
    open_sink,
    open_source,
    track,
)
from tracker.formats.csv_table import COLUMNS, Row
from tracker.tracking.result import Track

ROI = (10.0, 20.0, 20.0, 20.0)
SCENE = "synth:smooth:frames=12:size=160x120"


@pytest.fixture
def frames() -> list[np.ndarray]:
    return [picture(10 + 3 * k) for k in range(8)]


def test_a_state_is_its_word() -> None:
    assert TrackState.LOST == "lost"
    assert f"{TrackState.LOST}" == "lost"
    assert json.dumps({"state": TrackState.LOST}) == '{"state": "lost"}'
    assert TrackState("lost") is TrackState.LOST
    assert pickle.loads(pickle.dumps(TrackState.LOST)) is TrackState.LOST


@pytest.mark.parametrize("rotated", [None, RotatedBox(30, 40, 12, 8, -12.5)])
def test_a_result_is_told_in_the_columns_of_the_table(rotated: RotatedBox | None) -> None:
    result = TrackResult(Box(1.25, 2, 3, 4), TrackState.OCCLUDED, 0.5, "low_similarity", rotated, 3, 0.001)
    told = result.to_dict()
    assert json.loads(json.dumps(told)) == told
    row = Row.of(Frame(np.zeros((9, 9, 3), np.uint8), 0, 0.0), Track(0, "", result))
    assert set(told) == set(COLUMNS) - {"frame", "timestamp", "id", "label"}
    assert told == {name: getattr(row, name) for name in told}


def test_what_is_no_number_is_none() -> None:
    told = TrackResult(Box(np.nan, 2, np.inf, np.float32(4)), TrackState.LOST, np.nan).to_dict()
    assert (told["x"], told["w"], told["confidence"], told["h"]) == (None, None, None, 4.0)
    json.dumps(told, allow_nan=False)


def test_representations_are_short(frames: list[np.ndarray]) -> None:
    one, many = Tracker("fast"), MultiTracker("fast")
    assert repr(one) == "<Tracker: color, no target yet>"
    one.init(frames[0], ROI)
    many.add(frames[0], ROI)
    result = one.update(frames[1])
    shown = [result, one, one.model, many, Frame(frames[0], 3, 0.12), Session(open_source(SCENE), ROI)]
    assert max(len(repr(value)) for value in shown) < 120
    assert repr(result).startswith("TrackResult(TRACKING, box=(")
    assert repr(shown[4]) == "Frame(index=3, timestamp=0.120, image=96x72)"


def test_a_tracker_is_made_by_a_name_a_file_or_settings(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("preset: accurate\n")
    for kind in (Tracker, MultiTracker):
        assert kind("accurate").config == kind(mine).config == kind(kind("accurate").config).config
        with pytest.raises(ConfigError):
            kind("akkurate")


def test_boxes_are_compared_by_their_overlap() -> None:
    assert Box(0, 0, 10, 10).iou(Box(5, 0, 10, 10)) == pytest.approx(1 / 3)
    cv2.rectangle(np.zeros((9, 9, 3), np.uint8), Box(0.4, 1.2, 5, 5).rounded(), (255, 255, 255))
    assert np.asarray(Box(1, 2, 3, 4)).tolist() == [1, 2, 3, 4]


def test_every_error_can_be_caught_by_name_from_the_top() -> None:
    from tracker import errors

    names = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, TrackerError)}
    assert names <= set(tracker.__all__)


@pytest.mark.parametrize("style", [None, "box,label", OverlayStyle(box=False)])
def test_results_are_drawn_into_a_copy(frames: list[np.ndarray], style: str | OverlayStyle | None) -> None:
    one, many = Tracker(), MultiTracker()
    one.init(frames[0], ROI)
    many.add(frames[0], ROI)
    before = frames[1].copy()
    trails = Trails()
    for result in (one.update(frames[1]), many.update(frames[1])):
        drawn = draw(frames[1], result, style=style, label="ann", caption="hello", trails=trails)
        assert (drawn != frames[1]).any()
    np.testing.assert_array_equal(frames[1], before)
    assert draw(cv2.cvtColor(frames[1], cv2.COLOR_BGR2GRAY), result).shape == (72, 96, 3)
    assert draw(Frame(frames[1], 0, 0.0), result).shape == (72, 96, 3)


@pytest.mark.parametrize(("effect", "inside", "outside"), [("solid", True, False), ("solid:invert", False, True)])
def test_an_effect_is_put_on_a_copy(frames: list[np.ndarray], effect: str, inside: bool, outside: bool) -> None:
    one = Tracker()
    one.init(frames[0], ROI)
    changed = apply_effect(frames[1], one.update(frames[1]), effect)
    assert (changed[25:35, 18:28] == 32).all() == inside
    assert (changed[60:, 60:] == 32).all() == outside
    assert (frames[1][25:35, 18:28] != 32).any()


def test_one_call_follows_draws_and_saves(tmp_path: Path) -> None:
    video, table, lines = (tmp_path / name for name in ("out.mp4", "box.csv", "box.jsonl"))
    roi = tuple(open_source(SCENE).truth(0))  # type: ignore[attr-defined]  # scenes have it
    summary = track(SCENE, roi, output=video, csv=table, jsonl=lines, style="box", effect="blur").run()
    assert summary.frames == count_frames(video) == 12
    assert len(table.read_text().splitlines()) == 13
    assert len(lines.read_text().splitlines()) == 12
    with pytest.raises(tracker.OutputError, match="exists already"):
        track(SCENE, roi, output=video)
    assert track(SCENE, roi, output=video, overwrite=True).run().frames == 12


def test_a_loop_that_is_left_finishes_its_files(tmp_path: Path) -> None:
    roi = tuple(open_source(SCENE).truth(0))  # type: ignore[attr-defined]  # scenes have it
    with track(SCENE, roi, output=tmp_path / "out.mp4") as run:
        for frame, result in run:
            assert result.ok
            if frame.index == 4:
                break
    assert count_frames(tmp_path / "out.mp4") == 5


def test_places_and_boxes_may_be_written_as_in_the_shell() -> None:
    written = [f.index for f, _ in track(SCENE, "10%,20%,30%,40%", start="0.2s", end="00:00:00.4")]
    assert written == [f.index for f, _ in track(SCENE, (16, 24, 48, 48), start=0.2, end=0.4)] == [5, 6, 7, 8, 9]


def test_a_box_that_is_missing_is_asked_for() -> None:
    with pytest.raises(ConfigError, match="Give roi"):
        track(SCENE, None)  # type: ignore[arg-type]


def test_a_source_that_is_missing_is_told_with_the_first_frame(tmp_path: Path) -> None:
    run = track(tmp_path / "missing.mp4", ROI, csv=tmp_path / "box.csv")
    with pytest.raises(SourceError):
        next(run)
    assert list(tmp_path.iterdir()) == []


def test_sinks_are_opened_by_the_name_of_the_file(tmp_path: Path, frames: list[np.ndarray]) -> None:
    with (
        open_sink(tmp_path / "a.mkv", fps=10, effects=["blur"]) as video,
        open_sink(tmp_path / "a.txt", "mot") as table,
    ):
        for step in Session(open_source(frames), ROI):
            video.write(step.frame, step.tracks)
            table.write(step.frame, step.tracks)
    assert count_frames(tmp_path / "a.mkv") == 8
    assert len((tmp_path / "a.txt").read_text().splitlines()) == 8


@pytest.mark.parametrize(("name", "kind", "said"), [("a.txt", None, "does not tell"), ("a.csv", "cvs", "no sink")])
def test_a_sink_that_is_not_known_is_told(tmp_path: Path, name: str, kind: str | None, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        open_sink(tmp_path / name, kind)
