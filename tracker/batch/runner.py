"""A run over many videos."""

from __future__ import annotations

import csv
import io
import os
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from tracker.batch.backends import Engine, Local
from tracker.batch.jobs import Job, names_of
from tracker.batch.record import Outcome, Status, settings_hash
from tracker.batch.storage import check_source, place_of
from tracker.batch.worker import ALSO, Task
from tracker.config.reader import load_config, to_yaml
from tracker.config.settings import TrackerConfig
from tracker.errors import ConfigError, OutputError
from tracker.files import check_output, reason, remove_leftovers, write_atomic

_RESULTS = (".csv", ".json", ".log")
"""Suffixes of a video's files of results."""


def run(
    jobs: Iterable[Job],
    out: str | os.PathLike[str],
    config: str | Path | TrackerConfig | None = None,
    *,
    backend: Engine | None = None,
    again: bool = False,
    also: Sequence[str] = (),
    on_outcome: Callable[[Outcome], None] | None = None,
) -> list[Outcome]:
    """Follow targets through many videos; what was done before and has not changed is kept.

    Every video gets three files in `out`: NAME.csv with the rows, NAME.log, and NAME.json, which vouches for the rows:
    they are kept as long as the content of the video, its targets, the settings and the version of this program are
    those in it; results of other settings are replaced only with `again`. A file is there whole or not at all, whenever
    the run is killed.

    Args:
        jobs: the videos with their targets.
        out: folder of the results, made where it is missing.
        config: a preset's name, a path to a YAML file, or settings; None for the default preset.
        backend: where the work is done; None for as many processes as there are processors.
        again: do also what is done, and replace files of these names that are not from a batch or have other settings.
        also: what is written beside the table, too: video (annotated, NAME.mp4), jsonl, mot (NAME.mot.txt).
        on_outcome: called in this process as each video ends, in any order.

    Returns:
        What became of each job, in the order of the jobs. A video that fails is a failed outcome, no exception.

    Raises:
        ConfigError: no jobs, or one that cannot be worked on; unknown settings; workers that cannot be used.
        OutputError: the folder cannot be written, or results would replace what the targets are read from.
        KeyboardInterrupt: as it came; what was done is kept.
    """
    jobs = list(jobs)
    names = names_of(jobs)
    kinds = _kinds(also)
    for job in jobs:
        check_source(job.source)
    settings = load_config(config)
    folder = _folder(Path(out).expanduser())
    for job, name in zip(jobs, names, strict=True):
        for suffix in (*_RESULTS, *(ALSO[kind] for kind in kinds)):
            check_output(folder / f"{name}{suffix}", overwrite=True, source=job.source, inputs=job.inputs)
    write_atomic(folder / f"settings-{settings_hash(settings)}.yaml", to_yaml(settings))
    engine = Local() if backend is None else backend
    this = uuid.uuid4().hex
    tasks = [
        Task(job, place_of(job.source), name, str(folder), settings, this, again=again, also=kinds)
        for job, name in zip(jobs, names, strict=True)
    ]
    done: dict[str, Outcome] = {}
    _clean(folder, names)
    try:
        for outcome in engine.do(tasks):
            done[outcome.name] = outcome
            if on_outcome is not None:
                on_outcome(outcome)
    finally:
        _clean(folder, names)
    return [done[name] for name in names]


def _kinds(also: Sequence[str]) -> tuple[str, ...]:
    unknown = [kind for kind in also if kind not in ALSO]
    if unknown:
        raise ConfigError(f"{unknown[0]!r} cannot be written for each video: choose from {', '.join(ALSO)}")
    return tuple(kind for kind in ALSO if kind in also)


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder {path}: {reason(error)}; choose another one") from error
    return path.resolve()


def _clean(folder: Path, names: Iterable[str]) -> None:
    """Remove what workers left that were killed."""
    files = {f"{name}{suffix}" for name in names for suffix in _RESULTS}
    remove_leftovers(folder, files)
    for name in names:
        for rest in (".tries", *(f".part{suffix}" for suffix in ALSO.values())):
            (folder / f".{name}{rest}").unlink(missing_ok=True)


COLUMNS = (
    "source",
    "result",
    "status",
    "targets",
    "refused",
    "frames",
    "bad_frames",
    "tracking",
    "occluded",
    "lost",
    "seconds",
    "fps",
    "worker",
    "error",
)
_MOST_ROWS = 40
"""Videos that are shown one by one; of more, those with an error."""


def write_summary(outcomes: Sequence[Outcome], path: Path) -> None:
    """Write a row a video.

    Raises:
        OutputError: the file cannot be written.
    """
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(_row(outcome) for outcome in outcomes)
    write_atomic(path, text.getvalue())


def summary_table(outcomes: Sequence[Outcome]) -> Table:
    """Return a row a video with the totals below; of many videos only those with an error."""
    shown = outcomes if len(outcomes) <= _MOST_ROWS else [one for one in outcomes if one.error]
    counts = Counter(one.status for one in outcomes)
    totals = ", ".join(f"{counts[status]} {status.value}" for status in Status if counts[status])
    frames = sum(one.frames for one in outcomes)
    weights = [one.frames * one.targets for one in outcomes]
    table = Table(show_footer=True, caption=_errors(outcomes), caption_justify="left")
    table.add_column("video", totals or "nothing done", overflow="fold")
    table.add_column("status", no_wrap=True)
    table.add_column("frames", str(frames), justify="right", no_wrap=True)
    for state in ("tracking", "occluded", "lost"):
        total = sum(weight * getattr(one, state) for weight, one in zip(weights, outcomes, strict=True))
        table.add_column(state, f"{total / max(sum(weights), 1):.1%}", justify="right", no_wrap=True)
    table.add_column("fps", justify="right", no_wrap=True)
    for one in shown:
        shares = [f"{share:.1%}" for share in (one.tracking, one.occluded, one.lost)]
        style = "red" if one.status is Status.FAILED else "yellow" if one.error else ""
        table.add_row(Text(one.source, style=style), one.status.value, str(one.frames), *shares, f"{one.fps:.0f}")
    return table


def _row(outcome: Outcome) -> dict[str, object]:
    digits = {"tracking": 4, "occluded": 4, "lost": 4, "seconds": 3, "fps": 1}
    values = outcome.model_dump(mode="json") | {"fps": outcome.fps}
    return {name: round(values[name], digits[name]) if name in digits else values[name] for name in COLUMNS}


def _errors(outcomes: Sequence[Outcome]) -> Text | None:
    errors = [f"{one.source}: {one.error}" for one in outcomes if one.error]
    return Text("\n".join(errors)) if errors else None
