"""The figures of evaluations and drills as tables for the terminal."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from enum import StrEnum

from rich.table import Table
from rich.text import Text

from tracker.evaluation.diagnosis import mean_diagnosis
from tracker.evaluation.drills import DrillScores, drill_means, summary_of
from tracker.evaluation.drills.scores import FOUND_AT, FOUND_WITHIN, GRACE, HELD_AT
from tracker.evaluation.results import Evaluation, Scores, SequenceResult

_HEADINGS = ("AUC", "P@20", "SR@.5", "LOST", "ms", "p99")

DRILL_HEADINGS = ("said", "claim", "back", "f.ok", "f.no", "say", "find", "ROC")
"""Columns of `drill_figures`."""


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
    table.add_column("clip", f"mean of {len(evaluation.exact)}", overflow="fold", min_width=6)  # figures stay whole
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
    lines += _diagnosis_lines(evaluation)
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


def _diagnosis_lines(evaluation: Evaluation) -> list[str]:
    one = mean_diagnosis(evaluation.exact)
    return [
        f"overlap < 0.1 in {_percent(one.miss_share)} of the frames, 0 in {_percent(one.zero_share)}; claimed there "
        f"{_share(one.false_ok)}, not claimed above 0.5 {_share(one.false_no)}",
        f"log error of size: {_share(one.size_error)}, signed {_signed(one.size_bias)} (grown "
        f"{_signed(one.size_bias_grown)}, steady {_signed(one.size_bias_steady)}, shrunk "
        f"{_signed(one.size_bias_shrunk)}); center error {one.center_error:.1f} px, "
        f"{_share(one.center_error_relative)} of the size",
        f"AUC with the true center {_share(one.oracle_center)}, area {_share(one.oracle_area)}, "
        f"size {_share(one.oracle_size)}",
    ]


def drills_table(evaluation: Evaluation, title: str = "") -> Table:
    """Return a table of one row a drill, means over the clips that were held before; the errors as a caption."""
    lines = [
        f"means over clips held before (overlap > {HELD_AT}). said: absent and not claimed, after {GRACE} frames; "
        f"claim: there and claimed; back: claimed with overlap > {FOUND_AT} within {FOUND_WITHIN} frames;",
        "f.ok: claimed where absent or overlap < 0.1; f.no: not claimed where overlap > 0.5; say, find: frames "
        "until said, until found (medians); ROC: area, of the confidence",
    ]
    lines += [f"{run.name}, start {run.start}: {run.error}" for run in evaluation.errors]
    table = Table(title=title or None, caption=Text("\n".join(lines)), caption_justify="left")
    table.add_column("drill", no_wrap=True)
    for heading in ("clips", *DRILL_HEADINGS):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in drill_means(evaluation):
        table.add_row(one.drill, f"{one.held}/{one.clips}", *drill_figures(one.means, one.confidence_roc_auc))
    return table


def peers_table(evaluations: Mapping[str, Evaluation], drill: str) -> Table:
    """Return a table of one row a tracker for one of the drills in `evaluations`, as `drills_table` has them."""
    errors = [f"{name}, {run.name}: {run.error}" for name, one in evaluations.items() for run in one.errors]
    table = Table(title=f"{drill}: {summary_of(drill)}", caption=Text("\n".join(errors)), caption_justify="left")
    table.add_column("tracker", no_wrap=True)
    for heading in ("clips", *DRILL_HEADINGS):
        table.add_column(heading, justify="right", no_wrap=True)
    for name, evaluation in evaluations.items():
        (means,) = [one for one in drill_means(evaluation) if one.drill == drill]
        table.add_row(name, f"{means.held}/{means.clips}", *drill_figures(means.means, means.confidence_roc_auc))
    return table


def drill_figures(scores: DrillScores, roc: float) -> tuple[str, ...]:
    """Return the figures under `DRILL_HEADINGS` as text."""
    shares = (scores.said, scores.claimed_ok, scores.back, scores.false_ok, scores.false_no)
    return (*map(_brief, shares), _frames(scores.frames_to_say), _frames(scores.frames_to_find), _brief(roc))


def _figures(scores: Scores) -> tuple[str, ...]:
    shares = (scores.success_auc, scores.precision, scores.success_rate)
    return (*map(_share, shares), _percent(scores.lost_share, 0), _time(scores.median_ms), _time(scores.p99_ms))


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}"


def _brief(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f}"


def _signed(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:+.3f}"


def _percent(value: float, digits: int = 1) -> str:
    return "–" if math.isnan(value) else f"{value:.{digits}%}"


def _frames(count: float) -> str:
    return "–" if math.isnan(count) else "never" if math.isinf(count) else f"{count:.0f}"


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
