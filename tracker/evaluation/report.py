"""A report in a folder: `index.html` with the curves, every clip, and the worst ones to look at; JSON beside it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from html import escape
from pathlib import Path

from rich.table import Table
from rich.text import Text

from tracker.errors import OutputError, SourceError
from tracker.evaluation.plots import Tile, clip_figure, curves_figure, new_figure, read_tiles, telling_rows
from tracker.evaluation.results import Evaluation, Scores, SequenceResult, Subject, to_json

WORST = 8
"""Clips shown with a strip of frames."""

STRIP = 6
"""Frames in a strip."""


def prepare_report(folder: Path) -> None:
    """Make the folder, so that a report that cannot be written is known before the evaluation begins.

    Raises:
        ConfigError: matplotlib is not installed.
        OutputError: the folder cannot be made.
    """
    new_figure(1, 1)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the report folder {folder} ({error}): choose another") from error


def write_report(evaluation: Evaluation, subject: Subject, folder: Path) -> Path:
    """Write `index.html`, its pictures and `evaluation.json` into `folder`; files of an older report are replaced.

    Returns:
        The page's path.

    Raises:
        ConfigError: matplotlib is not installed.
        OutputError: a file cannot be written.
    """
    prepare_report(folder)
    worst = worst_runs(evaluation.exact, WORST)
    try:
        curves_figure({subject.label: evaluation}).savefig(folder / "curves.png")
        for number, run in enumerate(worst, 1):
            clip_figure(run, _tiles(run)).savefig(folder / _picture(number))
        (folder / "evaluation.json").write_text(to_json(evaluation, subject), encoding="utf-8")
        page = folder / "index.html"
        page.write_text(to_html(evaluation, subject.label, worst), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"cannot write the report in {folder} ({error}): free the disk or choose another") from error
    return page


def worst_runs(runs: Iterable[SequenceResult], count: int) -> list[SequenceResult]:
    """Return the `count` runs of least success AUC, worst first; runs with nothing to score are left out."""
    scored = [run for run in runs if not math.isnan(run.scores.success_auc)]
    return sorted(scored, key=lambda run: run.scores.success_auc)[:count]


def to_html(evaluation: Evaluation, label: str, worst: Sequence[SequenceResult]) -> str:
    """Return the page: means, curves, the strips of `worst`, and a table of all clips, worst first."""
    roc = evaluation.confidence_roc_auc()
    means = "".join(
        _row("exact start" if start == 0 else f"jittered start {start}", None, evaluation.mean(start))
        for start in evaluation.starts
    )
    clips = "".join(
        _row(run.name, len(run.truth), run.scores, run.error)
        for run in worst_runs(evaluation.exact, len(evaluation.exact))
    )
    strips = "".join(
        f'<img src="{_picture(number)}" alt="{escape(run.name)}: frames, overlap and confidence">\n'
        for number, run in enumerate(worst, 1)
    )
    return _PAGE.format(
        label=escape(label),
        count=len(evaluation.exact),
        roc=_figure(roc, ".3f"),
        jobs=evaluation.jobs,
        head=_HEAD,
        means=means,
        strips=strips,
        clips=clips,
    )


def _tiles(run: SequenceResult) -> list[Tile]:
    try:
        return read_tiles(run, telling_rows(run.overlaps, STRIP))
    except SourceError:  # the run's error says so already
        return []


def _picture(number: int) -> str:
    return f"worst-{number}.png"


def _row(name: str, frames: int | None, scores: Scores, error: str = "") -> str:
    cells = (
        "" if frames is None else str(frames),
        _figure(scores.success_auc, ".3f"),
        _figure(scores.precision, ".3f"),
        _figure(scores.success_rate, ".3f"),
        _figure(scores.lost_share, ".0%"),
        _figure(scores.median_ms, ".2f"),
        _figure(scores.p99_ms, ".2f"),
    )
    return f"<tr><th>{escape(name)}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}<td>{escape(error)}</td></tr>\n"


def _figure(value: float, form: str) -> str:
    return "–" if math.isnan(value) else format(value, form)


_HEAD = (
    "<tr><th></th><td>frames</td><td>AUC</td><td>P@20</td><td>SR@.5</td><td>LOST</td>"
    "<td>median ms</td><td>p99 ms</td><td></td></tr>\n"
)

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{label}: one-pass evaluation</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; color: #222 }}
img {{ max-width: 100%; display: block; margin: 1rem 0 }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums }}
th, td {{ padding: .15rem .7rem; text-align: right; border-bottom: 1px solid #ddd }}
th {{ text-align: left; font-weight: normal }}
td:last-child {{ text-align: left; color: #b00 }}
</style>
</head>
<body>
<h1>{label}</h1>
<p>One-pass evaluation over {count} clips; the first frame is not counted. AUC: area under the success curve, the mean
over the overlap thresholds 0, 0.05, …, 1 of the share of frames strictly above (a perfect tracker has 0.952). P@20:
share of center errors within 20 px. SR@.5: share of overlaps above 0.5. Times are of <code>update</code> alone, on one
OpenCV thread, {jobs} job(s) side by side. ROC AUC of the confidence, overlap above 0.5 against below 0.1: {roc}.</p>
<table>
{head}{means}</table>
<img src="curves.png" alt="success and precision curves">
<h2>Worst clips</h2>
<p>Truth dashed green, prediction in the color of its state: blue TRACKING, orange OCCLUDED, red LOST. Above each tile
the frame and its overlap; one tile is where the longest miss begins.</p>
{strips}<h2>All clips, worst first</h2>
<table>
{head}{clips}</table>
</body>
</html>
"""


class SortBy(StrEnum):
    """The order of the rows; figures ascend, so that the worst clips of `auc`, `precision` and `success` come first."""

    NAME = "name"
    AUC = "auc"
    PRECISION = "precision"
    SUCCESS = "success"
    TIME = "time"
    LOST = "lost"


def results_table(evaluation: Evaluation, title: str = "", sort: SortBy = SortBy.NAME) -> Table:
    """Return a table of one row a clip (from the exact start), the means below, and what went wrong as a caption."""
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
    """What is known of the whole: confidence, jittered starts, errors."""
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


_HEADINGS = ("AUC", "P@20", "SR@.5", "LOST", "ms", "p99")


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
