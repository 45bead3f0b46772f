"""This program's own CSV, and any table with the columns x, y, w, h: everything is counted from 0.

A table without a column `frame` has a row a frame; one without a column `id` has one target. Further columns are kept
and written again: `ignored` and `visibility`, which other formats have, too, and those of any other name.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from pathlib import Path

from tracker.errors import SourceError
from tracker.files import write_atomic
from tracker.formats.annotation import AnnotatedVideo, Annotation, VideoMeta
from tracker.formats.numbering import counted_from_zero
from tracker.formats.text_lines import ResultLines, TextLine, box_of, read_each, read_text
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
        cx: center of the target: of the box, and of the rotated box, which has the same.
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
BOX = ("x", "y", "w", "h")
"""The columns that a table must have."""
_STATES = {state.value: state for state in TrackState}
_FIELDS = {"frame", "timestamp", "id", "label", "state", "confidence", *BOX, "ignored", "visibility"}
"""The columns that an annotation has a field for; all others are its extras."""
_NO = ("", "0", "0.0", "false", "no")
"""What stands in a column of flags where the flag is not set."""


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
    table = csv.DictReader(io.StringIO(read_text(path), newline=""), skipinitialspace=True)
    try:
        names = table.fieldnames or ()
        missing = [name for name in BOX if name not in names]
        if missing:
            raise SourceError(f"{path}, line 1: no column {', '.join(missing)}; a table begins with a line of names")
        rows = [Cells(f"{path}, line {table.line_num}", row) for row in table]
    except csv.Error as error:
        raise SourceError(f"{path}, line {table.line_num}: {error}: is this a table?") from error
    return read_rows(rows, meta, path, has_frames="frame" in names, has_ids="id" in names)


def read_rows(rows: Iterable[Cells], meta: VideoMeta, path: Path, *, has_frames: bool, has_ids: bool) -> AnnotatedVideo:
    """Return the targets of the rows of a table.

    Args:
        rows: the rows in their order.
        meta: what is known of the video.
        path: the table, for messages.
        has_frames: whether the rows have numbers of frames; if not, each one is a frame.
        has_ids: whether they have numbers of targets; if not, all are of target 0.

    Raises:
        SourceError: half of the rows or more cannot be read.
    """
    frames = [-1]

    def target(cells: Cells) -> Annotation | None:
        frames.append(cells.integer("frame", frames[-1] + 1))
        box = cells.box()
        return None if box is None else cells.annotation(frames[-1], box, has_ids=has_ids)

    found = [one for one in read_each(rows, target, path, "rows") if one is not None]
    first = meta.first_of(frames[1:], 0) if has_frames else 0
    counted = counted_from_zero(found, replace(meta, first_frame=first), usual_frame=first)
    known = meta.over(VideoMeta(frame_count=max(frames) - first + 1))
    return AnnotatedVideo.of(counted, known, has_frames=has_frames)


def write(video: AnnotatedVideo, path: Path) -> None:
    """Write a table with the columns that tracking writes, and those that were read; unknown values are empty cells.

    Raises:
        OutputError: the file cannot be written.
    """
    rows = [values_of(one) for one in video.annotations]
    # In the order of the columns, then in that in which they were read.
    columns = list(dict.fromkeys((*COLUMNS, *(name for row in rows for name in row))))
    write_atomic(path, _text([columns, *([_cell(row.get(name)) for name in columns] for row in rows)]))


def values_of(one: Annotation) -> dict[str, object]:
    """Return what is known of an annotation by the names of the columns; None where a column has no value."""
    x, y = one.box.center
    values: dict[str, object] = {
        "frame": one.frame,
        "timestamp": one.timestamp,
        "id": one.id,
        "label": one.label,
        "state": one.state.value if one.state else None,
        "confidence": one.confidence,
        **dict(zip(BOX, (round(value, 3) for value in one.box), strict=True)),
        "cx": _known(round(x, 3)),
        "cy": _known(round(y, 3)),
    }
    if one.ignored:
        values["ignored"] = 1
    if one.visibility is not None:
        values["visibility"] = one.visibility
    return {**values, **one.extra}


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
        words = [self.word(name) for name in BOX]
        if not any(words):
            return None
        if not all(words):
            raise SourceError(f"{self._place}: expected four numbers {', '.join(BOX)}, or none where it is absent")
        return box_of([self.number(name) for name in BOX])

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
            ignored=self.word("ignored").lower() not in _NO,
            visibility=_known(self.number("visibility")),
            extra=self._extra(box),
        )

    def _extra(self, box: Box) -> dict[str, object]:
        """Return the further values; the center only where it is not that of the box."""
        x, y = box.center
        centers = {"cx": round(x, 3), "cy": round(y, 3)}
        return {
            name: value
            for name, value in self._row.items()
            if isinstance(name, str) and name not in _FIELDS and value not in ("", None)
            if name not in centers or self.number(name) != centers[name]
        }


def _text(rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _cell(value: object) -> object:
    """Return what stands in a cell for a value: text as it is, lists and objects of JSON as JSON."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list | bool) else value


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _rounded(values: Sequence[float], digits: int) -> list[float | None]:
    # Adding zero turns -0.0 into 0.0; float() turns numpy's scalars into plain numbers.
    return [round(float(value), digits) + 0.0 if math.isfinite(value) else None for value in values]
