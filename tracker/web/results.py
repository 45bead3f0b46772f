"""The rows of all targets: bounded, and never replaced by going over their frames again."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np

from tracker.geometry import Box, RotatedBox
from tracker.tracking.result import Track, TrackResult, TrackState
from tracker.video.base import Frame

MOST_ROWS = 1_000_000
"""Rows that are kept (targets times frames): about 300 MB."""
_NO_PICTURE = np.zeros((1, 1, 3), np.uint8)
_ROW = struct.Struct("<4d d 5d H B H d")
"""Box, confidence, rotated box (nan for none), iterations, state, reason, seconds."""
_CONFIDENCE, _CONFIDENCE_AT = struct.Struct("<d"), struct.calcsize("<4d")
"""How it is packed, and where in a row."""
_LOOKED_AT = 50
"""Frames of a stretch of a curve that are looked at: a curve of 100,000 frames takes 20 ms so."""
_STATES = tuple(TrackState)


CurvePoint: TypeAlias = tuple[int, float, float, float, str]
"""Number of a frame; confidence, size √(w·h) in pixels, speed in pixels a frame, and state in it."""
Span: TypeAlias = tuple[int, int, str]
"""First frame, last frame and state of a stretch."""


@dataclass(frozen=True, slots=True)
class LoggedFrame:
    """One frame's time in seconds and its targets, without picture and densities."""

    index: int
    timestamp: float
    tracks: tuple[Track, ...]

    @property
    def frame(self) -> Frame:
        """The frame, as sinks of text want it."""
        return Frame(_NO_PICTURE, self.index, self.timestamp)


@dataclass(slots=True)
class TargetLog:
    """All that is kept of one target.

    Attributes:
        id: its number.
        label: its name, "" for none.
        color: as `#rrggbb`, "" for the state's color.
        rows: by frame number, packed.
        keys: numbers of the frames in which its box was drawn or typed.
        ended: whether it is followed no longer.
        born: number of its first frame; -1 before it.
        spans: the stretches of its states, as far as they are known; None where they have to be found anew.
    """

    id: int
    label: str = ""
    color: str = ""
    rows: dict[int, bytes] = field(default_factory=dict)
    keys: set[int] = field(default_factory=set)
    ended: bool = False
    born: int = -1
    spans: list[Span] | None = None

    @property
    def last(self) -> int:
        """The number of its last frame; -1 without rows."""
        return max(self.rows, default=-1)

    def lacks(self, index: int) -> bool:
        """Whether a frame belongs to it and has no row."""
        return not self.rows or (not self.ended and index not in self.rows and index > self.born)

    def key_after(self, index: int) -> int | None:
        """Return the first key frame after a frame; None where there is none."""
        return min((key for key in self.keys if key > index), default=None)


class ResultLog:
    """Keeps the rows of all targets by frame. `write` adds rows that are missing; only `put` and `restore` replace.

    Attributes:
        targets: by number.
        left_out: how many frames had to be left out, the oldest first, since there were too many rows.
        reach: the highest number of a frame that has had rows; -1 before the first.
    """

    def __init__(self, most: int = MOST_ROWS) -> None:
        """Keep at most so many rows."""
        self.targets: dict[int, TargetLog] = {}
        self.left_out = 0
        self.reach = -1
        self._times: dict[int, float] = {}
        self._counts: dict[int, int] = {}
        self._reasons: list[str] = [""]
        self._most, self._size = most, 0

    def __len__(self) -> int:
        """How many rows there are."""
        return self._size

    def __contains__(self, index: int) -> bool:
        """Whether a frame has rows."""
        return index in self._counts

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Add the rows of a frame that are missing; a target has none before its first one, nor after its end."""
        for track in tracks:
            log = self.targets.get(track.id)
            if log is None or log.lacks(frame.index):
                self.put(frame, track)

    def put(self, frame: Frame, track: Track, *, key: bool = False) -> None:
        """Set one row; `key` for a box that was drawn or typed."""
        log = self.targets.setdefault(track.id, TargetLog(track.id, track.label))
        if frame.index not in log.rows:
            self._count(frame.index, 1)
        log.born = min(log.born, frame.index) if log.rows else frame.index
        row = log.rows[frame.index] = self._packed(track.result)
        if log.spans and frame.index > log.spans[-1][1]:
            self._append_span(log.spans, frame.index, row)
        else:
            log.spans = None
        self._times[frame.index] = frame.timestamp
        self.reach = max(self.reach, frame.index)
        if key:
            log.keys.add(frame.index)
        while self._size > self._most:
            self._leave_out(next(iter(self._counts)))

    def saved(self, target: int) -> TargetLog | None:
        """Return a copy of what is kept of a target; None for nothing."""
        log = self.targets.get(target)
        return None if log is None else replace(log, rows=dict(log.rows), keys=set(log.keys), spans=None)

    def restore(self, target: int, log: TargetLog | None) -> None:
        """Put back what `saved` returned. Frames that were left out since then stay so."""
        for index in self.targets.pop(target, TargetLog(target)).rows:
            self._count(index, -1)
        if log is None:
            return
        kept = {index: row for index, row in log.rows.items() if index in self._times}
        self.targets[target] = replace(log, rows=kept, keys=set(log.keys), spans=None)
        for index in kept:
            self._count(index, 1)

    def cut(self, target: int, first: int, last: int) -> None:
        """Remove the rows and key frames of a target from frame `first` to frame `last`."""
        log = self.targets[target]
        for index in [index for index in log.rows if first <= index <= last]:
            del log.rows[index]
            self._count(index, -1)
        log.spans = None
        log.keys = {key for key in log.keys if not first <= key <= last}

    def at(self, index: int) -> tuple[Track, ...]:
        """Return the targets that have a row in a frame, in the order of their numbers."""
        if index not in self._counts:
            return ()
        found = (log for _, log in sorted(self.targets.items()) if index in log.rows)
        return tuple(Track(log.id, log.label, self._unpacked(log.rows[index])) for log in found)

    def shown(self, index: int) -> tuple[Track, ...]:
        """Return what a frame shows: a target that ends with it is gone already."""
        logs = self.targets
        return tuple(track for track in self.at(index) if not (logs[track.id].ended and logs[track.id].last <= index))

    def indices(self) -> list[int]:
        """Return the numbers of the frames that have rows, rising."""
        return sorted(self._counts)

    def entries(self, newest: int = 0) -> Iterator[LoggedFrame]:
        """Yield the frames in the order of the source; `newest` for the last ones only."""
        for index in self.indices()[-newest:]:
            yield LoggedFrame(index, self._times[index], self.at(index))

    def frozen(self) -> ResultLog:
        """Return a copy that another thread may read while this one goes on; rows are shared, as they never change."""
        copy = ResultLog(self._most)
        copy.targets = {n: log for n in self.targets if (log := self.saved(n)) is not None}
        copy.left_out, copy.reach, copy._size = self.left_out, self.reach, self._size
        copy._times, copy._counts, copy._reasons = dict(self._times), dict(self._counts), list(self._reasons)
        return copy

    def curve(self, target: int, points: int) -> list[CurvePoint]:
        """Return confidence, size and speed of a target over its frames, in order.

        Where there are more frames than `points`, the one of each stretch is taken that has the lowest confidence, so
        that no doubt is left out; of long stretches, some fifty frames are looked at.
        """
        rows = self.targets[target].rows
        indices = sorted(rows)
        step = -(-len(indices) // points) or 1
        every = -(-step // _LOOKED_AT)
        stretches = (indices[at : at + step : every] for at in range(0, len(indices), step))
        chosen = [min(stretch, key=lambda index: _confidence(rows[index])) for stretch in stretches]
        curve: list[CurvePoint] = []
        before: tuple[int, Box] | None = None
        for index in chosen:
            result = self._unpacked(rows[index])
            speed = 0.0 if before is None else math.dist(before[1].center, result.box.center) / (index - before[0])
            size = math.sqrt(result.box.area)
            curve.append((index, round(result.confidence, 3), round(size, 1), round(speed, 2), result.state.value))
            before = index, result.box
        return curve

    def spans(self, target: int) -> list[Span]:
        """Return the stretches of a target as first frame, last frame and state, in order."""
        log = self.targets[target]
        if log.spans is None:
            log.spans = []
            for index in sorted(log.rows):
                self._append_span(log.spans, index, log.rows[index])
        return list(log.spans)

    def _append_span(self, spans: list[Span], index: int, row: bytes) -> None:
        state = _STATES[_ROW.unpack(row)[11]].value
        if spans and spans[-1][2] == state and self._adjoin(spans[-1][1], index):
            spans[-1] = (spans[-1][0], index, state)
        else:
            spans.append((index, index, state))

    def _adjoin(self, before: int, index: int) -> bool:
        """Whether no other row lies between two frames; a live source drops frames, so numbers alone do not tell."""
        return index == before + 1 or not any(
            other in self._counts for other in range(before + 1, min(index, before + 99))
        )

    def _count(self, index: int, change: int) -> None:
        self._size += change
        left = self._counts.get(index, 0) + change
        if left:
            self._counts[index] = left
        else:
            self._counts.pop(index, None)

    def _leave_out(self, index: int) -> None:
        self.left_out += 1
        for log in self.targets.values():
            if log.rows.pop(index, None) is not None:
                log.spans = _without_first(log.spans, index)
                self._count(index, -1)
        self._times.pop(index, None)

    def _packed(self, result: TrackResult) -> bytes:
        if result.reason not in self._reasons:
            self._reasons.append(result.reason)
        turned = result.rotated_box
        five = (math.nan,) * 5 if turned is None else _five(turned)
        state, reason = _STATES.index(result.state), self._reasons.index(result.reason)
        iterations = min(result.iterations, 0xFFFF)
        return _ROW.pack(*result.box, result.confidence, *five, iterations, state, reason, result.elapsed)

    def _unpacked(self, row: bytes) -> TrackResult:
        values = _ROW.unpack(row)
        iterations, state, reason, elapsed = values[10:]
        turned = None if math.isnan(values[5]) else RotatedBox(*values[5:10])
        box = Box(*values[:4])
        return TrackResult(box, _STATES[state], values[4], self._reasons[reason], turned, iterations, elapsed)


def _five(box: RotatedBox) -> tuple[float, float, float, float, float]:
    return box.center_x, box.center_y, box.width, box.height, box.angle


def _without_first(spans: list[Span] | None, index: int) -> list[Span] | None:
    """Return the stretches without their first frame; None, to be found anew, if that is another one."""
    if not spans or spans[0][0] != index:
        return None
    first, last, state = spans[0]
    return [(first + 1, last, state), *spans[1:]] if last > first else spans[1:]


def _confidence(row: bytes) -> float:
    confidence: float = _CONFIDENCE.unpack_from(row, _CONFIDENCE_AT)[0]
    return confidence
