"""VOT (Kristan et al. 2016): a region a frame, pixels from 0.

Four numbers are a rectangle left,top,width,height; six or more, even, a polygon x1,y1,x2,y2,…; one is a special code
(0 unknown, 1 initialization, 2 failure): no region; nan is unknown.
"""

from __future__ import annotations

import math
from pathlib import Path

from tracker.errors import SourceError
from tracker.files import write_atomic
from tracker.formats.annotation import AnnotatedVideo, VideoMeta
from tracker.formats.otb import read_lines
from tracker.formats.text_lines import TextLine, box_numbers, box_of
from tracker.geometry import Box

_DIGITS = 4
_UNKNOWN = "0\n"


def read(path: Path, meta: VideoMeta) -> AnnotatedVideo:
    """Read rectangles, and polygons as the boxes around them.

    Raises:
        SourceError: a line is none of these.
    """
    return read_lines(path, meta, _region)


def write(video: AnnotatedVideo, path: Path) -> None:
    """Write rectangles; the code 0 while the target is lost or absent.

    Raises:
        OutputError: there are several targets, or the file cannot be written.
    """
    targets = video.of_one_target("VOT")
    lines = (f"{box_numbers(one.box, _DIGITS, 0)}\n" if one and one.seen else _UNKNOWN for one in targets)
    write_atomic(path, "".join(lines))


def _region(line: TextLine) -> Box | None:
    if line.words[0].startswith("m"):
        raise SourceError(f"{line.place}: a mask; masks are not read, give rectangles or polygons")
    numbers = line.numbers()
    if len(numbers) == 1:
        return None
    if len(numbers) == 4:
        return box_of(numbers)
    if len(numbers) < 6 or len(numbers) % 2:
        raise SourceError(f"{line.place}: {len(numbers)} values are no rectangle (4), polygon (6, 8, ...) or code (1)")
    if not all(math.isfinite(value) for value in numbers):
        return None
    xs, ys = numbers[0::2], numbers[1::2]
    return box_of((min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)))
