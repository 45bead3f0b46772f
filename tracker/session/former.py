"""Former names of this room, kept for one release: remove this file in the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tracker.output.base import Sink
from tracker.session.lifecycle import TrackInitiation, TrackManager
from tracker.session.session import Session
from tracker.session.targets import Target
from tracker.tracking.multi import MultiTracker
from tracker.video.base import FrameSource

Population = TrackManager
"""Now `TrackManager`."""


class MultiSession(Session):
    """Now `Session(source, targets=...)`."""

    def __init__(
        self,
        source: FrameSource,
        targets: Mapping[str, Iterable[float]] | Sequence[Target],
        *,
        tracker: MultiTracker | None = None,
        newcomers: TrackInitiation | None = None,
        sinks: Sequence[Sink] = (),
        record: Sink | None = None,
    ) -> None:
        """See `Session`; `newcomers` is its `initiation`."""
        super().__init__(source, targets=targets, tracker=tracker, initiation=newcomers, sinks=sinks, record=record)
