"""Boxes from a file: a table with columns x, y, w, h, a MOTChallenge text, or an OTB or GOT-10k text."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import BoxError, ConfigError
from tracker.geometry import Box
from tracker.video.base import Frame

_COLUMNS = ("x", "y", "w", "h")
_FIRST = 1
"""MOTChallenge, OTB and GOT-10k count frames and pixels from 1."""


@dataclass(frozen=True, slots=True)
class BoxFile:
    """The boxes of a file by frame; chooses the one of the first frame."""

    path: Path
    boxes: Mapping[int, Box]

    def __call__(self, frame: Frame) -> Box:
        """Return the box of `frame`; the only one, where the file has no more than one.

        Raises:
            BoxError: there is none for this frame.
        """
        if len(self.boxes) == 1:
            return next(iter(self.boxes.values()))
        if frame.index not in self.boxes:
            first = min(self.boxes)
            raise BoxError(f"{self.path} has no box for frame {frame.index}: begin at a frame with --start {first}")
        return self.boxes[frame.index]


def read_roi_file(path: str | Path) -> BoxFile:
    """Read the boxes of one target; of several in the file, the first.

    Raises:
        ConfigError: the file cannot be read, or no line of it is a box.
    """
    path = Path(path).expanduser()
    try:
        lines = [line for line in path.read_text("utf-8-sig").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise ConfigError(f"cannot read the boxes in {path} ({why}): give a CSV, MOT or OTB text file") from error
    header = [word.strip() for word in lines[0].split(",")] if lines else []
    rows = _table(lines) if set(_COLUMNS) <= set(header) else _plain(lines)
    boxes = {frame: box for frame, box in rows if box is not None}
    if not boxes:
        raise ConfigError(
            f"{path} holds no box: give a table with the columns x,y,w,h, a MOTChallenge text (frame,id,x,y,w,h,...) "
            "or an OTB text (x,y,w,h a line)"
        )
    return BoxFile(path, boxes)


def _table(lines: Sequence[str]) -> Iterable[tuple[int, Box | None]]:
    """Yield frame and box of each row: the frame is in a column of that name, or counted."""
    first_id = None
    for number, row in enumerate(csv.DictReader(lines, skipinitialspace=True)):
        first_id = row.get("id") if first_id is None else first_id
        if row.get("id") == first_id:
            frame = row.get("frame") or ""
            yield int(frame) if frame.isdecimal() else number, _box([row[name] for name in _COLUMNS], origin=0)


def _plain(lines: Sequence[str]) -> Iterable[tuple[int, Box | None]]:
    """Yield frame and box of each line of four numbers, or of MOTChallenge's six and more."""
    first_id = None
    for number, line in enumerate(lines):
        words = re.split(r"[,\s]+", line.strip().rstrip(","))
        if len(words) == 4:
            yield number, _box(words, origin=_FIRST)
        elif len(words) >= 6 and words[0].isdecimal():
            first_id = first_id or words[1]
            if words[1] == first_id:
                yield int(words[0]) - _FIRST, _box(words[2:6], origin=_FIRST)


def _box(words: Sequence[str | None], origin: int) -> Box | None:
    """Return the box that four words give; None where they give none, as for an absent target."""
    try:
        x, y, width, height = (float(word or "nan") for word in words)
    except ValueError:
        return None
    if not all(math.isfinite(value) for value in (x, y, width, height)) or min(width, height) <= 0:
        return None
    return Box(x - origin, y - origin, width, height)
