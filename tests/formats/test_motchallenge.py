"""MOTChallenge: results, truth and detections."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.formats.making import META, NOTHING, ONE, written
from tracker.errors import SourceError
from tracker.formats.annotation import Annotation
from tracker.formats.motchallenge import MotLines
from tracker.formats.registry import FORMATS
from tracker.geometry import Box
from tracker.tracking.result import Track, TrackState
from tracker.video.base import Frame

MakeFrame = Callable[..., Frame]
MakeTrack = Callable[..., Track]
BOX = Box(1, 2, 30, 40)


def test_mot_layout(tmp_path: Path) -> None:
    FORMATS["mot"].write(ONE, tmp_path / "a")
    assert (tmp_path / "a").read_bytes().decode() == ("1,1,11.25,21.50,30.00,40.75,0.5000,-1,-1,-1\n")


def test_mot_gt_layout(tmp_path: Path) -> None:
    FORMATS["mot-gt"].write(ONE, tmp_path / "a")
    assert (tmp_path / "a").read_bytes().decode() == ("1,1,11.25,21.50,30.00,40.75,1,1,1\n")


def test_result_lines_count_from_one_and_leave_lost_targets_out(make_frame: MakeFrame, make_track: MakeTrack) -> None:
    states = [make_track(), make_track(id=1, state=TrackState.OCCLUDED), make_track(id=2, state=TrackState.LOST)]
    kind = MotLines()
    assert kind.lines(make_frame(0), states) == (
        "1,1,11.25,21.50,12.00,8.00,0.8750,-1,-1,-1\n1,2,11.25,21.50,12.00,8.00,0.8750,-1,-1,-1\n"
    )
    assert kind.lines(make_frame(9), [make_track(Box(-3.0, 0.0, 5.125, 4.0))]) == (
        "10,1,-2.00,1.00,5.12,4.00,0.8750,-1,-1,-1\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "3,5,2,3,30,40,0.5,-1,-1,-1\n",
        "3,5,2,3,30,40,0.5,-1,-1,-1,\n",
        "3, 5, 2.0, 3.0, 30, 40, 0.5\n",
        "\ufeff3,5,2,3,30,40,0.5\r\n\r\n",
        "3 5 2 3 30 40 0.5",
        "3.0,5.0,2,3,30,40,0.5",
        "3,5,2,3,30,40,0.5\n4,5,nan,3,30,40,1\n5,5,2,3,0,40,1\n",
    ],
)
def test_motchallenge_in_its_variants(text: str, tmp_path: Path) -> None:
    found = FORMATS["mot"].read(written(tmp_path / "a.txt", text), NOTHING)
    assert found.annotations == (Annotation(2, 4, BOX, confidence=0.5),)


def test_motchallenge_truth_and_detections(tmp_path: Path) -> None:
    text = "1,1,2,3,30,40,1,3,0.5\n1,2,2,3,30,40,0,12,0\n1,3,2,3,30,40,1,99,1\n2,-1,2,3,30,40,0.25,-1,-1,-1\n"
    assert FORMATS["mot"].read(written(tmp_path / "gt.txt", text), NOTHING).annotations == (
        Annotation(0, 0, BOX, "Car", 1.0, visibility=0.5),
        Annotation(0, 1, BOX, "Reflection", 0.0, TrackState.OCCLUDED, ignored=True),
        Annotation(0, 2, BOX, "99", 1.0),
        Annotation(1, None, BOX, "", 0.25),
    )


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("mot", "1,1,2,3\n", "line 1: 4 values"),
        ("mot", "1,1,2,3,30,40,1\n-3,1,2,3,30,40,1\n", "line 2: frame -3, but"),
        ("mot", "1,-2,2,3,30,40,1\n", "line 1: target -2, but"),
        ("mot", "99999999,1,2,3,30,40,1\n", "frame 99999999 is in no video"),
        ("mot", "\n1,1,2,3,30,x,1\n", "line 2: 'x' is no number"),
        ("mot", "1.5,1,2,3,30,40,1\n", "line 1: '1.5' is no whole number"),
    ],
)
def test_what_cannot_be_read(name: str, text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=message):
        FORMATS[name].read(written(tmp_path / "a.txt", text), META)
