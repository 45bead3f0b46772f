"""This program's own CSV, and any table with the columns x, y, w, h: everything is counted from 0.

A table without a column `frame` has a row a frame; one without a column `id` has one target.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path

from tracker.errors import SourceError
from tracker.files import write_atomic
from tracker.formats.annotation import AnnotatedVideo, Annotation, VideoMeta
from tracker.formats.text_lines import ResultLines, TextLine, box_of, read_text
from tracker.geometry import Box
from tracker.tracking.result import Track, TrackState
from tracker.video.base import Frame


@dataclass(frozen=True, slots=True)
class Row:
    """One target in one frame, in the order of the columns; None where a value is unknown.

    Attributes:
        frame: 0-based number of the frame in its source.
        timestamp: seconds from the start of the source.
        id: 0-based number of the target.
        label: its name, "" where it has none.
        state: "tracking", "occluded" or "lost".
        confidence: in [0, 1].
        reason: why the state is not "tracking", "" when it is.
        x: left edge of the box, pixels, 0-based.
        y: top edge.
        w: width.
        h: height.
        cx: center of the target: of the rotated box where there is one, of the box otherwise.
        cy: the same, down.
        angle: degrees clockwise of the side `rw`, in [-90, 90).
        rw: width of the rotated box.
        rh: height of the rotated box.
        iterations: mean-shift iterations.
        elapsed_ms: milliseconds spent on this target.
    """

    frame: int
    timestamp: float | None
    id: int
    label: str
    state: str
    confidence: float | None
    reason: str
    x: float | None
    y: float | None
    w: float | None
    h: float | None
    cx: float | None
    cy: float | None
    angle: float | None
    rw: float | None
    rh: float | None
    iterations: int
    elapsed_ms: float | None

    @classmethod
    def of(cls, frame: Frame, track: Track) -> Row:
        """Return the row of `track` in `frame`."""
        result, box, rotated = track.result, track.result.box, track.result.rotated_box
        time, confidence = _rounded((frame.timestamp,), 6) + _rounded((result.confidence,), 4)
        if rotated is None:
            turned = [box.x + box.width / 2, box.y + box.height / 2, math.nan, math.nan, math.nan]
        else:
            turned = [rotated.center_x, rotated.center_y, rotated.angle, rotated.width, rotated.height]
        x, y, w, h, cx, cy, angle, rw, rh, elapsed = _rounded(
            (box.x, box.y, box.width, box.height, *turned, result.elapsed * 1e3), 3
        )
        return cls(
            frame=frame.index,
            timestamp=time,
            id=track.id,
            label=track.label,
            state=result.state.value,
            confidence=confidence,
            reason=result.reason,
            x=x,
            y=y,
            w=w,
            h=h,
            cx=cx,
            cy=cy,
            angle=angle,
            rw=rw,
            rh=rh,
            iterations=result.iterations,
            elapsed_ms=elapsed,
        )


COLUMNS = tuple(field.name for field in fields(Row))
"""The names of the columns, in order."""
cells_of = attrgetter(*COLUMNS)
"""Returns the cells of a row as a tuple, in the order of `COLUMNS`."""
_BOX = ("x", "y", "w", "h")
_STATES = {state.value: state for state in TrackState}


class CsvLines(ResultLines):
    """Comma-separated values with a header; unknown values are empty cells, the decimal sign is a dot."""

    header = ",".join(COLUMNS) + "\n"

    def lines(self, frame: Frame, tracks: Sequence[Track]) -> str:
        """Return a row a target, lost ones too."""
        return _text([cells_of(Row.of(frame, track)) for track in tracks])


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
        cells = Cells(f"{path}, line {rows.line_num}", row)
        frame = cells.integer("frame", frame + 1)
        box = cells.box()
        if box is not None:
            found.append(cells.annotation(frame, box, has_ids="id" in row))
    return AnnotatedVideo.of(found, meta.over(VideoMeta(frame_count=frame + 1)))


def write(video: AnnotatedVideo, path: Path) -> None:
    """Write a table with the columns that tracking writes; what is not known is an empty cell.

    Raises:
        OutputError: the file cannot be written.
    """
    write_atomic(path, _text([COLUMNS, *(_cells(one) for one in video.annotations)]))


def _cells(one: Annotation) -> tuple[object, ...]:
    known = values_of(one)
    return tuple(known.get(name, "") for name in COLUMNS)


def values_of(one: Annotation) -> dict[str, object]:
    """Return what is known of an annotation by the names of the columns; None where a column has no value."""
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


class Cells:
    """The cells of one row, or the values of one object, by their columns."""

    def __init__(self, place: str, row: Mapping[str, object]) -> None:
        """Take the cells of the row at `place`, as messages call it."""
        self._place = place
        self._row = row

    def word(self, column: str) -> str:
        """Return a cell as text; "" where it is empty or missing."""
        value = self._row.get(column)
        return "" if value is None else str(value).strip()

    def number(self, column: str) -> float:
        """Return a number; nan where the cell is empty or missing."""
        return TextLine(self._place, (self.word(column) or "nan",)).numbers()[0]

    def integer(self, column: str, default: int) -> int:
        """Return an integer from 0; `default` where the cell is empty or missing."""
        word = self.word(column)
        number = TextLine(self._place, (word,)).integer(0) if word else default
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
        """Return all that the row says of the target in `box`; where rows have no ids, it is target 0."""
        state = self.word("state")
        if state and state not in _STATES:
            raise SourceError(f"{self._place}: state {state!r} is none of {', '.join(_STATES)}")
        number = self.integer("id", 0) if self.word("id") or not has_ids else None
        return Annotation(
            frame,
            number,
            box,
            self.word("label"),
            _known(self.number("confidence")),
            _STATES.get(state),
            _known(self.number("timestamp")),
        )


def _text(rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _rounded(values: Sequence[float], digits: int) -> list[float | None]:
    # Adding zero turns -0.0 into 0.0; float() turns numpy's scalars into plain numbers.
    return [round(float(value), digits) + 0.0 if math.isfinite(value) else None for value in values]
