"""The numbers that are frozen: what the trackers say of the bundled clips and of rendered scenes, every frame."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from tracker import Box, MultiTracker, Tracker, TrackResult, open_source

PRESETS = ("fast", "accurate", "classic")
VIDEOS = Path(__file__).parents[2] / "videos"
CLIPS = ("grey", "juggle", "return")
SCENES = {
    "occlusion": "synth:occlusion:seed=1:frames=60:size=240x180",
    "crossing": "synth:crossing:seed=2:frames=60:size=240x180",
    "leaving": "synth:return:seed=3:frames=90:size=240x180",
}
"""Scenes of one target: hidden by a wall, passed by its twin, out of the frame and back."""
SEVERAL = {
    "crowd": ("synth:crowd:seed=3:frames=100:size=240x180", 4, ()),
    "overtake": ("synth:overtake:seed=4:frames=60:size=160x120", 2, ()),
    "decoy": ("synth:decoy:seed=3:frames=90:size=240x180", 1, (Box(178.0, 17.0, 37.0, 38.0),)),
}
"""Scenes of several targets: how many with a truth are followed, and what else.

Chosen since targets are hidden, lost, and exchanged between those that claim them. The box of the last scene is the
decoy, which stays while the target is away.
"""
COLUMNS = (
    "frame", "id", "state", "reason", "confidence", "x", "y", "width", "height", "iterations",
    "center_x", "center_y", "rotated_width", "rotated_height", "angle",
)  # fmt: skip
"""`center_x` and what follows are the rotated box; empty where the preset has none."""


def results() -> Iterator[tuple[str, str]]:
    """Yield name and text of each table."""
    for preset in PRESETS:
        for name in CLIPS:
            yield f"results/clip-{name}-{preset}.csv", _followed(str(VIDEOS / f"{name}.mp4"), preset, first_box(name))
        for name, spec in SCENES.items():
            yield f"results/scene-{name}-{preset}.csv", _followed(spec, preset, first_boxes(spec, 1)[0])
        for name, (spec, count, others) in SEVERAL.items():
            boxes = [*first_boxes(spec, count), *others]
            yield f"results/several-{name}-{preset}.csv", _all_followed(spec, preset, boxes)


def first_box(clip: str) -> Box:
    """Return the box in the first frame of a bundled clip."""
    with (VIDEOS / f"{clip}.csv").open(encoding="utf-8") as lines:
        row = next(csv.DictReader(lines))
    return Box(*(float(row[key]) for key in "xywh"))


def first_boxes(spec: str, count: int) -> list[Box]:
    """Return the boxes of the first `count` targets of a scene in its first frame."""
    with open_source(spec) as source:
        return [source.truth(0, target) for target in range(count)]


def _followed(spec: str, preset: str, box: Box) -> str:
    tracker = Tracker.from_config(preset)
    rows = []
    with open_source(spec) as source:
        for frame in source:
            first = frame.index == 0
            result = tracker.init(frame.image, box) if first else tracker.update(frame.image, frame.timestamp)
            rows.append(_row(frame.index, 0, result))
    return _table(rows)


def _all_followed(spec: str, preset: str, boxes: Iterable[Box]) -> str:
    tracker = MultiTracker.from_config(preset)
    rows = []
    with open_source(spec) as source:
        for frame in source:
            if frame.index == 0:
                for box in boxes:
                    tracker.add(frame.image, box)
                continue
            found = tracker.update(frame.image, frame.timestamp)
            rows += [_row(frame.index, target, found[target]) for target in sorted(found)]
    return _table(rows)


def _row(index: int, target: int, result: TrackResult) -> list[str]:
    rotated = result.rotated_box
    turned = (rotated.center_x, rotated.center_y, rotated.width, rotated.height, rotated.angle) if rotated else ()
    numbers = [repr(float(value)) for value in (result.confidence, *result.box)]
    cells = [str(index), str(target), result.state.value, result.reason, *numbers, str(result.iterations)]
    cells += [repr(float(value)) for value in turned] or [""] * 5
    return cells


def _table(rows: Iterable[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
    return text.getvalue()
