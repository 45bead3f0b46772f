"""The way of the steps to the sinks: each frame once, and only forwards; and the counts of what went there."""

from __future__ import annotations

import time
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Sequence

from tracker.output.base import NullSink, Sink, SinkGroup
from tracker.session.step import RunSummary, Step
from tracker.tracking.result import Track, TrackState

_FROM_BAD_TO_GOOD = (TrackState.LOST, TrackState.OCCLUDED, TrackState.TRACKING)


class Delivery:
    """Hands steps to the sinks of results once there has been a target, and all frames to a recording.

    Attributes:
        sinks: all of them, to be closed by the owner.
        started: whether there has been a target, or the sinks get every frame anyhow.
    """

    def __init__(self, sinks: Sequence[Sink], record: Sink | None, *, started: bool, rewinds: bool = False) -> None:
        """Begin without a frame.

        Args:
            sinks: of the results.
            record: of all frames, None for none.
            started: see above.
            rewinds: whether frames may come again: the states of each are remembered, in 14 bytes a frame.
        """
        self.sinks = SinkGroup([*sinks, *([record] if record else ())])
        self.started = started
        self._results = sinks[0] if len(sinks) == 1 else SinkGroup(sinks)
        self._record = record or NullSink()
        self._recorded = self._written = -1
        self._frames = 0
        self._states: Counter[TrackState] = Counter()
        self._rewinds = rewinds
        self._indices, self._counts = array("q"), array("H")
        self._ids: set[int] = set()
        self._tracks: tuple[Track, ...] = ()
        self._began: float | None = None
        self._ended: float | None = None
        self._held: float | None = None
        self._idle = 0.0
        self._anew: list[tuple[int, str]] = []

    def begin(self) -> None:
        """Count the time from here on, if it is not counted yet."""
        if self._began is None:
            self._began = time.perf_counter()

    def hold(self, *, held: bool) -> None:
        """Do not count the time in which the run is held, as at a pause of a window."""
        if held and self._held is None:
            self._held = time.perf_counter()
        elif not held and self._held is not None:
            self._idle += time.perf_counter() - self._held
            self._held = None

    def end(self) -> None:
        """Count the time no further."""
        if self._ended is None:
            self._ended = time.perf_counter()

    def write(self, step: Step) -> None:
        """Hand a step on to the sinks that have not had its frame.

        Raises:
            OutputError: a sink cannot write.
        """
        frame, tracks = step.frame, step.tracks
        if frame.index > self._recorded:
            self._record.write(frame, ())
            self._recorded = frame.index
        if not (tracks or self.started):
            return
        self.started = True
        if frame.index > self._written:
            self._results.write(frame, tracks)
            self._written = frame.index
            self._frames += 1
            states = []
            for track in tracks:
                states.append(track.result.state)
                self._ids.add(track.id)
            self._states.update(states)
            if self._rewinds:
                self._indices.append(frame.index)
                self._counts.extend(map(states.count, TrackState))
        self._tracks = tracks

    @property
    def written(self) -> int:
        """Number of the newest frame that the sinks of results have had; -1 before the first."""
        return self._written

    def rewind(self, index: int) -> str | None:
        """Let the frames from number `index` on be written anew; see `Sink.rewind`.

        Raises:
            OutputError: a sink cannot finish what it has to leave.
        """
        if not self._rewinds:
            return None
        if not isinstance(self._results, SinkGroup):  # which leaves out what a sink cannot write anew
            self._results = SinkGroup([self._results])
        first = bisect_left(self._indices, index)
        each = len(TrackState)
        for state, counts in zip(
            TrackState, (self._counts[each * first + k :: each] for k in range(each)), strict=True
        ):
            self._states[state] -= sum(counts)
        self._frames -= len(self._indices) - first
        del self._indices[first:], self._counts[each * first :]
        self._written = index - 1
        names = self._results.rewind(index)
        if names:
            self._anew.append((index, names))
        return names

    def note(self, step: Step) -> None:
        """Let the state of a step that no sink gets be that of the summary."""
        self._tracks = step.tracks

    def summary(self, bad_frames: int, unnamed: Collection[int], *, stopped: bool) -> RunSummary:
        """Return what has been done so far.

        Args:
            bad_frames: frames that could not be decoded.
            unnamed: the targets that started by themselves, which do not count in the state.
            stopped: whether the session was told to end.
        """
        states = {track.result.state for track in self._tracks if track.id not in unnamed}
        now = time.perf_counter() if self._ended is None else self._ended
        idle = self._idle + (0.0 if self._held is None else max(0.0, now - self._held))
        return RunSummary(
            frames=self._frames,
            bad_frames=bad_frames,
            seconds=0.0 if self._began is None else max(0.0, now - self._began - idle),
            targets=len(self._ids),
            states=dict(self._states),
            state=next((state for state in _FROM_BAD_TO_GOOD if state in states), None),
            stopped=stopped,
            left_out=self.sinks.left_out,
            anew=tuple(self._anew),
        )
