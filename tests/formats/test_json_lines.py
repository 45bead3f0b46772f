"""JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.formats.making import NOTHING, written
from tracker.errors import SourceError
from tracker.formats.annotation import Annotation
from tracker.formats.csv_table import COLUMNS
from tracker.formats.json_lines import JsonLines
from tracker.formats.registry import FORMATS
from tracker.geometry import Box
from tracker.tracking.result import Track, TrackState
from tracker.video.base import Frame

MakeFrame = Callable[..., Frame]
MakeTrack = Callable[..., Track]


def test_result_lines(make_frame: MakeFrame, make_track: MakeTrack) -> None:
    text = JsonLines().lines(make_frame(7), [make_track(), make_track(id=1, label="車")])
    rows = [json.loads(line) for line in text.splitlines()]
    assert [tuple(row) for row in rows] == [COLUMNS, COLUMNS]
    values = [7, 0.28, 0, "", "tracking", 0.875, "", 10.25, 20.5, 12.0, 8.0, 16.25, 24.5, None, None, None, 3, 0.5]
    assert rows[0] == dict(zip(COLUMNS, values, strict=True))
    assert rows[1]["label"] == "車"
    assert "車" in text


def test_what_is_not_finite_is_unknown(make_frame: MakeFrame, make_track: MakeTrack) -> None:
    row = json.loads(JsonLines().lines(make_frame(), [make_track(Box(float("nan"), -1e-9, float("inf"), 1.0))]))
    assert (row["x"], row["y"], row["w"]) == (None, 0.0, None)


def test_what_a_run_wrote_is_read(tmp_path: Path, make_frame: MakeFrame, make_track: MakeTrack) -> None:
    kind = JsonLines()
    track = make_track(state=TrackState.OCCLUDED, label="b\u2028c", id=3)
    text = kind.lines(make_frame(2), [track]) + "\n" + kind.lines(make_frame(4), [])
    found = FORMATS["jsonl"].read(written(tmp_path / "a.jsonl", text), NOTHING)
    extra = {"iterations": 3, "elapsed_ms": 0.5}
    one = Annotation(2, 3, track.result.box, "b\u2028c", 0.875, TrackState.OCCLUDED, 0.08, extra=extra)
    assert found.annotations == (one,)


def test_objects_of_any_tool(tmp_path: Path) -> None:
    text = (
        '{"x": 1, "y": 2, "w": 30, "h": 40}\n{"x": null, "y": null, "w": null, "h": null}\n{"h":40,"w":30,"y":2,"x":1}'
    )
    found = FORMATS["jsonl"].read(written(tmp_path / "a.jsonl", text), NOTHING)
    assert found.annotations == (Annotation(0, 0, Box(1, 2, 30, 40)), Annotation(2, 0, Box(1, 2, 30, 40)))
    assert found.frame_count == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "line 1: Expecting property name .*: expected a JSON object a line"),
        ("[1, 2, 3, 4]", r"line 1: .* found '\[1, 2, 3, 4\]'"),
        ('{"x": 1, "y": 2, "w": 3, "h": 4}\n\n{"x": 1}', "line 3: no key y, w, h"),
        ('{"x": 1, "y": 2, "w": "three", "h": 4}', "line 1: 'three' is no number"),
        ('{"frame": 1.5, "x": 1, "y": 2, "w": 3, "h": 4}', "line 1: '1.5' is no whole number"),
    ],
)
def test_what_cannot_be_read(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=message):
        FORMATS["jsonl"].read(written(tmp_path / "a.jsonl", text), NOTHING)
