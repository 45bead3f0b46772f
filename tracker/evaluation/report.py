"""The report of an evaluation: a folder with a page, its figures and the JSON document."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from string import Template

from tracker.errors import OutputError, SourceError
from tracker.evaluation.document import Subject, to_json
from tracker.evaluation.plots import Tile, clip_figure, curves_figure, new_figure, read_tiles, telling_rows
from tracker.evaluation.results import Evaluation, Scores, SequenceResult

_TEMPLATE = Path(__file__).with_name("report.html")
"""The page, with `${NAME}` where `to_html` puts text that it has escaped."""

STYLE = Path(__file__).with_name("page.css")
"""The style sheet that all pages of reports have in them."""

PAGE, _CURVES, _DOCUMENT = FILES = ("index.html", "curves.png", "evaluation.json")
"""What every report has in its folder, beside the pictures of single clips."""

WORST = 8
"""Clips shown with a strip of frames."""

STRIP = 6
"""Frames in a strip."""

_HEAD = (
    "<tr><th></th><td>frames</td><td>AUC</td><td>P@20</td><td>SR@.5</td><td>LOST</td>"
    "<td>median ms</td><td>p99 ms</td><td></td></tr>\n"
)


def prepare_report(folder: Path) -> None:
    """Make the folder, so that an evaluation does not begin whose report cannot be written.

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
        curves_figure({subject.label: evaluation}).savefig(folder / _CURVES)
        for number, run in enumerate(worst, 1):
            clip_figure(run, _tiles(run)).savefig(folder / _picture(number))
        (folder / _DOCUMENT).write_text(to_json(evaluation, subject), encoding="utf-8")
        page = folder / PAGE
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
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        label=escape(label),
        style=STYLE.read_text(encoding="utf-8"),
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
    except SourceError:  # the error of the run has named it
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
