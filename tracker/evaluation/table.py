"""The figures of an evaluation as a table for the terminal."""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import StrEnum

from rich.table import Table
from rich.text import Text

from tracker.evaluation.results import Evaluation, Scores, SequenceResult

_HEADINGS = ("AUC", "P@20", "SR@.5", "LOST", "ms", "p99")


class SortBy(StrEnum):
    """The order of the rows; figures ascend, so that the worst clips of `auc`, `precision` and `success` come first."""

    NAME = "name"
    AUC = "auc"
    PRECISION = "precision"
    SUCCESS = "success"
    TIME = "time"
    LOST = "lost"


def results_table(evaluation: Evaluation, title: str = "", sort: SortBy = SortBy.NAME) -> Table:
    """Return a table of one row a clip (from the exact start), the means below, and the errors as a caption."""
    table = Table(title=title or None, show_footer=True, caption=_caption(evaluation), caption_justify="left")
    table.add_column("clip", f"mean of {len(evaluation.exact)}", no_wrap=True)
    table.add_column(
        "frames", str(sum(len(run.truth) for run in evaluation.exact)), justify="right", no_wrap=True, min_width=6
    )
    for heading, footer in zip(_HEADINGS, _figures(evaluation.mean()), strict=True):
        table.add_column(heading, footer, justify="right", no_wrap=True)
    for run in sorted(evaluation.exact, key=_KEYS[sort]):
        name = Text(run.name, style="red" if run.error else "")
        table.add_row(name, str(len(run.truth)), *_figures(run.scores))
    return table


def _caption(evaluation: Evaluation) -> Text:
    """The figures of all clips together: confidence, jittered starts, errors."""
    lines = [
        "ms, p99: median and 99th percentile of update, one thread",
        f"ROC AUC of confidence, overlap > 0.5 against < 0.1: {_share(evaluation.confidence_roc_auc())}",
    ]
    lines += [
        f"jittered start {start}: AUC {_share(mean.success_auc)}, P@20 {_share(mean.precision)}, "
        f"SR@.5 {_share(mean.success_rate)}"
        for start in evaluation.starts[1:]
        for mean in (evaluation.mean(start),)
    ]
    if evaluation.jobs > 1:
        lines.append(f"times are disturbed: {evaluation.jobs} jobs ran side by side")
    lines += [f"{run.name}, start {run.start}: {run.error}" for run in evaluation.errors]
    return Text("\n".join(lines))


def _figures(scores: Scores) -> tuple[str, ...]:
    shares = (scores.success_auc, scores.precision, scores.success_rate)
    lost = "–" if math.isnan(scores.lost_share) else f"{scores.lost_share:.0%}"
    return (*map(_share, shares), lost, _time(scores.median_ms), _time(scores.p99_ms))


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}"


def _time(milliseconds: float) -> str:
    return "–" if math.isnan(milliseconds) else f"{milliseconds:.2f}"


def _by(figure: Callable[[Scores], float]) -> Callable[[SequenceResult], tuple[float, str]]:
    """Order by a figure, unknown ones last, and by name where it is equal."""

    def key(run: SequenceResult) -> tuple[float, str]:
        value = figure(run.scores)
        return math.inf if math.isnan(value) else value, run.name.lower()

    return key


_KEYS = {
    SortBy.NAME: lambda run: (0.0, run.name.lower()),
    SortBy.AUC: _by(lambda scores: scores.success_auc),
    SortBy.PRECISION: _by(lambda scores: scores.precision),
    SortBy.SUCCESS: _by(lambda scores: scores.success_rate),
    SortBy.TIME: _by(lambda scores: scores.median_ms),
    SortBy.LOST: _by(lambda scores: scores.lost_share),
}
