"""A run over many videos."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path

from tracker.batch.content import check_source, place_of
from tracker.batch.engines import Engine, Local
from tracker.batch.jobs import Job, names_of
from tracker.batch.record import Outcome, settings_hash
from tracker.batch.work import Task
from tracker.config.reader import load_config, to_yaml
from tracker.config.settings import TrackerConfig
from tracker.errors import OutputError
from tracker.files import put_file, reason, remove_parts


def run(
    jobs: Iterable[Job],
    out: str | os.PathLike[str],
    config: str | Path | TrackerConfig | None = None,
    *,
    backend: Engine | None = None,
    again: bool = False,
    on_outcome: Callable[[Outcome], None] | None = None,
) -> list[Outcome]:
    """Follow targets through many videos; what was done before and has not changed is kept.

    Every video gets three files in `out`: NAME.csv with the rows, NAME.log, and NAME.json, which vouches for the rows:
    they are kept as long as the content of the video, its targets, the settings and the version of this program are
    those in it. A file is there whole or not at all, whenever the run is killed.

    Args:
        jobs: the videos with their targets.
        out: folder of the results, made where it is missing.
        config: a preset's name, a path to a YAML file, or settings; None for the default preset.
        backend: where the work is done; None for as many processes as there are processors.
        again: do also what is done, and replace files of these names that are not from a batch.
        on_outcome: called in this process as each video ends, in any order.

    Returns:
        What became of each job, in the order of the jobs. A video that fails is a failed outcome, no exception.

    Raises:
        ConfigError: no jobs, or one that cannot be worked on; unknown settings; workers that cannot be used.
        OutputError: the folder cannot be written.
        KeyboardInterrupt: as it came; what was done is kept.
    """
    jobs = list(jobs)
    names = names_of(jobs)
    for job in jobs:
        check_source(job.source)
    settings = load_config(config)
    folder = _folder(Path(out).expanduser())
    put_file(folder / f"settings-{settings_hash(settings)}.yaml", to_yaml(settings))
    engine = Local() if backend is None else backend
    this = uuid.uuid4().hex
    tasks = [
        Task(job, place_of(job.source), name, str(folder), settings, this, again=again)
        for job, name in zip(jobs, names, strict=True)
    ]
    done: dict[str, Outcome] = {}
    _clean(folder, names)
    try:
        for outcome in engine.do(tasks):
            done[outcome.source] = outcome
            if on_outcome is not None:
                on_outcome(outcome)
    finally:
        _clean(folder, names)
    return [done[job.source] for job in jobs]


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder {path}: {reason(error)}; choose another one") from error
    return path.resolve()


def _clean(folder: Path, names: Iterable[str]) -> None:
    """Remove what workers left that were killed."""
    files = {f"{name}{suffix}" for name in names for suffix in (".csv", ".json", ".log")}
    remove_parts(folder, files)
    for name in names:
        (folder / f".{name}.tries").unlink(missing_ok=True)
