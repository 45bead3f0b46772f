"""What the tests of the formats share."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st

from tracker.formats.annotation import AnnotatedVideo, Annotation, VideoMeta
from tracker.geometry import Box
from tracker.tracking.result import TrackState

META = VideoMeta("clip", 640, 480, 25.0, 12)
NOTHING = VideoMeta()

# Quarters of a pixel come through two decimals unchanged.
_quarters = st.integers(-400, 2400).map(lambda number: number / 4)
_sizes = st.integers(1, 800).map(lambda number: number / 4)
_boxes = st.builds(Box, _quarters, _quarters, _sizes, _sizes)
_labels = st.sampled_from(["Car", "red ball", "Zoë 車"])


def at(frame: int, number: int | None = 0, label: str = "", **more: object) -> Annotation:
    return replace(Annotation(frame, number, Box(10.25 + frame, 20.5, 30.0, 40.75), label), **more)


LOST = at(2, state=TrackState.LOST)
ONE = AnnotatedVideo.of([at(0, confidence=0.5), LOST], VideoMeta("clip", 640, 480, 25.0, 4))


@st.composite
def one_target(draw: st.DrawFn) -> AnnotatedVideo:
    """Return a target that is there in some of the frames."""
    frames = sorted(draw(st.sets(st.integers(0, 11))))
    return AnnotatedVideo.of([Annotation(frame, 0, draw(_boxes)) for frame in frames], META)


@st.composite
def many_targets(draw: st.DrawFn) -> AnnotatedVideo:
    """Return up to four targets, each with its own name, seen, hidden or lost."""
    labels = {number: draw(_labels) for number in draw(st.sets(st.integers(0, 30), min_size=1, max_size=4))}
    places = st.tuples(st.integers(0, 11), st.sampled_from(sorted(labels)))
    return AnnotatedVideo.of(
        [
            Annotation(
                frame,
                number,
                draw(_boxes),
                labels[number],
                draw(st.integers(0, 8)) / 8,
                draw(st.sampled_from(TrackState)),
                frame / 25,
            )
            for frame, number in draw(st.sets(places, max_size=20))
        ],
        META,
    )


def written(path: Path, text: str, *, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def region(**more: object) -> str:
    """Return a Label Studio task with one region, changed by `more`."""
    keys = [
        {"frame": 1, "enabled": True, "x": 0, "y": 0, "width": 50, "height": 50},
        {"frame": 5, "enabled": False, "x": 40, "y": 20, "width": 50, "height": 50},
        {"frame": 8, "enabled": True, "rotation": 90, "x": 50, "y": 0, "width": 25, "height": 50},
    ]
    value = {"framesCount": 10, "labels": ["car"], "sequence": keys} | more
    answer = {"result": [{"type": "choices"}, {"type": "videorectangle", "id": "x1", "value": value}]}
    return json.dumps([{"data": {}, "predictions": [answer]}])
