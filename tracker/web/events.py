"""What happened to the targets: appeared, occluded, lost, found."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
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
        box: the target's x, y, width, height in pixels; the last known one while it is lost.
        confidence: 0 to 1.
    """

    number: int
    time: float
    frame: int
    timestamp: float
    target: int
    label: str
    event: str
    box: tuple[float, float, float, float]
    confidence: float


class EventLog:
    """The newest events; frames that are gone over again make none.

    Attributes:
        count: how many there have been.
    """

    def __init__(self, most: int = MOST_EVENTS, tell: Callable[[Event], None] = lambda _: None) -> None:
        """Keep so many; `tell` is called with each."""
        self._tell = tell
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
        x, y, width, height = (round(value, 2) for value in track.result.box)
        event = Event(
            number=self.count,
            time=time.time(),
            frame=frame.index,
            timestamp=round(frame.timestamp, 3),
            target=track.id,
            label=track.label,
            event=name,
            box=(x, y, width, height),
            confidence=round(track.result.confidence, 3),
        )
        self._events.append(event)
        self._tell(event)
