"""Runs over drilled clips of which every row is known."""

from __future__ import annotations

import numpy as np

from tests.evaluation.fakes import truth
from tracker.evaluation import SequenceResult, TruthSequence
from tracker.evaluation.drills import DrilledSequence
from tracker.evaluation.drills.base import Episode
from tracker.tracking.result import TrackState
from tracker.video.base import SourceInfo

STATES = {"T": TrackState.TRACKING, "O": TrackState.OCCLUDED, "L": TrackState.LOST, "-": None}


def drilled_run(
    states: str,
    shifts: list[float],
    episode: tuple[int, int],
    *,
    absent: bool = True,
    drill: str = "cover",
    name: str = "block",
    start: int = 0,
    confidences: list[float] | None = None,
    error: str = "",
) -> SequenceResult:
    """A run with a state a frame, whose boxes are off by `shifts` px of a 12 px wide truth, over an episode of rows."""
    rows = truth(len(states) + 1, step=0.0)
    if absent:
        rows[episode[0] : episode[1]] = np.nan
    boxes = truth(len(states), step=0.0) + np.column_stack([shifts, *np.zeros((3, len(shifts)))])
    sequence = DrilledSequence(
        name,
        f"{name}.mp4",
        rows,
        original=TruthSequence(name, f"{name}.mp4", truth(len(rows), step=0.0)),
        drill=drill,
        foreign="synth:",
        foreign_first=0,
        episode=Episode(*episode, absent=absent),
        info=SourceInfo(name, 96, 64, 25.0, len(rows)),
    )
    return SequenceResult(
        sequence=sequence,
        start=start,
        boxes=boxes,
        confidences=np.ones(len(states)) if confidences is None else np.array(confidences),
        states=tuple(STATES[letter] for letter in states),
        elapsed=np.full(len(states), 0.001),
        error=error,
    )
