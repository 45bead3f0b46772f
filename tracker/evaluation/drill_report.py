"""The report of drills: a folder with a page of tables, strips of the worst clips of each drill, and the document."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template

from tracker.errors import OutputError, SourceError
from tracker.evaluation.document import Subject, drills_to_json
from tracker.evaluation.drills import DrillScores, drill_means, drill_scores, drilled_sequence, summary_of
from tracker.evaluation.drills.scores import FOUND_AT, FOUND_WITHIN, GRACE, HELD_AT
from tracker.evaluation.plots import Tile, clip_figure, read_tiles
from tracker.evaluation.report import PAGE, STYLE, prepare_report
from tracker.evaluation.results import Evaluation, SequenceResult
from tracker.evaluation.table import DRILL_HEADINGS, drill_figures

_TEMPLATE = Path(__file__).with_name("drill_report.html")
"""The page, with `${NAME}` where `drills_to_html` puts text that it has escaped."""

DRILLS_FILE = "drills.json"
"""What the document is called in the folder."""

WORST = 2
"""Clips of each drill that are shown with a strip of frames."""


def write_drill_report(evaluation: Evaluation, subject: Subject, folder: Path) -> Path:
    """Write `index.html`, its pictures and `drills.json` into `folder`; files of an older report are replaced.

    Returns:
        The page's path.

    Raises:
        ConfigError: matplotlib is not installed.
        OutputError: a file cannot be written.
    """
    prepare_report(folder)
    try:
        for runs in _by_drill(evaluation).values():
            for number, run in enumerate(runs[:WORST], 1):
                clip_figure(run, _tiles(run)).savefig(folder / _picture(run, number))
        (folder / DRILLS_FILE).write_text(drills_to_json(evaluation, subject), encoding="utf-8")
        page = folder / PAGE
        page.write_text(drills_to_html(evaluation, subject.label), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"cannot write the report in {folder} ({error}): free the disk or choose another") from error
    return page


def drills_to_html(evaluation: Evaluation, label: str) -> str:
    """Return the page: the means of each drill, then its clips, worst first."""
    means = "".join(
        _row(f"{one.drill}: {summary_of(one.drill)}", f"{one.held} of {one.clips}", one.means, one.confidence_roc_auc)
        for one in drill_means(evaluation)
    )
    drills = "".join(_section(name, runs) for name, runs in _by_drill(evaluation).items())
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        label=escape(label),
        style=STYLE.read_text(encoding="utf-8"),
        held_at=HELD_AT,
        grace=GRACE,
        found_at=FOUND_AT,
        found_within=FOUND_WITHIN,
        head=_head("clips"),
        means=means,
        drills=drills,
    )


def _by_drill(evaluation: Evaluation) -> dict[str, list[SequenceResult]]:
    """Return the runs of each drill from the exact start, those with the least scores first."""
    runs: dict[str, list[SequenceResult]] = {}
    for run in sorted(evaluation.exact, key=_badness):
        runs.setdefault(drilled_sequence(run).drill, []).append(run)
    return {one.drill: runs[one.drill] for one in drill_means(evaluation)}


def _badness(run: SequenceResult) -> tuple[bool, float]:
    """Order by what a drill asks of a tracker, clips that were not held last."""
    scores = drill_scores(run)
    asked = scores.said if drilled_sequence(run).episode.absent else scores.claimed_ok
    return not scores.held, scores.back + (0.0 if asked != asked else asked)


def _section(name: str, runs: Sequence[SequenceResult]) -> str:
    rows = "".join(_row(run.name, str(len(run.truth)), drill_scores(run), float("nan"), run.error) for run in runs)
    strips = "".join(
        f'<img src="{_picture(run, number)}" alt="{escape(run.name)}: frames, overlap and confidence">\n'
        for number, run in enumerate(runs[:WORST], 1)
    )
    return f"<h2>{name}</h2>\n<p>{escape(summary_of(name))}</p>\n{strips}<table>\n{_head('frames')}{rows}</table>\n"


def _head(second: str) -> str:
    cells = "".join(f"<td>{heading}</td>" for heading in (second, *DRILL_HEADINGS))
    return f"<tr><th></th>{cells}<td></td></tr>\n"


def _row(name: str, second: str, scores: DrillScores, roc: float, error: str = "") -> str:
    cells = "".join(f"<td>{cell}</td>" for cell in (second, *drill_figures(scores, roc)))
    return f"<tr><th>{escape(name)}</th>{cells}<td>{escape(error)}</td></tr>\n"


def _tiles(run: SequenceResult) -> list[Tile]:
    """Return tiles of the frames about the episode: before it, in it, and after it."""
    episode, last = drilled_sequence(run).episode, len(run.truth) - 1
    inside = (episode.begin, (episode.begin + episode.end) // 2, episode.end - 1)
    frames = (episode.begin - 10, *inside, episode.end + 2, episode.end + FOUND_WITHIN)
    try:
        return read_tiles(run, sorted({min(max(frame - 1, 0), last) for frame in frames}))
    except SourceError:  # the error of the run has named it
        return []


def _picture(run: SequenceResult, number: int) -> str:
    return f"{drilled_sequence(run).drill}-{number}.png"
