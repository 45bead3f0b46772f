"""Results of one-pass evaluation: the rows of each run, its scores, the means over clips, and curves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from tracker.evaluation import metrics
from tracker.evaluation.metrics import Array
from tracker.evaluation.sequences import TruthSequence
from tracker.tracking.result import TrackState

JITTER = (0.02, 0.03)
"""Range of the shift (share of the box's size, each axis) and of the change of size of a jittered start."""


@dataclass(frozen=True, slots=True)
class Scores:
    """The figures of one run, or their means over runs; nan where there was nothing to score.

    Attributes:
        success_auc: area under the success curve, in [0, 20/21].
        precision: share of center errors within 20 px.
        success_rate: share of overlaps above 0.5.
        lost_share: share of frames in the state LOST.
        median_ms: median wall time of one `update`, milliseconds.
        p99_ms: 99th percentile of the same.
    """

    success_auc: float
    precision: float
    success_rate: float
    lost_share: float
    median_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True, eq=False)
class SequenceResult:
    """One run of a tracker over one sequence, frame by frame from the first update on (the start is not counted).

    Attributes:
        sequence: what was run over, n + 1 rows.
        start: 0 for the exact first box, 1, 2, … for jittered ones.
        boxes: `(n, 4)` x, y, width, height in px; nan for frames the tracker did not reach.
        confidences: `(n,)`; nan likewise.
        states: n states; None likewise.
        elapsed: `(n,)` wall time of each `update` in seconds, without decoding; nan likewise.
        error: reason why the run ended early, "" where it did not. Frames not reached are scored as misses.
        overlaps: `(n,)`, see `metrics.overlaps`.
        center_errors: `(n,)` px, see `metrics.center_errors`.
        scores: the figures of this run.
    """

    sequence: TruthSequence
    start: int
    boxes: Array
    confidences: Array
    states: tuple[TrackState | None, ...]
    elapsed: Array
    error: str = ""
    overlaps: Array = field(init=False, repr=False)
    center_errors: Array = field(init=False, repr=False)
    scores: Scores = field(init=False)

    @property
    def name(self) -> str:
        """The sequence's name."""
        return self.sequence.name

    @property
    def truth(self) -> Array:
        """The truth of the n frames, `(n, 4)`; nan where absent."""
        return self.sequence.truth[1:]

    def __post_init__(self) -> None:
        object.__setattr__(self, "overlaps", metrics.overlaps(self.boxes, self.truth))
        object.__setattr__(self, "center_errors", metrics.center_errors(self.boxes, self.truth))
        lost = [state is TrackState.LOST for state in self.states if state is not None]
        median, p99 = update_times_ms(self.elapsed)
        scores = Scores(
            success_auc=metrics.success_auc(self.overlaps),
            precision=metrics.precision(self.center_errors),
            success_rate=metrics.success_rate(self.overlaps),
            lost_share=float(np.mean(lost)) if lost else float("nan"),
            median_ms=median,
            p99_ms=p99,
        )
        object.__setattr__(self, "scores", scores)


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """All runs of one evaluation, ordered by sequence, then start.

    Attributes:
        results: the runs.
        jobs: processes that ran side by side; times of more than one are not comparable.
    """

    results: tuple[SequenceResult, ...]
    jobs: int = 1

    @property
    def exact(self) -> tuple[SequenceResult, ...]:
        """The runs from the exact first box."""
        return self.of_start(0)

    @property
    def starts(self) -> tuple[int, ...]:
        """The numbers of the starts, 0 first."""
        return tuple(sorted({result.start for result in self.results}))

    @property
    def errors(self) -> tuple[SequenceResult, ...]:
        """The runs that ended early."""
        return tuple(result for result in self.results if result.error)

    def of_start(self, start: int) -> tuple[SequenceResult, ...]:
        """The runs from one start."""
        return tuple(result for result in self.results if result.start == start)

    def mean(self, start: int = 0) -> Scores:
        """Return the means over the clips of one start; `median_ms` and `p99_ms` are taken over all its updates."""
        runs = self.of_start(start)
        median, p99 = update_times_ms(np.concatenate([run.elapsed for run in runs]))
        return Scores(
            success_auc=_mean(run.scores.success_auc for run in runs),
            precision=_mean(run.scores.precision for run in runs),
            success_rate=_mean(run.scores.success_rate for run in runs),
            lost_share=_mean(run.scores.lost_share for run in runs),
            median_ms=median,
            p99_ms=p99,
        )

    def success_curve(self, start: int = 0) -> Array:
        """Return the mean over clips of the success curve, `(21,)`."""
        return _mean_rows([metrics.success_curve(run.overlaps) for run in self.of_start(start)])

    def precision_curve(self, start: int = 0) -> Array:
        """Return the mean over clips of the precision curve, `(51,)`."""
        return _mean_rows([metrics.precision_curve(run.center_errors) for run in self.of_start(start)])

    def confidence_roc_auc(self, start: int = 0) -> float:
        """Return `metrics.confidence_roc_auc` over all frames of one start together."""
        runs = self.of_start(start)
        confidences = np.concatenate([run.confidences for run in runs])
        return metrics.confidence_roc_auc(confidences, np.concatenate([run.overlaps for run in runs]))


def update_times_ms(elapsed: Array) -> tuple[float, float]:
    """Return median and 99th percentile, in milliseconds, of times in seconds; nan where none is known."""
    known = elapsed[~np.isnan(elapsed)]
    if not known.size:
        return float("nan"), float("nan")
    median, p99 = np.percentile(known, (50, 99)) * 1e3
    return float(median), float(p99)


def _mean(values: Iterable[float]) -> float:
    return metrics.mean_known(np.array(list(values), dtype=np.float64))


def _mean_rows(curves: Sequence[Array]) -> Array:
    known = [curve for curve in curves if not np.isnan(curve).any()]
    return np.mean(known, axis=0) if known else np.full_like(curves[0], np.nan)
