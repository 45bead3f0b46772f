"""One evaluation with its table, JSON and report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

import typer
from rich.console import Console

from tracker.cli.terminal import progress_bar
from tracker.config.reader import DEFAULT_PRESET, load_config
from tracker.config.settings import TrackerConfig
from tracker.errors import ConfigError, OutputError
from tracker.evaluation import Evaluation, evaluate, find_sequences
from tracker.evaluation.report import SortBy, prepare_report, results_table, write_report
from tracker.evaluation.results import Subject, to_json
from tracker.files import STDOUT, check_output, reason
from tracker.tracking.tracker import Tracker


@dataclass(frozen=True, slots=True)
class Scoring:
    """How to evaluate, and where the results go.

    Attributes:
        label: the name of what is evaluated.
        config: its settings.
        jobs: processes side by side.
        starts: jittered starts beside the exact one.
        json: file of the JSON document, "-" for standard output, None for none.
        report: folder of the page, None for none.
        sort: order of the table.
    """

    label: str
    config: TrackerConfig
    jobs: int
    starts: int
    json: str | None
    report: Path | None
    sort: SortBy

    @classmethod
    def of(
        cls,
        config: str | None,
        overrides: Sequence[str],
        *,
        jobs: int,
        starts: int,
        json: str | None,
        report: Path | None,
        sort: str,
    ) -> Self:
        """Read what the person wrote.

        Raises:
            ConfigError: the settings or the order cannot be used.
        """
        if sort not in list(SortBy):
            raise ConfigError(f"cannot sort by {sort!r}: choose from {', '.join(SortBy)}")
        label = " ".join([config or DEFAULT_PRESET, *overrides])
        return cls(label, load_config(config, overrides), jobs, starts, json, report, SortBy(sort))


def score(folder: Path, scoring: Scoring, *, overwrite: bool, quiet: bool) -> bool:
    """Evaluate over the sequences in `folder`; return whether every run came to its end.

    Raises:
        ConfigError: no sequences, or a count out of range.
        SourceError: a truth file cannot be read.
        OutputError: the JSON or the report cannot be written.
    """
    sequences = find_sequences(folder)
    to_stdout = scoring.json == STDOUT
    if scoring.json is not None and not to_stdout:
        check_output(scoring.json, overwrite=overwrite)
    if scoring.report is not None:
        prepare_report(scoring.report)
    runs = len(sequences) * (1 + scoring.starts)
    with progress_bar(scoring.label, runs, unit="clips/s", shown=not quiet) as advance:
        evaluation = evaluate(
            sequences,
            partial(Tracker.from_config, scoring.config),
            jobs=scoring.jobs,
            starts=scoring.starts,
            on_result=lambda _: advance(),
        )
    Console(stderr=to_stdout).print(results_table(evaluation, scoring.label, scoring.sort))
    _write(evaluation, scoring)
    return not evaluation.errors


def _write(evaluation: Evaluation, scoring: Scoring) -> None:
    subject = Subject(scoring.label, scoring.config.model_dump(mode="json"))
    if scoring.json == STDOUT:
        typer.echo(to_json(evaluation, subject), nl=False)
    elif scoring.json is not None:
        try:
            Path(scoring.json).expanduser().write_text(to_json(evaluation, subject), encoding="utf-8")
        except OSError as error:
            raise OutputError(f"cannot write {scoring.json}: {reason(error)}; choose another name") from error
    if scoring.report is not None:
        page = write_report(evaluation, subject, scoring.report)
        typer.echo(f"report: {page}", err=True)
