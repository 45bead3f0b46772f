"""`tracker eval`: one-pass evaluation over clips with truth, as a table, JSON and a report."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import Config, Overrides, Overwrite, Quiet, Verbose
from tracker.cli.terminal import as_line, progress_bar, say_written, set_verbosity
from tracker.errors import ConfigError, OutputError

if TYPE_CHECKING:
    from collections.abc import Collection

    from tracker.evaluation.document import Subject
    from tracker.evaluation.results import Evaluation
    from tracker.evaluation.table import SortBy

app = typer.Typer(add_completion=False)

_DRILLS = (
    "cut, dissolve, blackout, cover, lookalike, leave, elsewhere (the target is absent for a while), half, crossing, "
    "freeze, gap, jolt, zoom, flash, blur (it is there)"
)


@app.command("eval", no_args_is_help=True)
def evaluate(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", help="Score on these clips: NAME.mp4 with NAME.csv beside it, or OTB folders."
        ),
    ],
    config: Config = None,
    overrides: Overrides = None,
    jobs: Annotated[
        int, typer.Option(metavar="N", help="Run this many processes side by side; they disturb the times.")
    ] = 1,
    starts: Annotated[int, typer.Option(metavar="N", help="Add this many jittered starts to the exact one.")] = 0,
    json: Annotated[
        str | None,
        typer.Option(metavar="FILE|-", help="Write all figures as JSON; - is stdout, and moves the table to stderr."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write a page with curves and the worst clips (needs matplotlib)."),
    ] = None,
    drill: Annotated[
        str | None,
        typer.Option(metavar="NAME,NAME|all", help=f"Put these into every clip, and score what is claimed: {_DRILLS}."),
    ] = None,
    sort: Annotated[
        str, typer.Option(metavar="KEY", help="Sort the table by name, auc, precision, success, time or lost.")
    ] = "name",
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Score a preset on clips with truth, by one-pass evaluation."""
    set_verbosity(verbose=verbose, quiet=quiet)
    from rich.console import Console

    from tracker.config.reader import DEFAULT_PRESET, load_config
    from tracker.evaluation import evaluate, find_sequences
    from tracker.evaluation.document import Subject
    from tracker.evaluation.drills import drilled, parse_drills
    from tracker.evaluation.table import drills_table, results_table
    from tracker.files import STDOUT
    from tracker.tracking.tracker import Tracker

    order = _order(sort)
    settings = load_config(config, overrides or ())
    subject = Subject(" ".join([config or DEFAULT_PRESET, *(overrides or ())]), settings.model_dump(mode="json"))
    drills = None if drill is None else parse_drills(drill)
    if drills is not None and sort != "name":
        raise ConfigError("--sort orders the table of clips: leave it out with --drill, which has a row a drill")
    clips = find_sequences(folder)
    sequences = clips if drills is None else [one for name in drills for one in drilled(clips, name)]
    inputs = {name for clip in clips for name in (clip.source, clip.file)} | {config or ""}
    _check_outputs(json, report, inputs - {""}, overwrite=overwrite)
    runs = len(sequences) * (1 + starts)
    with progress_bar(subject.label, runs, unit="clips/s", shown=not quiet) as advance:
        evaluation = evaluate(
            sequences,
            partial(Tracker.from_config, settings),
            jobs=jobs,
            starts=starts,
            on_result=lambda _: advance(),
        )
    table = (
        results_table(evaluation, subject.label, order) if drills is None else drills_table(evaluation, subject.label)
    )
    if not (quiet and json == STDOUT):  # beside a document on stdout the table goes to stderr
        Console(stderr=json == STDOUT).print(table)
    _write(evaluation, subject, json, report, drills=drills is not None)
    say_written(json, quiet=quiet)
    if evaluation.errors:
        raise typer.Exit(1)


def _order(sort: str) -> SortBy:
    from tracker.evaluation.table import SortBy

    if sort not in list(SortBy):
        raise ConfigError(f"cannot sort by {sort!r}: choose from {', '.join(SortBy)}")
    return SortBy(sort)


def _check_outputs(json: str | None, report: Path | None, inputs: Collection[str], *, overwrite: bool) -> None:
    """Refuse outputs that cannot be written, or are read, before the evaluation spends its time."""
    from tracker.evaluation.drill_report import DRILLS_FILE
    from tracker.evaluation.report import FILES, prepare_report
    from tracker.files import STDOUT, check_distinct, check_output

    if json is not None and json != STDOUT:
        check_output(json, overwrite=overwrite, inputs=inputs)
    if report is not None:
        for name in ("", DRILLS_FILE, *FILES):
            check_distinct(report / name, json)
        prepare_report(report)


def _write(evaluation: Evaluation, subject: Subject, json: str | None, report: Path | None, *, drills: bool) -> None:
    from tracker.evaluation.document import drills_to_json, to_json
    from tracker.evaluation.drill_report import write_drill_report
    from tracker.evaluation.report import write_report
    from tracker.files import STDOUT, reason

    document = (drills_to_json if drills else to_json)(evaluation, subject)
    if json == STDOUT:
        typer.echo(document, nl=False)
    elif json is not None:
        try:
            Path(json).expanduser().write_text(document, encoding="utf-8")
        except OSError as error:
            raise OutputError(f"cannot write {json}: {reason(error)}; choose another name") from error
    if report is not None:
        page = (write_drill_report if drills else write_report)(evaluation, subject, report)
        typer.echo(f"report: {as_line(page)}", err=True)
