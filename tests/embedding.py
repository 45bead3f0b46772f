"""A program that embeds the tracker: `make types` holds it to the strictest checks, as its own authors would."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tracker import Box, Tracker, TrackResult, apply_effect, draw, open_sink, open_source, track


def follow(image: NDArray[np.uint8]) -> TrackResult:
    """Use what README shows."""
    tracker = Tracker("accurate")
    tracker.init(image, Box(1, 2, 3, 4))
    result = tracker.update(image, timestamp=0.5)
    picture = draw(image, result, style="box")
    apply_effect(picture, result, "blur")
    for frame, found in track("clip.mp4", "1,2,3,4", output="a.mp4"):
        print(frame.index, found.state == "lost", found.box.iou(result.box), found.to_dict()["x"])
    with open_sink("a.csv") as sink, open_source("clip.mp4") as source:
        for frame in source:
            sink.write(frame, ())
    return result
