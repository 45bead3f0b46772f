"""What happened to the targets: appeared, occluded, lost, found."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from tracker.tracking.result import Track, TrackState
from tracker.video.base import Frame

MOST_EVENTS = 1000
_NAMES = {TrackState.OCCLUDED: "occluded", TrackState.LOST: "lost", TrackState.TRACKING: "found"}


@dataclass(frozen=True, slots=True)
class Event:
    """One change of a target's state.

    Attributes:
        number: rising from 1.
        time: when it happened, seconds since 1970 UTC.
        frame: number of the frame.
        timestamp: seconds from the start of the source.
        target: the target's number.
        label: its name, "" for none.
        event: "appeared", "occluded", "lost" or "found".
    """

    number: int
    time: float
    frame: int
    timestamp: float
    target: int
    label: str
    event: str


class EventLog:
    """The newest events; frames that are gone over again make none.

    Attributes:
        count: how many there have been.
    """

    def __init__(self, most: int = MOST_EVENTS) -> None:
        """Keep so many."""
        self.count = 0
        self._events: deque[Event] = deque(maxlen=most)
        self._states: dict[int, TrackState] = {}

    def note(self, frame: Frame, tracks: Iterable[Track]) -> None:
        """Compare the targets' states in a frame with those before."""
        for track in tracks:
            state, before = track.result.state, self._states.get(track.id)
            self._states[track.id] = state
            if state is not before:
                self._add(frame, track, "appeared" if before is None else _NAMES[state])

    def newest(self, most: int) -> list[Event]:
        """Return the last events, the newest first."""
        return list(islice(reversed(self._events), most))

    def clear(self) -> None:
        """Forget all events; they are still counted."""
        self._events.clear()
        self._states.clear()
        self.count += 1

    def _add(self, frame: Frame, track: Track, name: str) -> None:
        self.count += 1
        self._events.append(
            Event(self.count, time.time(), frame.index, round(frame.timestamp, 3), track.id, track.label, name)
        )
