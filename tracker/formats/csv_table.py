"""This program's own CSV, and any table with the columns x, y, w, h: everything is counted from 0.

A table without a column `frame` has a row a frame; one without a column `id` has one target.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from pathlib import Path

from tracker.errors import SourceError
from tracker.files import write_atomic
from tracker.formats.annotation import AnnotatedVideo, Annotation, VideoMeta
from tracker.formats.text_lines import Line, box_of, read_text
from tracker.geometry import Box
from tracker.output.tables import COLUMNS
from tracker.tracking.result import TrackState

_BOX = ("x", "y", "w", "h")
_STATES = {state.value: state for state in TrackState}


def read(path: Path, meta: VideoMeta) -> AnnotatedVideo:
    """Read a table; a row with nan or empty cells for a box is a frame without the target.

    Raises:
        SourceError: not such a table.
    """
    rows = csv.DictReader(io.StringIO(read_text(path), newline=""), skipinitialspace=True)
    missing = [name for name in _BOX if name not in (rows.fieldnames or ())]
    if missing:
        raise SourceError(f"{path}, line 1: no column {', '.join(missing)}; a table begins with a line of names")
    found = []
    frame = -1
    for row in rows:
        cells = _Cells(f"{path}, line {rows.line_num}", row)
        frame = cells.whole("frame", frame + 1)
        box = cells.box()
        if box is not None:
            found.append(cells.annotation(frame, box, has_ids="id" in row))
    return AnnotatedVideo.of(found, meta.over(VideoMeta(frame_count=frame + 1)))


def write(video: AnnotatedVideo, path: Path) -> None:
    """Write a table with the columns that tracking writes; what is not known is an empty cell.

    Raises:
        OutputError: the file cannot be written.
    """
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    table.writeheader()
    table.writerows(_row(one) for one in video.annotations)
    write_atomic(path, text.getvalue())


def _row(one: Annotation) -> dict[str, object]:
    x, y = one.box.center
    return {
        "frame": one.frame,
        "timestamp": one.timestamp,
        "id": one.id,
        "label": one.label,
        "state": one.state.value if one.state else None,
        "confidence": one.confidence,
        **dict(zip(_BOX, (round(value, 3) for value in one.box), strict=True)),
        "cx": round(x, 3),
        "cy": round(y, 3),
    }


class _Cells:
    """The cells of one row by their columns."""

    def __init__(self, place: str, row: Mapping[str, str | None]) -> None:
        self._place = place
        self._row = row

    def word(self, column: str) -> str:
        return (self._row.get(column) or "").strip()

    def number(self, column: str) -> float:
        """Return a number; nan where the cell is empty or missing."""
        return Line(self._place, (self.word(column) or "nan",)).numbers()[0]

    def whole(self, column: str, default: int) -> int:
        word = self.word(column)
        number = Line(self._place, (word,)).whole(0) if word else default
        if number < 0:
            raise SourceError(f"{self._place}: {column} {number}, but counting begins at 0")
        return number

    def box(self) -> Box | None:
        """Return the box; None where all of its cells are empty, or one is nan."""
        words = [self.word(name) for name in _BOX]
        if not any(words):
            return None
        if not all(words):
            raise SourceError(f"{self._place}: expected four numbers {', '.join(_BOX)}, or none where it is absent")
        return box_of([self.number(name) for name in _BOX])

    def annotation(self, frame: int, box: Box, *, has_ids: bool) -> Annotation:
        state = self.word("state")
        if state and state not in _STATES:
            raise SourceError(f"{self._place}: state {state!r} is none of {', '.join(_STATES)}")
        number = self.whole("id", 0) if self.word("id") or not has_ids else None
        return Annotation(
            frame,
            number,
            box,
            self.word("label"),
            _known(self.number("confidence")),
            _STATES.get(state),
            _known(self.number("timestamp")),
        )


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
