"""What a session returns: a step for each frame, and a summary of the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tracker.tracking.result import Track, TrackResult, TrackState
from tracker.video.base import Frame


@dataclass(frozen=True, slots=True)
class Step:
    """One frame and its targets.

    Attributes:
        frame: the picture, as the source gave it.
        tracks: the targets, as the sinks get them.
    """

    frame: Frame
    tracks: tuple[Track, ...]

    def without_signal(self) -> Step:
        """Return the step with all its targets LOST, as no picture has come since."""
        return Step(self.frame, tuple(replace(track, result=_unseen(track.result)) for track in self.tracks))


def _unseen(result: TrackResult) -> TrackResult:
    return TrackResult(result.box, TrackState.LOST, 0.0, reason="no_signal", elapsed=result.elapsed)


@dataclass(frozen=True, slots=True)
class RunSummary:
    """The counts of a run up to now.

    Attributes:
        frames: frames that the sinks have got.
        bad_frames: frames that could not be decoded and were passed over.
        seconds: wall time from the first frame asked for until the last sink was closed, without pauses of a window.
        targets: how many different targets there have been.
        states: how many frames ended in each state; of several targets each one's.
        state: the state after the last frame, None where there was none; of several targets the worst, tracks that
            started by themselves left out.
        stopped: whether `Session.stop` was called.
        left_out: frames of a live source that came too fast for its videos; of several, the sum.
        anew: the frames from which on results were written anew in further files, and the names of these.
    """

    frames: int
    bad_frames: int
    seconds: float
    targets: int
    states: Mapping[TrackState, int]
    state: TrackState | None
    stopped: bool
    left_out: int = 0
    anew: tuple[tuple[int, str], ...] = ()

    @property
    def fps(self) -> float:
        """Frames per second of the whole: reading, tracking and writing."""
        return self.frames / self.seconds if self.seconds > 0 else 0.0

    def share(self, state: TrackState) -> float:
        """Return the share of frames (of several targets each one's) in `state`, in [0, 1]."""
        total = sum(self.states.values())
        return self.states.get(state, 0) / total if total else 0.0
