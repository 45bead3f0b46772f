"""What a person says of the video that a file of boxes belongs to."""

from __future__ import annotations

import math
import re
from pathlib import Path

from tracker.errors import ConfigError
from tracker.formats.annotation import VideoMeta


def meta_of(name: str, video: str | None, size: str | None, fps: float | None, frames: int | None) -> VideoMeta:
    """Return what was said, and the rest from the video where one is given.

    Args:
        name: what to call the video where none is given.
        video: what `open_source` opens, for its size, rate and length.
        size: WIDTHxHEIGHT in pixels.
        fps: frames per second.
        frames: number of frames.

    Raises:
        ConfigError: one of them is not possible.
        SourceError: the video cannot be opened.
    """
    if fps is not None and not (math.isfinite(fps) and fps > 0):
        raise ConfigError(f"--fps {fps} is not possible: give frames per second above 0")
    if frames is not None and frames < 1:
        raise ConfigError(f"--frames {frames} is not possible: give the number of frames, 1 or more")
    width, height = (None, None) if size is None else _size_of(size)
    said = VideoMeta(Path(video).name if video else name, width, height, fps, frames)
    return said if video is None else said.over(_look_at(video))


def _size_of(text: str) -> tuple[int, int]:
    numbers = re.fullmatch(r"(\d+)x(\d+)", text.strip())
    if numbers is None or not int(numbers[1]) * int(numbers[2]):
        raise ConfigError(f"cannot read the size {text!r}: write WIDTHxHEIGHT, e.g. 1280x720")
    return int(numbers[1]), int(numbers[2])


def _look_at(video: str) -> VideoMeta:
    from tracker.video.sources import open_source  # OpenCV, for those who give a video

    with open_source(video) as source:
        info = source.info
    return VideoMeta(info.name, info.width, info.height, info.fps, info.frame_count)
