"""OTB (Wu, Lim & Yang 2013) and GOT-10k (Huang, Zhao & Huang 2019): a line `x,y,width,height` a frame, pixels from 1.

OTB's files have commas, tabs or spaces between the numbers, GOT-10k's commas.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tracker.errors import SourceError
from tracker.files import write_atomic
from tracker.formats.annotation import AnnotatedVideo, Annotation, VideoMeta
from tracker.formats.text_lines import Line, box_of, lines_of, read_text
from tracker.geometry import Box
from tracker.output.benchmarks import FIRST, GOT10K_DIGITS, OTB_DIGITS, box_line


def read(path: Path, meta: VideoMeta) -> AnnotatedVideo:
    """Read either; a line with nan, or a box without area, is a frame without the target.

    Raises:
        SourceError: a line is not four numbers.
    """
    return read_lines(path, meta, _box)


def read_lines(path: Path, meta: VideoMeta, box_in: Callable[[Line], Box | None]) -> AnnotatedVideo:
    """Read the only target of a file with a line a frame.

    Args:
        path: the file.
        meta: what is known of the video.
        box_in: returns the box that a line gives, None for no target.

    Raises:
        SourceError: the file cannot be read; whatever `box_in` raises.
    """
    boxes = [box_in(line) for line in lines_of(read_text(path), path)]
    found = [Annotation(frame, 0, box) for frame, box in enumerate(boxes) if box is not None]
    return AnnotatedVideo.of(found, meta.over(VideoMeta(frame_count=len(boxes))))


def write_otb(video: AnnotatedVideo, path: Path) -> None:
    """Write OTB results: the last known box while lost, nan where there is none.

    Raises:
        OutputError: there are several targets, or the file cannot be written.
    """
    _write(video, path, "OTB", OTB_DIGITS)


def write_got10k(video: AnnotatedVideo, path: Path) -> None:
    """Write GOT-10k results: the last known box while lost, nan where there is none.

    Raises:
        OutputError: there are several targets, or the file cannot be written.
    """
    _write(video, path, "GOT-10k", GOT10K_DIGITS)


def _write(video: AnnotatedVideo, path: Path, name: str, digits: int) -> None:
    write_atomic(path, "".join(box_line(one.box if one else None, digits) for one in video.of_one_target(name)))


def _box(line: Line) -> Box | None:
    if len(line.words) != 4:
        raise SourceError(f"{line.place}: {len(line.words)} values, expected four: x,y,width,height")
    return box_of(line.numbers(), FIRST)
